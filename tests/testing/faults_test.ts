import { ConnectionError, defineBot, ReplyError } from "@roomz/roomz/bot";
import { testBot, type TestRoom } from "@roomz/roomz/testing";
import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";

const bot = defineBot({
  name: "echo",
  commands: {
    "say <text...>": ({ args }) => args.text,
    "later <time:duration> <text...>": async ({ args, clock }) => {
      await new Promise<void>((resolve) => clock.schedule(resolve, args.time));
      return args.text;
    },
  },
});

function problems(room: TestRoom): string[] {
  return room.log.filter(({ level }) => level === "warn" || level === "error")
    .map(({ text }) => text);
}

Deno.test("a message that is lost is not answered, and everyone else heard it", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  assertEquals(await phone.say("!say one", { copies: 0 }), []);
  assertEquals(await phone.say("!say two"), ["two"]);
});

Deno.test("a message that arrives twice is the same one, and a bot answers it once", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  room.hold();
  await phone.say("!say one", { copies: 2 });
  await phone.say("!say two");
  let arrived = 0;
  const answers = await room.release((held) => {
    arrived = held.length;
    return held;
  });
  assertEquals([arrived, answers], [3, ["one", "two"]]);
});

Deno.test("what is held back arrives in the order of the test, and no more is held", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  const laptop = room.device("laptop");
  room.hold();
  room.hold();
  assertEquals(await phone.say("!say one"), []);
  assertEquals(await laptop.say("!say two"), []);
  assertEquals(await room.release(), ["one", "two"]);
  assertEquals(await phone.say("!say three"), ["three"]);
  assertEquals(await room.release(), [], "nothing is held back");

  room.hold();
  for (const [device, text] of [[phone, "a"], [laptop, "b"], [phone, "c"]] as const) {
    await device.say(`!say ${text}`);
  }
  assertEquals(await room.release((held) => held.toReversed().slice(0, 2)), ["c", "b"]);
});

Deno.test("a bot without connection hears nothing, comes back by itself, and keeps its name", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  await room.disconnect();
  assertEquals(await phone.say("!say lost"), []);
  await room.reconnect();
  assertEquals(await phone.say("!say found"), ["found"]);
  assertEquals(room.transcript.split("\n").at(-1), "0.500s  echo   found");
});

Deno.test("an answer without connection is not said, and the log tells why", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  await phone.say("!later 1s hello");
  await room.disconnect();
  assertEquals(await room.advance(1_000), []);
  const failed = room.log.find(({ level }) => level === "error");
  assertInstanceOf(failed?.cause, ConnectionError);
});

Deno.test("a bot whose connection stays away gives up as its client's options say", async () => {
  await using room = await testBot(bot, { maxReconnectAttempts: 2 });
  await room.disconnect();
  await room.advance(10_000);
  assertEquals(room.running, false);
  assertEquals(problems(room).at(-1), "echo: stopped with an error");
  await assertRejects(() => room.reconnect(), Error, "The bot is not running");
});

Deno.test("a connection that returns too late for the bot is told with the whole story", async () => {
  const accounts = ["ann@example.com", "bob@example.com"] as const;
  await using room = await testBot(bot, { accounts, maxReconnectAttempts: 1 });
  await room.disconnect("bob@example.com");
  await room.advance(10_000);
  assertEquals(room.running, false, "not in every channel");
  assertEquals(await room.device("phone").say("!say still here"), ["still here"]);
  await assertRejects(() => room.reconnect("bob@example.com"), Error, "still here");
});

Deno.test("a lost acknowledgement is told after its time, and leaves the bot in doubt until then", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  room.loseAcknowledgement();
  assertEquals(await phone.say("!say one"), ["one"], "it was said all the same");
  assertEquals(await room.device("laptop").say("!say two"), [], "that may be the bot's own");
  assertEquals(await room.advance(4_999), []);
  assert(problems(room).some((text) => text.includes("it may be the bot's own")), room.transcript);
  await room.advance(1);
  const failed = room.log.find(({ level }) => level === "error");
  assertInstanceOf(failed?.cause, ReplyError);
  assertEquals([failed.cause.result.code, failed.cause.result.delivery], [408, "unknown"]);
  assertEquals(await phone.say("!say three"), ["three"]);
});

Deno.test("acknowledgements of the bot are lost one for each call", async () => {
  await using room = await testBot(bot, { ackTimeout: 100 });
  const phone = room.device("phone");
  room.loseAcknowledgement();
  room.loseAcknowledgement();
  await phone.say("!say one");
  // The bot's answer that tells of the failure is the second.
  await room.advance(100);
  await room.advance(100);
  assertEquals(room.log.filter(({ level }) => level === "error").length, 2, room.transcript);
});

Deno.test("a display name that a server refuses is refused", async () => {
  const renamer = defineBot({
    name: "renamer",
    commands: {
      "name <text...>": async ({ args, client }) => {
        const result = await client.setDisplayName(args.text);
        return result.status === "ok" ? `I am ${result.display_name}` : `${result.code}`;
      },
    },
  });
  await using room = await testBot(renamer);
  const phone = room.device("phone");
  assertEquals(await phone.say("!name a\u0001b"), ["400"]);
  assertEquals(await phone.say(`!name ${"x".repeat(51)}`), ["400"]);
  assertEquals(await phone.say("!name <Ann>"), ["I am <Ann>"]);
});

Deno.test("what a real client would not send is not sent", async () => {
  const long = defineBot({
    name: "long",
    commands: {
      "all": async ({ client }) => {
        const result = await client.send("x".repeat(1_001));
        return result.status === "ok" ? "sent" : result.delivery;
      },
      "empty": async ({ client }) => {
        const result = await client.send("");
        return result.status === "ok" ? "sent" : `${result.code} ${result.delivery}`;
      },
    },
  });
  await using room = await testBot(long);
  assertEquals(await room.device("phone").say("!all"), ["not_sent"]);
  assertEquals(await room.device("phone").say("!empty"), ["400 rejected"]);
});
