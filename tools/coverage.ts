/**
 * Runs the tests and prints how much of the package they run, by folder: `deno task coverage`. Programs
 * that tests start count as well. Arguments choose the tests; without any, all run.
 * @module
 */
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);
const data = fileURLToPath(new URL("coverage/", root));

/** What was run of what can be. */
interface Share {
  run: number;
  all: number;
}

/** The shares of a folder. */
interface Folder {
  readonly lines: Share;
  readonly branches: Share;
}

await Deno.remove(data, { recursive: true }).catch(() => {}); // There may be none.
await Deno.mkdir(data);
// Some tests start programs as another user.
if (Deno.build.os !== "windows") await Deno.chmod(data, 0o777);
const tests = new Deno.Command(Deno.execPath(), {
  args: ["run", "-A", "--no-config", "--no-lock", "tools/test.ts", ...Deno.args],
  cwd: root,
  // Deno programs that tests start have it as well, unless they get an environment of their own.
  env: { DENO_COVERAGE_DIR: data },
}).spawn();
const { success } = await tests.status;

await removeHalfWritten();
const report = await new Deno.Command(Deno.execPath(), {
  args: ["coverage", "--lcov", `--include=^${root}(client|bot|testing|dev_server|cli)/`, data],
  cwd: root,
  stderr: "inherit",
}).output();
const folders = foldersOf(new TextDecoder().decode(report.stdout));
const rows = [...folders].toSorted(([a], [b]) => a < b ? -1 : 1);
for (const [name, { lines, branches }] of [...rows, ["in all", sum(rows)] as const]) {
  console.log(`${percent(lines)} of lines, ${percent(branches)} of branches: ${name}`);
}
Deno.exit(success && report.success ? 0 : 1);

/** Removes what a program had not written to the end when it was killed. */
async function removeHalfWritten(): Promise<void> {
  for await (const { name } of Deno.readDir(data)) {
    const file = `${data}${name}`;
    if (!(await Deno.readTextFile(file)).endsWith("}")) await Deno.remove(file);
  }
}

/** Adds up an lcov report: SF is a file, LF and BRF what it has, LH and BRH what was run. */
function foldersOf(lcov: string): ReadonlyMap<string, Folder> {
  const folders = new Map<string, Folder>();
  let folder = emptyFolder();
  for (const line of lcov.split("\n")) {
    const [key, value = ""] = line.split(/:(.*)/);
    if (key === "SF") {
      const path = value.slice(fileURLToPath(root).length);
      const name = /^[^/]+\/(?:[^/]+\/)?/.exec(path)?.[0] ?? path;
      folder = folders.get(name) ?? emptyFolder();
      folders.set(name, folder);
    }
    if (key === "LF") folder.lines.all += Number(value);
    if (key === "LH") folder.lines.run += Number(value);
    if (key === "BRF") folder.branches.all += Number(value);
    if (key === "BRH") folder.branches.run += Number(value);
  }
  return folders;
}

function emptyFolder(): Folder {
  return { lines: { run: 0, all: 0 }, branches: { run: 0, all: 0 } };
}

function sum(folders: readonly (readonly [string, Folder])[]): Folder {
  const total = emptyFolder();
  for (const [, { lines, branches }] of folders) {
    total.lines.run += lines.run;
    total.lines.all += lines.all;
    total.branches.run += branches.run;
    total.branches.all += branches.all;
  }
  return total;
}

function percent({ run, all }: Share): string {
  return `${(all === 0 ? 100 : 100 * run / all).toFixed(1).padStart(5)}%`;
}
