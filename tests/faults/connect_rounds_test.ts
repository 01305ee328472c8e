/**
 * Connecting and disconnecting leaves nothing behind.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { mintSession, OTHER_EMAIL } from "../contract/target.ts";
import type { RoundsReport } from "./connect_rounds.ts";
import { GRACE, measured, rounds } from "./rounds.ts";
import { ScriptProcess } from "./script_process.ts";
import { ServerProcess } from "./server_process.ts";

const ROUNDS = rounds({ short: 100, long: 10_000 });
/** How much more of the heap may be in use after the rounds, bytes: what the runtime caches. */
const MOST_GROWTH = 2_000_000;

Deno.test("connect and disconnect leave no socket, no timer, no listener and no memory", async () => {
  await using server = await ServerProcess.start();
  const args = [server.url, await mintSession(OTHER_EMAIL), String(ROUNDS)];
  await using client = new ScriptProcess("connect_rounds.ts", args, { v8Flags: "--expose-gc" });
  const start = performance.now();
  const { before, after, abandonedSockets }: RoundsReport = JSON.parse(await client.read());
  const done = performance.now();
  const { code } = await client.status;
  const ended = performance.now() - done;

  assertEquals(code, 0);
  assert(ended <= GRACE, `the process lived ${ended} ms longer: something kept it up`);
  assertEquals(abandonedSockets, 0);
  assertEquals([after.files, after.listeners], [before.files, before.listeners]);
  assertEquals(after.listeners, 0);
  assert(after.heap - before.heap < MOST_GROWTH, `${before.heap} to ${after.heap} bytes of heap`);
  assertEquals(await server.connections(), 0);
  const inMegabytes = (bytes: number) => (bytes / 1_000_000).toFixed(2);
  measured(
    `${ROUNDS} rounds of connect, send, disconnect`,
    `0 sockets, timers, listeners left (${after.files} files open, ${before.files} before); heap ` +
      `${inMegabytes(before.heap)} to ${inMegabytes(after.heap)} MB; the process ended ` +
      `${ended.toFixed(0)} ms later; ${((done - start) / ROUNDS).toFixed(1)} ms a round`,
  );
});
