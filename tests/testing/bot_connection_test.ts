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

Deno.test("a lost message gets no reply, but everyone else receives it", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  assertEquals(await phone.say("!say one", { copies: 0 }), []);
  assertEquals(await phone.say("!say two"), ["two"]);
});

Deno.test("a message that arrives twice has the same id, and is handled once", async () => {
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

Deno.test("held messages arrive in the order of the test, and later ones are not held", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  const laptop = room.device("laptop");
  room.hold();
  room.hold();
  assertEquals(await phone.say("!say one"), []);
  assertEquals(await laptop.say("!say two"), []);
  assertEquals(await room.release(), ["one", "two"]);
  assertEquals(await phone.say("!say three"), ["three"]);
  assertEquals(await room.release(), [], "no messages are held");

  room.hold();
  for (const [device, text] of [[phone, "a"], [laptop, "b"], [phone, "c"]] as const) {
    await device.say(`!say ${text}`);
  }
  assertEquals(await room.release((held) => held.toReversed().slice(0, 2)), ["c", "b"]);
});

Deno.test("a disconnected bot misses messages, reconnects by itself, and keeps its name", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  await room.disconnect();
  assertEquals(await phone.say("!say lost"), []);
  await room.reconnect();
  assertEquals(await phone.say("!say found"), ["found"]);
  assertEquals(room.transcript.split("\n").at(-1), "0.500s  echo   found");
});

Deno.test("a reply without a connection is not sent, and the log says why", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  await phone.say("!later 1s hello");
  await room.disconnect();
  assertEquals(await room.advance(1_000), []);
  const failed = room.log.find(({ level }) => level === "error");
  assertInstanceOf(failed?.cause, ConnectionError);
});

Deno.test("a bot gives up reconnecting as its client's options say", async () => {
  await using room = await testBot(bot, { maxReconnectAttempts: 2 });
  await room.disconnect();
  await room.advance(10_000);
  assertEquals(room.running, false);
  assertEquals(problems(room).at(-1), "echo: stopped with an error");
  await assertRejects(() => room.reconnect(), Error, "The bot is not running");
});

Deno.test("reconnect fails with the transcript if the bot has given up", async () => {
  const accounts = ["ann@example.com", "bob@example.com"] as const;
  await using room = await testBot(bot, { accounts, maxReconnectAttempts: 1 });
  await room.disconnect("bob@example.com");
  await room.advance(10_000);
  assertEquals(room.running, false, "not in every account");
  assertEquals(await room.device("phone").say("!say still here"), ["still here"]);
  await assertRejects(() => room.reconnect("bob@example.com"), Error, "still here");
});

Deno.test("a lost acknowledgement fails the send after a timeout, and blocks messages until then", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  room.loseAcknowledgement();
  assertEquals(await phone.say("!say one"), ["one"], "the message was sent anyway");
  assertEquals(
    await room.device("laptop").say("!say two"),
    [],
    "this may be the bot's own message",
  );
  assertEquals(await room.advance(4_999), []);
  assert(problems(room).some((text) => text.includes("it may be the bot's own")), room.transcript);
  await room.advance(1);
  const failed = room.log.find(({ level }) => level === "error");
  assertInstanceOf(failed?.cause, ReplyError);
  assertEquals([failed.cause.result.code, failed.cause.result.delivery], [408, "unknown"]);
  assertEquals(await phone.say("!say three"), ["three"]);
});

Deno.test("each call of loseAcknowledgement loses one acknowledgement", async () => {
  await using room = await testBot(bot, { ackTimeout: 100 });
  const phone = room.device("phone");
  room.loseAcknowledgement();
  room.loseAcknowledgement();
  await phone.say("!say one");
  // The second is the reply about the failure.
  await room.advance(100);
  await room.advance(100);
  assertEquals(room.log.filter(({ level }) => level === "error").length, 2, room.transcript);
});

Deno.test("an invalid display name is refused, as on a server", async () => {
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

Deno.test("the real client's limits apply", async () => {
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
