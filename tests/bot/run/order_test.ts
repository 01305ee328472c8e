/**
 * The order in which messages are handled.
 * @module
 */
import { defineBot } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Worker } from "../support/worker.ts";

Deno.test("messages of one device run in order, different devices in parallel", async () => {
  const { bot, events } = new Worker();
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  await laptop.say("!work a 3s");
  await laptop.say("!work b 1s");
  await room.device("phone").say("!work c 1s");
  await room.device(null).say("!work d 2s");
  assertEquals(events, ["a begins", "c begins", "d begins"]);
  assertEquals(await room.advance(3_999), ["c done", "d done", "a done"]);
  assertEquals(await room.advance(1), ["b done"]);
  assertEquals(events.slice(3), ["c ends", "d ends", "a ends", "b begins", "b ends"]);
});

Deno.test('with order: "channel", all messages run in order', async () => {
  const { bot, events } = new Worker({ order: "channel" });
  await using room = await testBot(bot);
  await room.device("laptop").say("!work a 2s");
  await room.device("phone").say("!work b 1s");
  assertEquals(events, ["a begins"]);
  assertEquals(await room.advance(2_999), ["a done"]);
  assertEquals(await room.advance(1), ["b done"]);
});

Deno.test("a concurrent command neither waits nor blocks", async () => {
  const { bot } = new Worker({ concurrent: true });
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!work a 1h"), []);
  assertEquals(await laptop.say("!work b 1h"), []);
  assertEquals(await laptop.say("!ping"), ["pong"]);
  assertEquals(await laptop.say("!stop b"), ["b done"]);
  assertEquals(await laptop.say("!stop a"), ["a done"]);
});

Deno.test("every device gets its replies in order, however long handlers take", async () => {
  const bot = defineBot({
    name: "helper",
    commands: {
      "wait <turns:int> <time:int> <text>": async ({ args, device, clock }) => {
        for (let turn = 0; turn < args.turns; turn++) await Promise.resolve();
        if (args.time > 0) {
          await new Promise<void>((resolve) => clock.schedule(resolve, args.time));
        }
        return `${device} ${args.text}`;
      },
    },
  });
  const call = fc.record({
    device: fc.constantFrom("a", "b", "c"),
    turns: fc.nat(20),
    time: fc.constantFrom(0, 0, 1, 2),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(call), async (calls) => {
      await using room = await testBot(bot);
      const saying = calls.map(({ device, turns, time }, index) =>
        room.device(device).say(`!wait ${turns} ${time} ${index}`)
      );
      await Promise.all(saying);
      await room.advance(1_000);
      assertEquals(room.answers.length, calls.length);
      for (const name of ["a", "b", "c"]) {
        assertEquals(
          room.answers.filter((answer) => answer.startsWith(name)),
          calls.flatMap(({ device }, index) => device === name ? [`${device} ${index}`] : []),
        );
      }
    }),
    { seed: 6, numRuns: Number(Deno.env.get("TEST_RUNS") ?? 3_000) },
  );
});
