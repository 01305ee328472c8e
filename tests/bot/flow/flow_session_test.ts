import {
  BotDefinitionError,
  defineBot,
  defineGroup,
  flow,
  type SessionDefinition,
} from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals, assertThrows } from "@std/assert";

interface Guests {
  names: string[];
}
const session: SessionDefinition<Guests> = { initial: () => ({ names: [] }) };

const signup = flow({
  version: 1,
  session,
  state: () => ({ name: "" }),
  steps: {
    "name": {
      ask: (_, { session }) => `Number ${session.names.length + 1}, who are you?`,
      next({ state, answer, session }) {
        if (session.names.includes(answer)) return { again: `There is a ${answer} already.` };
        state.name = answer;
      },
    },
    "save": { run: ({ state, session }) => void session.names.push(state.name) },
  },
  done: ({ session }) => `Welcome, ${session.names.at(-1)}.`,
});

const bot = defineBot({
  name: "registrar",
  session,
  flows: { signup },
  commands: {
    "join": ({ startFlow }) => startFlow("signup"),
    "who": ({ session }) => session.names.join(", ") || "Nobody.",
  },
});

Deno.test("steps read and change the bot's session", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  assertEquals(await phone.say("!join"), ["Number 1, who are you? (text) [n6a]"]);
  assertEquals(await phone.say("Ada"), ["Welcome, Ada."]);
  assertEquals(await phone.say("!who"), ["Ada"]);
  assertEquals(await phone.say("!join"), ["Number 2, who are you? (text) [n6a]"]);
  assertEquals(await phone.say("Ada"), ["There is a Ada already."]);
  assertEquals(await phone.say("!join"), [
    'You are in the middle of "signup". Say "cancel" to end it.',
    "Number 2, who are you? (text) [n6a]",
  ]);
  assertEquals(await phone.say("Bob"), ["Welcome, Bob."]);
});

Deno.test("if killed at any point, a flow changes the session at least once", async () => {
  const counts = new Set<number>();
  for (let steps = 0, finished = false; !finished; steps++) {
    await using room = await testBot(bot);
    const phone = room.device("phone");
    await phone.say("!join");
    room.crashAfter(steps);
    await phone.say("Ada");
    finished = room.running;
    room.crashAfter(Infinity);
    if (!finished) await room.restart();
    if (!phone.heard.some((text) => text.startsWith("Welcome"))) await phone.say("Ada");
    const [who] = await phone.say("!who");
    counts.add(who?.split(", ").length ?? 0);
    assertEquals(new Set(who?.split(", ")), new Set(["Ada"]), room.transcript);
  }
  // Twice if the bot was killed after it stored the session, but before the progress.
  assertEquals(counts, new Set([1, 2]));
});

Deno.test("ask and next cannot change the session", async () => {
  const sneaky = (step: "ask" | "next") =>
    flow({
      version: 1,
      session,
      state: () => ({}),
      steps: {
        "a": {
          ask: (_, { session }) => {
            if (step === "ask") Object.assign(session, { names: ["eve"] });
            return "?";
          },
          next: ({ session }) => {
            if (step === "next") Object.assign(session, { names: ["eve"] });
          },
        },
      },
    });
  for (const step of ["ask", "next"] as const) {
    const bot = defineBot({
      name: "b",
      session,
      flows: { f: sneaky(step) },
      commands: {
        "go": ({ startFlow }) => startFlow("f"),
        "who": ({ session }) => session.names.join() || "Nobody.",
      },
    });
    await using room = await testBot(bot);
    const phone = room.device("phone");
    await phone.say("!go");
    await phone.say("x");
    assertEquals(await phone.say("!who"), ["Nobody."]);
    const [{ cause } = {}] = room.log.filter(({ level }) => level === "error");
    assertEquals(
      cause instanceof Error ? cause.message : cause,
      `${
        step === "ask" ? 'A question of the flow "f"' : 'The step "a" of the flow "f"'
      } changed the session, but can only read it. Change it in a step with "run", or in "done".`,
    );
  }
});

Deno.test("a step whose session changed in the meantime is repeated, and nothing is lost", async () => {
  const slow = flow({
    version: 1,
    session,
    state: () => ({}),
    steps: {
      "work": {
        async run({ session, clock }) {
          await new Promise<void>((done) => clock.schedule(done, 1_000));
          session.names.push("flow");
        },
      },
    },
    done: "Done.",
  });
  const bot = defineBot({
    name: "b",
    session,
    flows: { slow },
    commands: {
      "go": ({ startFlow }) => startFlow("slow"),
      "add": ({ session }) => `${session.names.push("command")}`,
      "who": ({ session }) => session.names.join(),
    },
  });
  await using room = await testBot(bot);
  const phone = room.device("phone");
  const laptop = room.device("laptop");
  await phone.say("!go");
  await laptop.say("!add");
  // The conflict is in the step, not in the handler that started the flow.
  const [reply] = await room.advance(1_000);
  assertEquals(reply?.startsWith("Another message changed the same data in the meantime"), true);
  await phone.say("go on");
  assertEquals(await room.advance(1_000), ["Done."]);
  assertEquals(await phone.say("!who"), ["command,flow"]);
});

Deno.test("a flow with another session than its bot is a definition error", () => {
  const define = () =>
    defineBot({
      name: "b",
      session: { initial: () => ({ names: [] as string[] }) },
      groups: [defineGroup({ flows: { signup } })],
    });
  assertEquals(
    assertThrows(define, BotDefinitionError).path,
    "groups[0].flows.signup.session",
  );
  assertThrows(() => defineBot({ name: "b", flows: { signup } }), BotDefinitionError);
});
