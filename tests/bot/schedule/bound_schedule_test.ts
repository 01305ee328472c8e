import {
  BotDefinitionError,
  defineBot,
  defineGroup,
  type Schedule,
  type SessionDefinition,
} from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals, assertThrows } from "@std/assert";

Deno.test("a group's schedules have its session and catch", async () => {
  const session: SessionDefinition<{ days: number }> = { initial: () => ({ days: 0 }) };
  const group = defineGroup({
    session,
    schedule: {
      count: { every: "1d", run: ({ session }) => `Day ${++session.days}` },
      fail: {
        every: "12h",
        run: () => {
          throw new Error("boom");
        },
      },
    },
    catch: () => "The group is out of order.",
  });
  const bot = defineBot({
    name: "helper",
    session,
    groups: [{ groups: [group] }],
    schedule: { own: { every: "1d", run: ({ session }) => `The bot has ${session.days}` } },
    catch: () => "The bot is out of order.",
  });
  await using room = await testBot(bot, { startTime: "2026-01-01T06:00:00Z" });
  assertEquals(await room.advanceTo("2026-01-01T12:00:00Z"), ["The group is out of order."]);
  const said = await room.advanceTo("2026-01-02T00:00:00Z");
  assertEquals(said.toSorted(), ["Day 1", "The bot has 0", "The group is out of order."]);
});

Deno.test("a group's schedule makes up for a missed tick", async () => {
  const group = defineGroup({
    schedule: {
      daily: { cron: "0 9 * * *", missed: "once", run: ({ due }) => due.toISOString() },
    },
  });
  const bot = defineBot({ name: "helper", groups: [group] });
  await using room = await testBot(bot, { startTime: "2026-01-01T08:00:00Z" });
  await room.stop();
  await room.advance(3 * 86_400_000);
  await room.restart();
  assertEquals(room.answers, ["2026-01-01T09:00:00.000Z"]);
});

const schedule = { tick: { every: "1h", run: "tick" } };
Deno.test("two schedules with the same name are an error with the path of the second", () => {
  const define = () =>
    defineBot({ name: "b", schedule, groups: [{}, { groups: [defineGroup({ schedule })] }] });
  assertEquals(
    assertThrows(define, BotDefinitionError).message,
    "There is already a schedule with this name. Rename one of them.\n  in groups[1].groups[0].schedule.tick",
  );
});

Deno.test("an invalid schedule of a group is an error with its path", () => {
  const define = () =>
    defineBot({
      name: "b",
      groups: [defineGroup({ schedule: { a: { cron: "0 25 * * *", run: "" } } })],
    });
  assertEquals(assertThrows(define, BotDefinitionError).path, "groups[0].schedule.a.cron");
});

Deno.test("an invalid schedule is a definition error", () => {
  const wrong: readonly [Schedule, string][] = [
    [
      { cron: "0 25 * * *", run: "" },
      '"25" is not a valid hour. It must be from 0 to 23.\n  in schedule.x.cron',
    ],
    [{ cron: "0 9 * * *", timeZone: "Europe/Brussel", run: "" }, "schedule.x.timeZone"],
    [{ every: "now and then", run: "" }, "schedule.x.every"],
    [{ every: 999, run: "" }, "`every` must be at least 1s."],
  ];
  for (const [schedule, problem] of wrong) {
    assertThrows(
      () => defineBot({ name: "helper", schedule: { x: schedule } }),
      BotDefinitionError,
      problem,
    );
  }
});
