/**
 * Measures `roomz mcp`: its start next to a bare server of the SDK, and the conformance suite.
 *
 * `deno task bench:mcp [ROUNDS]`, at least 15 rounds; ROUNDS=0 skips the start.
 * @module
 */
import { printConformance } from "./conformance_table.ts";
import { measureReady } from "./ready.ts";

const asked = Number(Deno.args[0] ?? 15);
const rounds = asked === 0 ? 0 : Math.max(15, asked);
if (rounds > 0) {
  console.log(`Median [quartiles] of ${rounds} rounds`);
  await measureReady(rounds);
  console.log();
}
await printConformance();
