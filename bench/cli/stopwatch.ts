/**
 * Times how long programs run, on the terminal that this runs on: one after the other, in an order that
 * rotates from round to round.
 *
 * `stopwatch.ts FILE ROUNDS` reads from the file how to start them, and overwrites it with the times.
 * @module
 */
import type { Start } from "./terminal_process.ts";

const [file = "", rounds = ""] = Deno.args;
const starts: Start[] = JSON.parse(await Deno.readTextFile(file));
const times: number[][] = starts.map(() => []);
// The first round is a warm-up.
for (let round = 0; round <= Number(rounds); round++) {
  for (const i of starts.keys()) {
    const at = (i + round) % starts.length;
    const start = starts[at];
    if (start === undefined) continue;
    const time = await timeOf(start);
    if (round > 0) times[at]?.push(time);
  }
}
await Deno.writeTextFile(file, JSON.stringify(times));

async function timeOf({ program, args, env = {} }: Start): Promise<number> {
  const started = performance.now();
  const process = new Deno.Command(program, {
    args: [...args],
    env,
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  await process.status;
  return performance.now() - started;
}
