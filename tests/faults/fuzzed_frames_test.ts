/**
 * A hostile server: random, mutated and truncated frames, at every stage of a connection.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { FuzzReport } from "./support/fuzz_client.ts";
import { FuzzServer } from "./support/fuzz_server.ts";
import { measured, megabytes, rounds } from "./support/rounds.ts";
import { ScriptProcess } from "./support/script_process.ts";

const FRAMES = rounds({ short: 20_000, long: 1_000_000 });
const SEED = 20_261_123;
/** How much the heap may grow during the attack, bytes. */
const MOST_GROWTH = 8_000_000;

Deno.test("hostile frames do no harm: no uncaught error, bounded memory, and the client still works", async () => {
  await using server = new FuzzServer(FRAMES, SEED);
  await using client = new ScriptProcess("fuzz_client.ts", [server.url, "a.session.jwt"], {
    v8Flags: "--expose-gc",
  });
  const start = performance.now();
  const died = client.status.then(({ code }) => {
    throw new Error(`The client's process ended with code ${code} after ${server.written} frames.`);
  });
  died.catch(() => {});
  await Promise.race([server.reached(FRAMES / 10), died]);
  await client.write("memory");
  const before = Number(await client.read());
  await Promise.race([server.reached(FRAMES), died]);
  const seconds = (performance.now() - start) / 1_000;
  await client.write("memory");
  const after = Number(await client.read());
  await client.write("finish");
  const report: FuzzReport = JSON.parse(await client.read());

  assertEquals(report.failures, []);
  assertEquals(report.settled, report.sends);
  assert(
    report.sends > 0 && report.events > 0 && report.skipped > FRAMES / 10,
    "the attack did not work",
  );
  assert(after - before < MOST_GROWTH, `the heap grew from ${before} to ${after} bytes`);
  assertEquals((await client.status).code, 0);
  measured(
    `${FRAMES} hostile frames on ${server.connections} connections`,
    `0 uncaught; ${report.events} valid events, ${report.skipped} frames skipped, ` +
      `${report.sends} of ${report.sends} sends settled; heap ${megabytes(before)} to ` +
      `${megabytes(after)} MB; ${seconds.toFixed(0)} s`,
  );
});
