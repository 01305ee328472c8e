import { assertEquals } from "@std/assert";
import { scenarioOf } from "./simulation/scenario.ts";
import { simulate } from "./simulation/simulation.ts";

// `deno task fleet:simulate` runs any number of worlds, and shortens one in which a promise is broken.
const WORLDS = 40;

Deno.test("simulated fleets keep their promises, whatever happens to hosts, clocks and the network", async () => {
  let answered = 0;
  for (let seed = 1; seed <= WORLDS; seed++) {
    const outcome = await simulate(scenarioOf(seed));
    assertEquals([seed, outcome.violation], [seed, undefined]);
    answered += outcome.answered;
  }
  // A world without messages would prove nothing.
  assertEquals(answered > 20 * WORLDS, true);
});

Deno.test("a simulated world is the same every time", async () => {
  const scenario = scenarioOf(9);
  const [first, second] = [await simulate(scenario, true), await simulate(scenario, true)];
  assertEquals(second.log, first.log);
});
