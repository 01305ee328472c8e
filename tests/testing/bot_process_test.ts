/**
 * What tests can observe of a running bot: order, loops, truncation, overload, stopping.
 * @module
 */
import { defineBot } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assert, assertEquals } from "@std/assert";

const slow = defineBot({
  name: "slow",
  commands: {
    "work <name> <time:duration>": async ({ args, clock, reply, signal }) => {
      await reply(`${args.name} begins`);
      await new Promise<void>((resolve) => {
        clock.schedule(resolve, args.time);
        signal.addEventListener("abort", () => resolve());
      });
      signal.throwIfAborted();
      return `${args.name} ends`;
    },
    "hang": () => new Promise(() => {}),
  },
});

Deno.test("messages of one device are answered in order, different devices in parallel", async () => {
  await using room = await testBot(slow);
  const phone = room.device("phone");
  await phone.say("!work a 3s");
  assertEquals(await phone.say("!work b 1s"), [], "a is still running");
  assertEquals(await room.device("laptop").say("!work c 1s"), ["c begins"]);
  assertEquals(await room.advance(2_999), ["c ends"]);
  assertEquals(await room.advance(1), ["a ends", "b begins"]);
  assertEquals(await room.advance(1_000), ["b ends"]);
});

Deno.test("with a loopGuard, a device that calls too often is ignored until it is silent", async () => {
  const bot = defineBot({ name: "helper", commands: { "ping": "pong" } });
  await using room = await testBot(bot, { loopGuard: { limit: 2, window: 10_000 } });
  const phone = room.device("phone");
  for (let i = 0; i < 4; i++) await phone.say("!ping");
  assertEquals(phone.heard, [
    "pong",
    "pong",
    '"phone" is sending too many commands and is ignored until it pauses.',
  ]);
  await room.advance(10_000);
  assertEquals(await phone.say("!ping"), ["pong"]);

  await using unguarded = await testBot(bot);
  for (let i = 0; i < 50; i++) await unguarded.device("phone").say("!ping");
  assertEquals(unguarded.answers.length, 50);
});

Deno.test("a message that the server truncates runs no command, one that just fits does", async () => {
  let runs = 0;
  const bot = defineBot({
    name: "helper",
    commands: { "count <text...>": ({ args }) => `${++runs}: ${[...args.text].length}` },
  });
  await using room = await testBot(bot);
  const phone = room.device("phone");
  const [answer = ""] = await phone.say(`!count ${"x".repeat(1_000)}`);
  assert(answer.startsWith("Your message hit the 1,000-character limit and may have been cut off"));
  assertEquals(await phone.say(`!count ${"😀".repeat(992)}`), ["1: 992"]);
  // Each & is five characters on the server, which escapes it.
  assertEquals(await phone.say(`!count ${"&".repeat(198)}`), ["2: 198"]);
  assertEquals(await phone.say(`!count ${"&".repeat(199)}`), [answer]);
  assertEquals(runs, 2);
});

Deno.test("a long reply arrives in parts", async () => {
  const bot = defineBot({ name: "helper", commands: { "long": "word ".repeat(300) } });
  await using room = await testBot(bot);
  const parts = await room.device("phone").say("!long");
  assertEquals(parts.map((part) => part.length), [999, 499]);
});

Deno.test("a full queue refuses messages", async () => {
  await using room = await testBot(slow, { maxPending: 1 });
  const phone = room.device("phone");
  await phone.say("!hang");
  assertEquals(await phone.say("!hang"), [
    "Too busy: your message was not processed. Send it again later.",
  ]);
});

Deno.test("a stopped bot finishes running handlers, and accepts no messages", async () => {
  await using room = await testBot(slow);
  const phone = room.device("phone");
  await phone.say("!work a 3s");
  const stopped = room.stop();
  assertEquals(await phone.say("!work b 1s"), []);
  assertEquals(await room.advance(3_000), ["a ends"]);
  await stopped;
  assertEquals(room.running, false);
});

Deno.test("handlers that exceed drainTimeout are interrupted", async () => {
  await using room = await testBot(slow, { drainTimeout: 2_000 });
  await room.device("phone").say("!work a 1h");
  await room.device("laptop").say("!hang");
  const stopped = room.stop();
  await room.advance(1_999);
  assertEquals(room.running, true);
  await room.advance(1);
  await stopped;
  assertEquals(room.answers, ["a begins"]);
  const warnings = room.log.filter(({ level }) => level === "warn").map(({ text }) => text);
  assert(warnings.includes("slow: 2 pending handlers were interrupted"), room.transcript);
});

Deno.test("a room can be disposed with a stuck, killed or stopped bot", async () => {
  for (const end of ["hang", "crash", "stop"] as const) {
    const room = await testBot(slow);
    await room.device("phone").say("!hang");
    if (end === "crash") room.crash();
    if (end === "stop") void room.stop();
    await room[Symbol.asyncDispose]();
    assertEquals(room.running, false, end);
  }
});
