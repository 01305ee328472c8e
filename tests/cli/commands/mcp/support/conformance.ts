/**
 * The official conformance suite (npm `@modelcontextprotocol/conformance`), which speaks HTTP only.
 * @module
 */
import { HttpBridge } from "./http_bridge.ts";
import { LineProcess } from "./line_process.ts";

/** A version of the suite, and the specification that it checks. */
export interface Suite {
  readonly package: string;
  /** For every one of its commands. */
  readonly options: readonly string[];
}

/** By the specification's version. */
export const SUITES: Readonly<Record<string, Suite>> = {
  "2025-11-25": { package: "npm:@modelcontextprotocol/conformance@0.1.16", options: [] },
  "2026-07-28": {
    package: "npm:@modelcontextprotocol/conformance@0.2.0-alpha.12",
    options: ["--spec-version", "2026-07-28"],
  },
};

/** The result of a scenario. */
export interface ScenarioResult {
  readonly ok: boolean;
  /** Such as `4/4`. */
  readonly passed: string;
  /** What failed, in the suite's words. */
  readonly errors: readonly string[];
}

/** The scenarios for servers; undefined where the suite cannot be had. */
export async function scenariosOf(suite: Suite): Promise<readonly string[] | undefined> {
  const { code, output } = await run(suite, ["list", "--server"]);
  return code === 0
    ? [...output.matchAll(/^ {2}- (\S+)/gm)].map(([, name = ""]) => name)
    : undefined;
}

/** Runs a scenario against a `roomz mcp` of its own. */
export async function runScenario(
  suite: Suite,
  scenario: string,
  env: Readonly<Record<string, string>>,
): Promise<ScenarioResult> {
  await using bridge = new HttpBridge(() => new LineProcess(["--leg", "1"], env));
  const args = ["server", "--url", bridge.url, "--scenario", scenario];
  const { code, output } = await run(suite, args);
  const [, passed = "none"] = /Passed: (\d+\/\d+)/.exec(output) ?? [];
  const errors = [...output.matchAll(/^ +Error: (.*)$/gm)].map(([, error = ""]) => error);
  return { ok: code === 0, passed, errors };
}

async function run(suite: Suite, args: readonly string[]) {
  const folder = await Deno.makeTempDir(); // It writes its results there.
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-config", "--quiet", suite.package, ...args, ...suite.options],
    cwd: folder,
  }).output();
  await Deno.remove(folder, { recursive: true });
  const decoder = new TextDecoder();
  // It colours its output wherever it goes.
  const escapes = new RegExp(String.raw`\x1b\[[\d;]*m`, "g");
  return {
    code,
    output: (decoder.decode(stdout) + decoder.decode(stderr)).replaceAll(escapes, ""),
  };
}
