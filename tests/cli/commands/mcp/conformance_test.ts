/**
 * The scenarios of the official conformance suite that apply to tools on stdio; `deno task bench:mcp`
 * prints all of them, with the reasons why the others do not.
 * @module
 */
import { assert } from "@std/assert";
import { skipRest } from "../../../support/skip.ts";
import { TestServer } from "../../support/test_server.ts";
import { runScenario, scenariosOf, SUITES } from "./support/conformance.ts";

const applying: Readonly<Record<string, readonly string[]>> = {
  "2025-11-25": ["server-initialize", "ping", "tools-list"],
  "2026-07-28": ["tools-list", "input-required-result-unsupported-methods"],
};

for (const [version, scenarios] of Object.entries(applying)) {
  Deno.test(`the conformance suite of ${version} passes`, async (t) => {
    const suite = SUITES[version];
    assert(suite !== undefined);
    const all = await scenariosOf(suite);
    if (all === undefined) {
      return await skipRest(t, `the conformance suite of ${version}`, "npm does not have it here");
    }
    await using server = await TestServer.start();
    const env = await server.token();
    for (const scenario of scenarios) {
      await t.step(scenario, async () => {
        const { ok, passed, errors } = await runScenario(suite, scenario, env);
        assert(ok, `${passed}: ${errors.join("; ")}`);
      });
    }
  });
}
