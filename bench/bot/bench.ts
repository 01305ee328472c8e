/**
 * Compares the bot layer with its peers, interleaved in one run. Prints a table, then the same as JSON.
 *
 * `deno task bench:bot [ROUNDS]`: 20 rounds by default; the type check runs at least five.
 * @module
 */
import { hold, type Outcome, type Quartiles } from "./contest.ts";
import { messages } from "./messages.ts";
import { onions } from "./onion.ts";
import { parsing } from "./parsing.ts";
import { routing } from "./routing.ts";
import { typeCheck } from "./type_check.ts";

const rounds = Math.max(4, Number(Deno.args[0] ?? 20));
const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";

console.log(`${rounds} rounds; median [quartiles]; speed relative to the other\n`);
const outcomes: Outcome[] = [];
const groups = [routing(), await onions(), parsing(), messages()];
for (const contest of groups.flat()) report(await hold(contest, rounds));
report(await typeCheck(Math.max(5, Math.ceil(rounds / 4)), config));
console.log(JSON.stringify(outcomes));
Deno.exit();

function report(outcome: Outcome): void {
  outcomes.push(outcome);
  console.log(outcome.title);
  for (const [name, speed] of Object.entries(outcome.perSecond)) {
    const ratio = outcome.ratios[name];
    const goal = ratio?.wanted === undefined
      ? ""
      : `  wanted ${ratio.wanted.toFixed(2)}: ${ratio.median >= ratio.wanted ? "met" : "MISSED"}`;
    const against = ratio === undefined ? "" : `  ${spread(ratio)}${goal}`;
    console.log(`  ${name.padEnd(16)}${`${spread(speed)}/s`.padStart(28)}${against}`);
  }
  console.log();
}

function spread({ low, median, high }: Quartiles): string {
  return `${short(median)} [${short(low)}-${short(high)}]`;
}

function short(value: number): string {
  if (value >= 1_000_000) return `${(value / 1_000_000).toFixed(2)}M`;
  return value >= 1_000 ? `${(value / 1_000).toFixed(1)}k` : value.toPrecision(3);
}
