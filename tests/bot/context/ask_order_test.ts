/**
 * The order of a device's handlers while a question waits for its answer.
 * @module
 */
import { defineBot } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";

Deno.test("while a question waits, the device's other messages are handled; afterwards order is restored", async () => {
  const bot = defineBot({
    name: "asker",
    commands: {
      "ask": async function* ({ ask, clock }) {
        const answer = await ask("What?");
        yield `got ${answer}`;
        await new Promise<void>((resolve) => clock.schedule(resolve, 2_000));
        yield `done ${answer}`;
      },
      "work <name>": async function* ({ args, clock }) {
        yield `${args.name} begins`;
        await new Promise<void>((resolve) => clock.schedule(resolve, 1_000));
        yield `${args.name} ends`;
      },
    },
  });
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!ask"), ["What? (text) [n6a]"]);
  assertEquals(await laptop.say("!work a"), ["a begins"]);
  assertEquals(await laptop.say("yes"), [], "a has the turn");
  assertEquals(await laptop.say("!work b"), []);
  assertEquals(await room.advance(1_000), ["a ends", "got yes"]);
  assertEquals(await room.advance(1_999), [], "b waits for the rest of ask");
  assertEquals(await room.advance(1), ["done yes", "b begins"]);
  assertEquals(await room.advance(1_000), ["b ends"]);
});

Deno.test("of two questions to a device, the handle says which is answered", async () => {
  const bot = defineBot({
    name: "asker",
    commands: {
      "ask <what>": async ({ args, ask }) => `${args.what} is ${await ask(`${args.what}?`)}`,
      "both": async ({ ask }) => (await Promise.all([ask("x?"), ask("y?")])).join(" and "),
    },
  });
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!ask a"), ["a? (text) [n6a]"]);
  assertEquals(await laptop.say("!ask b"), ["b? (text) [n6b]"]);
  assertEquals(await laptop.say("1"), [
    "Several questions are open. Start your answer with its handle, as in: n6a your answer\n" +
    "[n6a] a?\n[n6b] b?",
  ]);
  assertEquals(await laptop.say("n6b 1"), ["b is 1"]);
  assertEquals(await laptop.say("2"), ["a is 2"]);
  assertEquals(await laptop.say("!both"), ["x? (text) [n6a]", "y? (text) [n6b]"]);
  assertEquals(await laptop.say("Y [n6b]"), []);
  assertEquals(await laptop.say("X"), ["X and Y"]);
  assertEquals(await laptop.say("!ask c"), ["c? (text) [n6a]"]);
  assertEquals(await laptop.say("3"), ["c is 3"], "nothing blocks the queue");
});

Deno.test("a question that its handler abandoned does not block the queue", async () => {
  const bot = defineBot({
    name: "asker",
    commands: {
      "race": async ({ ask, clock }) => {
        const late = new Promise<string>((done) =>
          void clock.schedule(() => done("no one"), 1_000)
        );
        return `Hello, ${await Promise.race([ask("Who?"), late])}.`;
      },
      "work": ({ clock }) =>
        new Promise<string>((done) => {
          clock.schedule(() => done("worked"), 2_000);
        }),
      "ping": "pong",
    },
  });
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!race"), ["Who? (text) [n6a]"]);
  assertEquals(await room.advance(1_000), ["Hello, no one."]);
  assertEquals(await laptop.say("Ada"), [], "an answer after the handler ended");
  assertEquals(await laptop.say("!ping"), ["pong"]);

  assertEquals(await laptop.say("!race"), ["Who? (text) [n6a]"]);
  await laptop.say("!work");
  assertEquals(await laptop.say("Ada"), [], "an answer whose turn comes after the handler ended");
  assertEquals(await room.advance(1_000), ["Hello, no one."]);
  assertEquals(await laptop.say("!ping"), [], "work has the turn");
  assertEquals(await room.advance(1_000), ["worked", "pong"]);
});

Deno.test("a handler that asks again while its answer waits for its turn is not overtaken", async () => {
  const bot = defineBot({
    name: "asker",
    commands: {
      "both": async function* ({ ask, clock }) {
        const second = new Promise<string>((done) => {
          clock.schedule(() => done(ask("And you?")), 1_000);
        });
        yield await ask("Who?");
        yield await second;
      },
      "work": ({ clock }) =>
        new Promise<string>((done) => {
          clock.schedule(() => done("worked"), 2_000);
        }),
      "ping": "pong",
    },
  });
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!both"), ["Who? (text) [n6a]"]);
  await laptop.say("!work");
  assertEquals(await laptop.say("Ada"), []);
  assertEquals(await room.advance(1_000), ["And you? (text) [n6a]"]);
  assertEquals(await laptop.say("!ping"), [], "work has the turn");
  const [first, ...others] = await room.advance(1_000);
  assertEquals([first, others.toSorted()], ["worked", ["Ada", "pong"]]);
  assertEquals(await laptop.say("Bob"), ["Bob"]);
});

Deno.test("only one handler per device works at a time, whatever is asked and answered", async () => {
  const running = new Map<string | null, number>();
  let most = 0;
  let answered = 0;
  const work = async (device: string | null, ticks: number) => {
    const now = (running.get(device) ?? 0) + 1;
    running.set(device, now);
    most = Math.max(most, now);
    for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
    running.set(device, now - 1);
  };
  const bot = defineBot({
    name: "asker",
    commands: {
      "work <ticks:int>": ({ args, device }) => work(device, args.ticks),
      "ask <ticks:int>": async ({ args, ask, device }) => {
        await work(device, args.ticks);
        const ticks = await ask("?", { type: "int" });
        answered++;
        await work(device, ticks);
      },
    },
  });
  const line = fc.record({
    device: fc.constantFrom("a", "b"),
    kind: fc.constantFrom("!work ", "!ask ", ""),
    ticks: fc.nat(30),
    pause: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 5, maxLength: 30 }), async (lines) => {
      await using room = await testBot(bot);
      for (const { device, kind, ticks, pause } of lines) {
        const saying = room.device(device).say(`${kind}${ticks}`);
        if (pause) await saying;
      }
    }),
    { seed: 11, numRuns: 3_000 },
  );
  assertEquals(most, 1);
  assert(answered > 900, `${answered} questions were answered`);
});
