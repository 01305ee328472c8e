/**
 * Runs the tests, including the examples in docs, and ends with one plain line:
 * `N passed, N failed, N skipped`. Arguments choose the files; without any, all run, and the types are
 * checked meanwhile, which would keep the tests waiting for as long as one core takes.
 * @module
 */
import { checkTypes } from "./check_types.ts";
import { writeLockFor } from "./lock_file.ts";

// Many tests wait for other processes, and some for seconds of real time: more run than there are cores.
const jobs = Deno.env.get("DENO_JOBS") ?? String(2 * navigator.hardwareConcurrency);

const everything = [
  // These take longest. They start first, so that none of them runs on alone at the end.
  "tests/runtimes/runtimes_test.ts",
  "tests/runtimes/deno_test.ts",
  "tests/cli/commands/mcp/waiting_test.ts",
  "tests/cli/installed_test.ts",
  "tests/dev_server/page/browser_test.ts",
  "tests",
  "mod.ts",
  "client",
  "bot",
  "testing",
  "dev_server",
  "cli",
  "README.md",
  "docs",
  // It builds the documentation site: `deno task test:site`.
  "--ignore=tests/tools/site/site_test.ts",
];
const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";

const all = Deno.args.length === 0;
const types = all ? checkTypes() : undefined;

const lock = await Deno.makeTempFile({ suffix: ".lock" });
await writeLockFor(config, lock);

const child = new Deno.Command(Deno.execPath(), {
  args: [
    "test",
    `--config=${config}`,
    `--lock=${lock}`,
    "--allow-all",
    "--doc",
    "--parallel",
    ...(all ? ["--no-check", ...everything] : Deno.args),
  ],
  env: { DENO_JOBS: jobs },
  stdout: "piped",
  stderr: "inherit",
}).spawn();

const decoder = new TextDecoder();
const escapes = new RegExp(String.raw`\x1b\[[\d;]*m`, "g");
let lastLines = "";
for await (const chunk of child.stdout) {
  await Deno.stdout.write(chunk);
  lastLines = (lastLines + decoder.decode(chunk, { stream: true })).slice(-10_000);
}
const { code: testCode } = await child.status;
await Deno.remove(lock);
// A mistake in the types counts as one failure; its message is above.
const code = testCode === 0 && await types === false ? 1 : testCode;

// A test that finds out only when it runs that it cannot go on ignores a step.
const summary =
  /^(?:ok|FAILED) \| (\d+) passed.*? \| (\d+) failed(?:.*? \| (\d+) ignored(?: \((\d+) steps?\))?)?/gm;
const [, passed = "0", failed = "0", ignored = "0", ignoredSteps = "0"] =
  [...lastLines.replaceAll(escapes, "").matchAll(summary)].at(-1) ?? [];
// If nothing ran, for instance because a file does not compile, count that as one failure.
const failures = code !== 0 && failed === "0" ? "1" : failed;
console.log(
  `${passed} passed, ${failures} failed, ${Number(ignored) + Number(ignoredSteps)} skipped`,
);
Deno.exit(code);
