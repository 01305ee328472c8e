/**
 * Runs simulated fleets: `deno task fleet:simulate --from 1 --seeds 1000`. For a world in which a promise is
 * broken it prints a shorter one in which it still is, with its log. `--first` ends at the first such world
 * without shortening it, `--seed 7` prints the log of one world.
 * @module
 */
import { parseArgs } from "node:util";
import { type Scenario, scenarioOf } from "./simulation/scenario.ts";
import { shrink } from "./simulation/shrink.ts";
import { simulate } from "./simulation/simulation.ts";

const { values: options } = parseArgs({
  args: Deno.args,
  options: {
    from: { type: "string", default: "1" },
    seeds: { type: "string", default: "1000" },
    seed: { type: "string" },
    first: { type: "boolean", default: false },
  },
});

if (options.seed !== undefined) {
  await print(scenarioOf(Number(options.seed)));
} else {
  const [from, seeds] = [Number(options.from), Number(options.seeds)];
  const started = performance.now();
  const total = { said: 0, answered: 0, reported: 0, broken: 0 };
  for (let seed = from; seed < from + seeds; seed++) {
    const done = seed - from;
    if (done > 0 && done % 1_000 === 0) console.log(`${done} worlds, up to seed ${seed - 1}`);
    const scenario = scenarioOf(seed);
    const { violation, said, answered, reported } = await simulate(scenario);
    total.said += said;
    total.answered += answered;
    total.reported += reported;
    if (violation === undefined) continue;
    total.broken++;
    console.log(`seed ${seed}: ${violation.promise}: ${violation.details}`);
    if (options.first) break;
    if (total.broken === 1) await print((await shrink(scenario, violation)).scenario);
  }
  const took = ((performance.now() - started) / seeds).toFixed(1);
  console.log(
    `${seeds} worlds from seed ${from}: ${total.said} messages, ${total.answered} answered, ` +
      `${total.reported} reported or not received; ${total.broken} broken promises; ${took} ms a world`,
  );
  if (total.broken > 0) Deno.exitCode = 1;
}

async function print(scenario: Scenario): Promise<void> {
  const { log } = await simulate(scenario, true);
  console.log(JSON.stringify(scenario, null, 2));
  console.log(log.join("\n"));
}
