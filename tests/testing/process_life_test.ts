import { type BotStorage, defineBot, flow, MemoryStorage } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals, assertRejects } from "@std/assert";

const bot = defineBot({
  name: "counter",
  session: { initial: () => ({ count: 0 }), scope: "user" },
  commands: {
    "add": ({ session }) => `now ${++session.count}`,
    "count": ({ session }) => `${session.count}`,
    "later <time:duration>": async ({ args, clock, session }) => {
      await new Promise<void>((resolve) => clock.schedule(resolve, args.time));
      return `later ${++session.count}`;
    },
    "twice": async function* ({ session }) {
      session.count++;
      yield "one";
      yield "two";
    },
  },
});

Deno.test("after a crash, only the storage is left", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  await phone.say("!add");
  await phone.say("!later 1s");
  room.crash();
  assertEquals(room.running, false);
  assertEquals(await phone.say("!add"), []);
  assertEquals(await room.advance(5_000), []);
  await room.restart();
  assertEquals(await room.advance(5_000), [], "the timer ended with the process");
  assertEquals(await phone.say("!count"), ["1"]);
});

Deno.test("a killed handler has no more effects", async () => {
  const gate = Promise.withResolvers<void>();
  const storage = new MemoryStorage();
  let reached = "";
  const stubborn = defineBot({
    name: "stubborn",
    session: { initial: () => ({ count: 0 }) },
    commands: {
      "go": async ({ reply, updateSession, client }) => {
        await gate.promise;
        reached = "after the gate";
        void updateSession((session) => void session.count++);
        void client.setDisplayName("zombie");
        await reply("I live!");
        reached = "after the reply";
      },
    },
  });
  await using room = await testBot(stubborn, { storage });
  await room.device("phone").say("!go");
  room.crash();
  gate.resolve();
  await room.settled();
  assertEquals([reached, room.answers, storage.size], ["after the gate", [], 0]);
  assertEquals(room.log.filter(({ level }) => level === "error"), []);
});

Deno.test("a bot can be killed at any effect", async () => {
  const seen: string[] = [];
  for (let steps = 0; steps < 4; steps++) {
    await using room = await testBot(bot);
    const phone = room.device("phone");
    room.crashAfter(steps);
    const heard = await phone.say("!twice");
    const survived = room.running;
    if (survived) room.crashAfter(Infinity);
    else await room.restart();
    const [count] = await phone.say("!count");
    seen.push(`${steps}: ${heard.join("+")}, ${count} kept${survived ? "" : ", killed"}`);
  }
  // A stream saves the session at its end: two messages, then one write.
  assertEquals(seen, [
    "0: , 0 kept, killed",
    "1: one, 0 kept, killed",
    "2: one+two, 0 kept, killed",
    "3: one+two, 1 kept",
  ]);
});

Deno.test("crashAfter waits for the next effect, however late", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  room.crashAfter(1);
  assertEquals(await phone.say("!count"), ["0"]);
  await phone.say("nothing for the bot");
  assertEquals(room.running, true);
  assertEquals(await phone.say("!count"), []);
  assertEquals(room.running, false);
});

Deno.test("crashAfter does not affect the next process", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  room.crashAfter(0);
  await phone.say("!add");
  await room.restart();
  assertEquals([await phone.say("!add"), await phone.say("!add")], [["now 1"], ["now 2"]]);
});

Deno.test("restart works after stop, but not while the bot runs", async () => {
  await using room = await testBot(bot);
  await room.device("phone").say("!add");
  await assertRejects(
    () => room.restart(),
    Error,
    "The bot is running. Call stop() or crash() first.",
  );
  await room.stop();
  await room.restart();
  assertEquals(await room.device("phone").say("!count"), ["1"]);
});

Deno.test("the option storage replaces the room's storage", async () => {
  const storage: BotStorage = new MemoryStorage();
  for (const expected of ["now 1", "now 2"]) {
    await using room = await testBot(bot, { storage });
    assertEquals(await room.device("phone").say("!add"), [expected]);
    assertEquals(room.storage === storage, true);
  }
});

Deno.test("accounts share the storage, but not their sessions", async () => {
  await using room = await testBot(bot, { accounts: ["ann@example.com", "bob@example.com"] });
  const ann = room.device("phone", "ann@example.com");
  const bob = room.device("phone", "bob@example.com");
  await ann.say("!add");
  assertEquals([await ann.say("!count"), await bob.say("!count")], [["1"], ["0"]]);
  room.crash();
  await room.restart();
  assertEquals([await ann.say("!count"), await bob.say("!count")], [["1"], ["0"]]);
});

Deno.test("a flow finishes wherever its bot is killed", async () => {
  const signup = defineBot({
    name: "signup",
    commands: { "join": ({ startFlow }) => startFlow("signup") },
    flows: {
      signup: flow({
        version: 1,
        state: () => ({ name: "", age: 0 }),
        steps: {
          "name": { ask: "Your name?", next: ({ state, answer }) => void (state.name = answer) },
          "age:int": { ask: "Your age?", next: ({ state, answer }) => void (state.age = answer) },
        },
        done: ({ state }) => `${state.name}, ${state.age}`,
      }),
    },
  });
  const lines: Readonly<Record<string, string>> = {
    "Your name? (text) [n6a]": "Ann",
    "Your age? (whole number) [n6a]": "42",
  };
  let kills = 0;
  for (let steps = 0, killed = true; killed; steps++) {
    const storage = new MemoryStorage();
    await using room = await testBot(signup, { storage });
    const phone = room.device("phone");
    room.crashAfter(steps);
    killed = false;
    for (let line = "!join"; line !== ""; line = lines[phone.heard.at(-1) ?? ""] ?? "") {
      await phone.say(line);
      while (!room.running) {
        killed = true;
        await room.restart();
      }
      if (phone.heard.length === 0) await phone.say("!join");
    }
    if (killed) kills++;
    assertEquals([phone.heard.at(-1), storage.size], ["Ann, 42", 0], room.transcript);
  }
  assertEquals(kills > 5, true, `${kills} steps`);
});

Deno.test("stop resolves if the bot is killed before or while stopping", async () => {
  await using room = await testBot(bot);
  await room.device("phone").say("!later 1s");
  room.crashAfter(0);
  const stopped = room.stop();
  await room.advance(1_000);
  await stopped;
  assertEquals([room.running, room.answers], [false, []]);
  await room.stop();
});

Deno.test("reconnect fails for a killed bot", async () => {
  await using room = await testBot(bot);
  await room.disconnect();
  room.clock.schedule(() => room.crash(), 1);
  await assertRejects(() => room.reconnect(), Error, "(is killed)");
  await room.restart();
  assertEquals(await room.device("phone").say("!count"), ["0"]);
});
