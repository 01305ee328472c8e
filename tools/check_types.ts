/**
 * Checks the types of all code, of the examples in docstrings and pages as well: `deno task check`.
 * @module
 */
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const FOLDERS = [
  "client",
  "bot",
  "testing",
  "dev_server",
  "cli",
  "examples",
  "tests",
  "tools",
  "bench",
];

/** Whether all types are right; if not, says what is wrong on stderr. */
export async function checkTypes(): Promise<boolean> {
  const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";
  const pages = ["README.md"];
  // Not the whole folder: the configuration of the site is checked with VitePress's types.
  for await (const { name } of Deno.readDir(new URL("docs/", root))) {
    if (name.endsWith(".md")) pages.push(`docs/${name}`);
  }
  const code = ["--doc", `--config=${config}`, "mod.ts", ...FOLDERS, ...pages.toSorted()];
  // It runs in the browser.
  const page = ["--config=tools/browser.json", "--no-lock", "dev_server/page/script"];
  return await check(code) && await check(page);
}

async function check(args: readonly string[]): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", ...args],
    cwd: fileURLToPath(root),
    stdout: "null",
  }).spawn().status;
  return success;
}

if (import.meta.main && !await checkTypes()) Deno.exit(1);
