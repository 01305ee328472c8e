/**
 * Every scenario of the official conformance suite for servers, and why some do not apply.
 * @module
 */
import {
  runScenario,
  scenariosOf,
  SUITES,
} from "../../tests/cli/commands/mcp/support/conformance.ts";
import { TestServer } from "../../tests/cli/support/test_server.ts";

/** Why a scenario does not apply, by what its name starts with; the first that matches counts. */
const REASONS: readonly (readonly [start: RegExp, reason: string])[] = [
  [/^(tools-call|elicitation|json-schema)/, "calls a tool of its own, test_*"],
  [/^(resources|sep-2164)/, "there are no resources"],
  [/^prompts|non-tool-request$/, "there are no prompts"],
  [/^completion/, "there is nothing to complete"],
  [/^logging/, "logs go to stderr"],
  [/^(server-sse|dns-rebinding|http-)/, "is about HTTP, which the bridge adds"],
  [/^server-stateless/, "needs test_* tools and HTTP; what is neither passes but one check"],
  [/^caching/, "tools/list passes; there are no prompts or resources"],
  [/^input-required-result-(?!unsupported)/, "calls a tool of its own, test_*"],
];

/** Prints one table for each version of the specification. */
export async function printConformance(): Promise<void> {
  await using server = await TestServer.start();
  const env = await server.token();
  for (const [version, suite] of Object.entries(SUITES)) {
    const scenarios = await scenariosOf(suite);
    if (scenarios === undefined) {
      console.log(`No conformance suite of ${version}: npm does not have it here.`);
      continue;
    }
    console.log(`${version}, ${suite.package}`);
    for (const scenario of scenarios) {
      const { ok, passed } = await runScenario(suite, scenario, env);
      const reason = REASONS.find(([start]) => start.test(scenario))?.[1];
      const verdict = reason === undefined ? ok ? "passes" : "FAILS" : `does not apply: ${reason}`;
      console.log(`  ${scenario.padEnd(46)}${passed.padEnd(7)}${verdict}`);
    }
  }
}
