/**
 * How a bot stops.
 * @module
 */
import { defineBot } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assert, assertEquals } from "@std/assert";
import { logLines } from "../support/bot_log.ts";
import { Worker } from "../support/worker.ts";

Deno.test("a stopped bot accepts no messages, and finishes running handlers", async () => {
  const { bot, events } = new Worker();
  await using room = await testBot(bot);
  await room.device("laptop").say("!work a 1s");
  await room.device("laptop").say("!work b 1s");
  const stopped = room.stop();
  await room.device("phone").say("!work c 1s");
  assertEquals(await room.advance(2_000), ["a done", "b done"]);
  await stopped;
  assertEquals(events.slice(0, 4), ["a begins", "a ends", "b begins", "b ends"]);
  assertEquals(
    events.slice(4),
    ["a aborted", "b aborted"],
    "abandoned handlers can still clean up",
  );
});

Deno.test("a stuck handler gets an abort, and is abandoned at the timeout", async () => {
  const { bot, events } = new Worker();
  await using room = await testBot(bot, { drainTimeout: 1_000 });
  await room.device("laptop").say("!work a 1h");
  await room.device("laptop").say("!work b 1h");
  const stopped = room.stop();
  await room.advance(999);
  assertEquals([events, room.running], [["a begins"], true]);
  await room.advance(1);
  await stopped;
  assertEquals(events, ["a begins", "a aborted"]);
  assert(logLines(room).includes("warn helper: 2 pending handlers were interrupted"));
  assertEquals(await room.advance(7_200_000), []);
  assertEquals(events, ["a begins", "a aborted", "a ends"], "b never started");
  assertEquals(
    logLines(room).at(-1),
    'warn helper: !work from "laptop": interrupted, because the bot stopped',
  );
});

Deno.test("a stream is interrupted between two messages", async () => {
  let closed = false;
  const bot = defineBot({
    name: "helper",
    commands: {
      "count": async function* ({ signal }) {
        try {
          for (let n = 1;; n++) {
            yield String(n);
            if (n === 3) await new Promise((done) => signal.addEventListener("abort", done));
          }
        } finally {
          closed = true;
        }
      },
    },
  });
  await using room = await testBot(bot, { drainTimeout: 0 });
  assertEquals(await room.device("phone").say("!count"), ["1", "2", "3"]);
  const stopped = room.stop();
  assertEquals(await room.advance(0), []);
  await stopped;
  assertEquals(closed, true);
  assertEquals(logLines(room).filter((line) => line.startsWith("warn")), [
    "warn helper: 1 pending handlers were interrupted",
  ], "to end like that is no failure of the handler");
});
