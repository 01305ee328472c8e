/**
 * A fleet of real processes, judged by its accounts' devices. `deno task fleet:run` does the same for
 * longer, with more accounts and other faults.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { runFleetUnderTest } from "../../../bench/fleet/run_under_test.ts";

Deno.test("a process that is killed leaves no message with two answers, and none without an answer or a report", async () => {
  const folder = await Deno.makeTempDir();
  const notes: string[] = [];
  try {
    const verdict = await runFleetUnderTest({
      fault: "kill",
      storage: `${folder}/fleet.kv`,
      hosts: 2,
      accounts: 8,
      seconds: 7,
      every: 1,
      rate: 20,
      lease: 2_000,
      faults: 1,
      note: (text) => notes.push(text),
    });
    assertEquals([verdict.doubles, verdict.unreported], [0, 0], notes.join("\n"));
    assertEquals(verdict.faults, 1);
    assert(verdict.answered > verdict.messages / 2, JSON.stringify(verdict));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
