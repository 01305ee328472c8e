/**
 * Times programs until they end, on the terminal that it runs on itself: one after the other in
 * every round, and each in another place in each.
 *
 * `stopwatch.ts FILE ROUNDS` reads how to start them from the file, and writes the times there.
 * @module
 */
import type { Start } from "./terminal_process.ts";

const [file = "", rounds = ""] = Deno.args;
const starts: Start[] = JSON.parse(await Deno.readTextFile(file));
const times: number[][] = starts.map(() => []);
// The first round warms up.
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
