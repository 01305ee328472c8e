/**
 * Connecting and disconnecting leaks nothing.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { mintSession, OTHER_EMAIL } from "../contract/support/target.ts";
import type { RoundsReport } from "./support/connect_rounds.ts";
import { GRACE, measured, megabytes, rounds } from "./support/rounds.ts";
import { ScriptProcess } from "./support/script_process.ts";
import { ServerProcess } from "./support/server_process.ts";

const ROUNDS = rounds({ short: 100, long: 10_000 });
/** How much the memory may grow in the second half of the rounds, bytes. */
const MOST_HEAP_GROWTH = 500_000;
const MOST_PROCESS_GROWTH = 20_000_000;

Deno.test("connect and disconnect leak no socket, timer, listener or memory", async () => {
  await using server = await ServerProcess.start();
  const args = [server.url, await mintSession(OTHER_EMAIL), String(ROUNDS)];
  await using client = new ScriptProcess("connect_rounds.ts", args, { v8Flags: "--expose-gc" });
  const start = performance.now();
  const report: RoundsReport = JSON.parse(await client.read());
  const { socketsInUse, half, all, abandonedSockets } = report;
  const done = performance.now();
  const { code } = await client.status;
  const ended = performance.now() - done;

  assertEquals(code, 0);
  assert(ended <= GRACE, `the process lived ${ended} ms longer: something kept it alive`);
  assertEquals(abandonedSockets, 0);
  assertEquals(all.listeners, 0);
  // If the system reports them: one while connected, none afterwards.
  assertEquals([socketsInUse ?? 1, all.sockets ?? 0], [1, 0]);
  const growth = { heap: all.heap - half.heap, process: all.process - half.process };
  assert(
    growth.heap < MOST_HEAP_GROWTH && growth.process < MOST_PROCESS_GROWTH,
    `${growth.heap} bytes more of heap, ${growth.process} of the whole process`,
  );
  assertEquals(await server.connections(), 0);
  measured(
    `${ROUNDS} rounds of connect, send, disconnect`,
    `0 sockets, timers, listeners left; from half of the rounds to all: heap ` +
      `${megabytes(half.heap)} to ${megabytes(all.heap)} MB, process ${megabytes(half.process)} ` +
      `to ${megabytes(all.process)} MB; it ended ${ended.toFixed(0)} ms later; ` +
      `${((done - start) / ROUNDS).toFixed(1)} ms a round`,
  );
});
