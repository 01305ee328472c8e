import {
  type Bot,
  defineBot,
  defineGroup,
  type Schedule,
  type SessionDefinition,
} from "@roomz/roomz/bot";
import { refused } from "../support/refused.ts";
import { holds, type Same, typed } from "../support/types.ts";

Deno.test("a schedule's handler has a typed session and no message", () => {
  const bot = defineBot({
    name: "x",
    schedule: {
      a: {
        every: "5m",
        run: ({ due, session, updateSession, device }) => {
          typed<Date>()(due);
          typed<string[]>()(session.todos);
          typed<string | null>()(device);
          return updateSession(({ todos }) => void todos.pop()).then(({ todos }) => todos.join());
        },
      },
      b: { cron: "0 9 * * *", run: "Good morning" },
      c: {
        cron: "0 9 * * *",
        timeZone: "Europe/Brussels",
        missed: "once",
        async *run({ due }) {
          yield await Promise.resolve(due.toISOString());
        },
      },
    },
    session: { initial: () => ({ todos: [] as string[] }) },
  });
  holds<Same<typeof bot, Bot>>();
});

Deno.test("a group's schedules have the group's session, or none", () => {
  const session: SessionDefinition<{ n: number }> = { initial: () => ({ n: 0 }) };
  defineGroup({
    schedule: { a: { every: "1h", run: ({ session }) => typed<{ n: number }>()(session) } },
    session,
  });
  defineGroup({
    schedule: {
      a: {
        every: "1h",
        run: (ctx) => {
          typed<Date>()(ctx.due);
          // @ts-expect-error: this group has no session
          ctx.session;
        },
      },
    },
  });
});

Deno.test("invalid schedules do not compile", () => {
  // @ts-expect-error: no session is declared
  defineBot({ name: "x", schedule: { a: { every: "1m", run: ({ session }) => `${session}` } } });
  // @ts-expect-error: a schedule has no message
  defineBot({ name: "x", schedule: { a: { every: "1m", run: ({ message }) => `${message}` } } });
  // @ts-expect-error: a number is not a reply
  defineBot({ name: "x", schedule: { a: { every: "1m", run: () => 1 } } });
  // @ts-expect-error: run is missing
  refused(() => defineBot({ name: "x", schedule: { a: { every: "1m" } } }));
  // @ts-expect-error: missed is "skip" or "once"
  const twice: Schedule = { every: "1m", missed: "twice", run: "" };
  refused(() => defineBot({ name: "x", schedule: { twice } }));
  // @ts-expect-error: either cron or every
  const both: Schedule = { every: "1m", cron: "0 9 * * *", run: "" };
  refused(() => defineBot({ name: "x", schedule: { both } }));
  // @ts-expect-error: a Date is not a duration
  refused(() => defineBot({ name: "x", schedule: { a: { every: new Date(), run: "" } } }));
});
