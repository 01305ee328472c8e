import { cooldown, defineBot, flow } from "@roomz/roomz/bot";
import { testBot, type TestDevice, type TestRoom } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";

const helper = defineBot({
  name: "helper",
  commands: {
    "ping": "pong",
    "last": "the last one",
    "todo done <n:int>": "Done.",
  },
});

const NOTHING = 'There is no command "xyzzy". !help lists the commands.';

/** A room in which another bot is, and what its owner says from a phone. */
async function sharedRoom(): Promise<{ room: TestRoom; phone: TestDevice }> {
  const room = await testBot(helper);
  room.device("other bot");
  return { room, phone: room.device("phone") };
}

Deno.test("the only bot answers at once what it does not know", async () => {
  await using room = await testBot(helper);
  const phone = room.device("phone");
  assertEquals(await phone.say("!xyzzy"), [NOTHING]);
  assertEquals(await phone.say("!help xyzzy"), ['There is no command "xyzzy".']);
});

Deno.test("where another bot may be, a word that is nobody's is answered after a while", async () => {
  const { room, phone } = await sharedRoom();
  await using _ = room;
  assertEquals(await phone.say("!xyzzy"), []);
  assertEquals(await room.advance(1_499), []);
  assertEquals(await room.advance(501), [
    'I have no command "xyzzy". !help lists the commands.',
  ]);
});

Deno.test("a near miss is answered sooner, so that the bot that knows better is the one", async () => {
  const { room, phone } = await sharedRoom();
  await using _ = room;
  for (const line of ["!pnig", "!todo", "!help pnig"]) {
    assertEquals(await phone.say(line), []);
    assertEquals(await room.advance(499), []);
    assertEquals((await room.advance(251)).length, 1, room.transcript);
  }
  const [first] = room.answers;
  assertEquals(first, 'I have no command "pnig". Did you mean !ping? !help lists the commands.');
});

Deno.test("what another bot answers is left to it, though the word is nearly one's own", async () => {
  const { room, phone } = await sharedRoom();
  await using _ = room;
  for (const line of ["!list", "!xyzzy", "!help list", "!todo list"]) {
    await phone.say(line);
    await room.device("other bot").say("1. milk");
    assertEquals(await room.advance(10_000), [], line);
  }
});

Deno.test("what its sender says next answers nothing, and waits for nothing", async () => {
  const { room, phone } = await sharedRoom();
  await using _ = room;
  await phone.say("!xyzzy");
  assertEquals(await phone.say("!ping"), ["pong"]);
  assertEquals(await room.advance(2_000), [
    'I have no command "xyzzy". !help lists the commands.',
  ]);
});

Deno.test("a bot that nobody was faster than answers, whatever its sender has it do meanwhile", async () => {
  const bot = defineBot({
    name: "helper",
    commands: {
      "work": ({ clock }) => new Promise<void>((done) => void clock.schedule(done, 60_000)),
    },
  });
  await using room = await testBot(bot);
  room.device("other bot");
  const phone = room.device("phone");
  await phone.say("!wokr");
  await phone.say("!work");
  assertEquals((await room.advance(750)).length, 1);
});

Deno.test("an answer that comes before the bot has got to the message counts", async () => {
  const slow = defineBot({
    name: "helper",
    commands: {
      "work": async ({ clock }) => {
        await new Promise<void>((done) => clock.schedule(done, 60_000));
      },
    },
  });
  await using room = await testBot(slow);
  const other = room.device("other bot");
  const phone = room.device("phone");
  await phone.say("!work");
  await phone.say("!list");
  await other.say("1. milk");
  assertEquals(await room.advance(100_000), []);
});

Deno.test("help is headed by the bot's name, and so calls no command of another bot", async () => {
  await using room = await testBot(helper);
  await using other = await room.addBot(defineBot({ name: "other", commands: { "ping": "pong" } }));
  const phone = room.device("phone");
  await phone.say("!help ping");
  assertEquals(room.answers, ["helper:\n!ping"]);
  await phone.say("!help");
  assertEquals(room.answers.at(-1)?.split("\n").slice(0, 2), ["helper:", "!ping"]);
  assertEquals(other.answers.map((text) => text.split("\n")[0]), ["other:", "other:"]);
});

Deno.test("by its name a bot is called whoever else is there: it answers at once", async () => {
  const { room, phone } = await sharedRoom();
  await using _ = room;
  assertEquals(await phone.say("@helper xyzzy"), [NOTHING]);
  assertEquals(await phone.say("@helper help xyzzy"), ['There is no command "xyzzy".']);
  assertEquals((await phone.say(`@helper ${"x".repeat(1_000)}`)).length, 1);
});

Deno.test("a message that was cut is another bot's as well, unless it calls a command", async () => {
  const { room, phone } = await sharedRoom();
  await using _ = room;
  assertEquals(await phone.say(`!list ${"x".repeat(1_000)}`), []);
  await room.device("other bot").say("That is too long.");
  assertEquals(await room.advance(10_000), []);
  assertEquals((await phone.say(`!todo done ${"x".repeat(1_000)}`)).length, 1);
});

Deno.test("a bot that is alone again answers at once again", async () => {
  const { room, phone } = await sharedRoom();
  await using _ = room;
  await room.device("other bot").leave();
  assertEquals(await phone.say("!xyzzy"), [NOTHING]);
});

Deno.test("a device that changes its name is still the only one", async () => {
  await using room = await testBot(helper);
  const phone = room.device(null);
  await phone.say("Hello.");
  await phone.rename("phone");
  assertEquals(await phone.say("!xyzzy"), [NOTHING]);
});

Deno.test("what may be the bot's own is nobody else's", async () => {
  await using room = await testBot(helper);
  const phone = room.device("phone");
  room.loseAcknowledgement();
  await phone.say("!ping");
  await room.advance(10_000);
  assertEquals(await phone.say("!xyzzy"), [NOTHING], room.transcript);
});

Deno.test("a bot that came last finds out that it is not alone when it hears two others", async () => {
  const { room, phone } = await sharedRoom();
  await using _ = room;
  room.crash();
  await room.restart();
  assertEquals(await phone.say("!xyzzy"), [NOTHING]);
  await room.device("other bot").say("Hello.");
  assertEquals(await phone.say("!xyzzy"), []);
});

Deno.test("what is another bot's counts neither for the cooldown nor as calling too often", async () => {
  const bot = defineBot({
    name: "helper",
    use: [cooldown({ limit: 2, window: "1h" })],
    commands: { "ping": "pong" },
  });
  await using room = await testBot(bot, { loopGuard: { limit: 5, window: 10_000 } });
  const other = room.device("other bot");
  const phone = room.device("phone");
  for (let n = 0; n < 20; n++) {
    await phone.say("!list");
    await other.say("1. milk");
    await room.advance(100);
  }
  assertEquals(await phone.say("!ping"), ["pong"]);
  assertEquals(await phone.say("!ping"), ["pong"]);
  assertEquals(room.answers, ["pong", "pong"]);
});

Deno.test("a bot that stops leaves the rest to the others", async () => {
  const { room, phone } = await sharedRoom();
  await phone.say("!xyzzy");
  await room.stop();
  assertEquals(room.answers, []);
  await room[Symbol.asyncDispose]();
});

Deno.test("what a flow waits for is its answer, whatever it starts with", async () => {
  const bot = defineBot({
    name: "helper",
    flows: {
      f: flow({
        version: 1,
        state: () => ({ said: "" }),
        steps: { "a": { ask: "?", next: ({ state, answer }) => void (state.said = answer) } },
        done: ({ state }) => `You said ${state.said}.`,
      }),
    },
    commands: { "go": ({ startFlow }) => startFlow("f") },
  });
  await using room = await testBot(bot);
  room.device("other bot");
  const phone = room.device("phone");
  await phone.say("!go");
  assertEquals(await phone.say("!xyzzy"), ["You said !xyzzy."]);
  assertEquals(await phone.say("!xyzzy"), []);
  assertEquals((await room.advance(2_000)).length, 1);
});

Deno.test("of two bots in one room, one answers a word that neither has", async () => {
  await using room = await testBot(helper);
  await using todos = await room.addBot(
    defineBot({ name: "todo", commands: { "list": "1. milk" } }),
  );
  const phone = room.device("phone");
  const answersTo = async (line: string): Promise<readonly string[]> => {
    const before = phone.heard.length;
    await phone.say(line);
    await room.advance(3_000);
    return phone.heard.slice(before);
  };
  assertEquals(await answersTo("!list"), ["1. milk"]);
  assertEquals(await answersTo("!ping"), ["pong"]);
  assertEquals(await answersTo("!lits"), [
    'I have no command "lits". Did you mean !list? !help lists the commands.',
  ]);
  assertEquals(await answersTo("!xyzzy"), ['I have no command "xyzzy". !help lists the commands.']);
  assertEquals(todos.answers[0], "1. milk");
  assertEquals(todos.answers[1], phone.heard[2], "the hint is of the bot that has the command");
});

Deno.test("what may have been answered while the connection was gone is not answered", async () => {
  const { room, phone } = await sharedRoom();
  await using _ = room;
  await phone.say("!xyzzy");
  await room.disconnect();
  await room.reconnect();
  assertEquals(await room.advance(10_000), []);
  assertEquals(room.log.filter(({ level }) => level === "error"), []);
  await phone.say("!xyzzy");
  assertEquals((await room.advance(2_000)).length, 1, room.transcript);
});
