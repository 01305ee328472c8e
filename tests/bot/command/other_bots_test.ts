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

/** A room with another bot, and a phone. */
async function sharedRoom(): Promise<{ room: TestRoom; phone: TestDevice }> {
  const room = await testBot(helper);
  room.device("other bot");
  return { room, phone: room.device("phone") };
}

Deno.test("a bot alone with a device replies to an unknown command at once", async () => {
  await using room = await testBot(helper);
  const phone = room.device("phone");
  assertEquals(await phone.say("!xyzzy"), [NOTHING]);
  assertEquals(await phone.say("!help xyzzy"), ['There is no command "xyzzy".']);
});

Deno.test("with other bots around, an unknown command gets a delayed reply", async () => {
  const { room, phone } = await sharedRoom();
  await using _ = room;
  assertEquals(await phone.say("!xyzzy"), []);
  assertEquals(await room.advance(1_499), []);
  assertEquals(await room.advance(501), [
    'I have no command "xyzzy". !help lists the commands.',
  ]);
});

Deno.test("a bot with a suggestion replies sooner", async () => {
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

Deno.test("a bot stays silent after another one's reply, even if it has a suggestion", async () => {
  const { room, phone } = await sharedRoom();
  await using _ = room;
  for (const line of ["!list", "!xyzzy", "!help list", "!todo list"]) {
    await phone.say(line);
    await room.device("other bot").say("1. milk");
    assertEquals(await room.advance(10_000), [], line);
  }
});

Deno.test("the sender's next message neither counts as a reply nor waits", async () => {
  const { room, phone } = await sharedRoom();
  await using _ = room;
  await phone.say("!xyzzy");
  assertEquals(await phone.say("!ping"), ["pong"]);
  assertEquals(await room.advance(2_000), [
    'I have no command "xyzzy". !help lists the commands.',
  ]);
});

Deno.test("a delayed reply does not wait for the sender's next command", async () => {
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

Deno.test("a reply that arrives while the message is still queued counts", async () => {
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

Deno.test("with other bots around, help starts with the bot's name, so it calls no command", async () => {
  await using room = await testBot(helper);
  await using other = await room.addBot(defineBot({ name: "other", commands: { "ping": "pong" } }));
  const phone = room.device("phone");
  await phone.say("!help ping");
  assertEquals(room.answers, ["helper:\n!ping"]);
  await phone.say("!help");
  assertEquals(room.answers.at(-1)?.split("\n").slice(0, 2), ["helper:", "!ping"]);
  assertEquals(other.answers.map((text) => text.split("\n")[0]), ["other:", "other:"]);
});

Deno.test("a bot addressed by name replies at once", async () => {
  const { room, phone } = await sharedRoom();
  await using _ = room;
  assertEquals(await phone.say("@helper xyzzy"), [NOTHING]);
  assertEquals(await phone.say("@helper help xyzzy"), ['There is no command "xyzzy".']);
  assertEquals((await phone.say(`@helper ${"x".repeat(1_000)}`)).length, 1);
});

Deno.test("a truncated message may be another bot's, unless it calls a command", async () => {
  const { room, phone } = await sharedRoom();
  await using _ = room;
  assertEquals(await phone.say(`!list ${"x".repeat(1_000)}`), []);
  await room.device("other bot").say("That is too long.");
  assertEquals(await room.advance(10_000), []);
  assertEquals((await phone.say(`!todo done ${"x".repeat(1_000)}`)).length, 1);
});

Deno.test("a bot that is alone again replies at once", async () => {
  const { room, phone } = await sharedRoom();
  await using _ = room;
  await room.device("other bot").leave();
  assertEquals(await phone.say("!xyzzy"), [NOTHING]);
});

Deno.test("a device that changes its name counts as one device", async () => {
  await using room = await testBot(helper);
  const phone = room.device(null);
  await phone.say("Hello.");
  await phone.rename("phone");
  assertEquals(await phone.say("!xyzzy"), [NOTHING]);
});

Deno.test("messages that may be the bot's own do not count as another device's", async () => {
  await using room = await testBot(helper);
  const phone = room.device("phone");
  room.loseAcknowledgement();
  await phone.say("!ping");
  await room.advance(10_000);
  assertEquals(await phone.say("!xyzzy"), [NOTHING], room.transcript);
});

Deno.test("a bot that joined last detects others when it sees messages from two devices", async () => {
  const { room, phone } = await sharedRoom();
  await using _ = room;
  room.crash();
  await room.restart();
  assertEquals(await phone.say("!xyzzy"), [NOTHING]);
  await room.device("other bot").say("Hello.");
  assertEquals(await phone.say("!xyzzy"), []);
});

Deno.test("commands of another bot count neither for cooldown nor for the loop guard", async () => {
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

Deno.test("a bot that stops cancels its delayed replies", async () => {
  const { room, phone } = await sharedRoom();
  await phone.say("!xyzzy");
  await room.stop();
  assertEquals(room.answers, []);
  await room[Symbol.asyncDispose]();
});

Deno.test("an unknown command is left to others even if a flow waits for an answer", async () => {
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
  assertEquals(await phone.say("!xyzzy"), []);
  assertEquals((await room.advance(2_000)).length, 1);
  assertEquals(await phone.say("xyzzy"), ["You said xyzzy."]);
});

Deno.test("of two bots, only one replies to a command that neither has", async () => {
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
  assertEquals(
    todos.answers[1],
    phone.heard[2],
    "the suggestion comes from the bot that has the command",
  );
});

Deno.test("after a lost connection, delayed replies are cancelled", async () => {
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
