/**
 * Compares the working tree with a commit, interleaved in one run, and fails where the tree is slower.
 * The commit runs twice in each round: how far its two runs differ is the noise of the machine.
 *
 * `deno task bench:guard [COMMIT] [ROUNDS]`, by default the last tag, or else the first release's
 * commit, and 20 rounds. A figure fails when its median is more than 5% slower and the loss is larger
 * than the noise: than three of four rounds of the same commit against itself.
 * @module
 */
import { fromFileUrl } from "@std/path";
import { quartiles } from "../bot/contest.ts";
import { ServerProcess } from "../server_process.ts";
import { type Checkout, checkOut, workingTree } from "./checkout.ts";

const FIRST_RELEASE = "f01ba3b";
const LOSS = 1.05;

const commit = Deno.args[0] ?? await lastTag() ?? FIRST_RELEASE;
const rounds = Number(Deno.args[1] ?? 20);

await using base = await checkOut(commit);
await using server = await ServerProcess.start(
  new URL("../client/raw_server.ts", import.meta.url),
);
const contenders: readonly (readonly [name: string, checkout: Checkout])[] = [
  ["tree", workingTree],
  ["base", base],
  ["base again", base],
];
const samples = new Map<string, Map<string, number[]>>();

for (let round = 0; round <= rounds; round++) {
  for (let i = 0; i < contenders.length; i++) {
    // The order turns from round to round; the first round warms up.
    const contender = contenders[(i + round) % contenders.length];
    if (contender === undefined) continue;
    const [name, checkout] = contender;
    const figures = {
      "import ./client, ms": await importTime(checkout, "client"),
      "import ./bot, ms": await importTime(checkout, "bot"),
      ...await subject(checkout, "client"),
      ...await subject(checkout, "bot"),
      "roomz whoami, ms": await whoami(checkout),
    };
    if (round === 0) continue;
    for (const [figure, value] of Object.entries(figures)) note(figure, name, value);
  }
}
const failed = report();
if (failed.length > 0) {
  console.error(`\nslower than ${commit}: ${failed.join("; ")}`);
  Deno.exitCode = 1;
}

async function subject(checkout: Checkout, group: string): Promise<Record<string, number>> {
  const script = fromFileUrl(new URL("subject.ts", import.meta.url));
  const flags = ["--allow-all", "--no-check", "--no-config", "--no-lock"];
  return JSON.parse(await output(["run", ...flags, script, checkout.root, group, server.url]));
}

/** What a program pays that imports an export by its name: the best of three fresh processes. */
async function importTime({ root }: Checkout, name: "client" | "bot"): Promise<number> {
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  // A literal import is read before the program runs, as the static import of a user is.
  await Deno.writeTextFile(
    script,
    `const start = performance.now();
     await import(${JSON.stringify(`${root}${name}/mod.ts`)});
     console.log(performance.now() - start);`,
  );
  const flags = ["--allow-all", "--no-check", "--no-config", "--no-lock"];
  const times: number[] = [];
  for (let i = 0; i < 3; i++) times.push(Number(await output(["run", ...flags, script])));
  await Deno.remove(script);
  return Math.min(...times);
}

/** The time from start to end of the command when nobody is logged in: the best of three. */
async function whoami({ root, config }: Checkout): Promise<number> {
  const state = await Deno.makeTempDir();
  const args = ["run", "-A", "--unstable-kv", "--no-lock", `--config=${config}`];
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    await new Deno.Command(Deno.execPath(), {
      args: [...args, fromFileUrl(`${root}cli/main.ts`), "whoami"],
      env: { XDG_STATE_HOME: state, ROOMZ_SERVER_URL: server.url, ROOMZ_TOKEN: "" },
      stdout: "null",
      stderr: "null",
    }).spawn().status;
    times.push(performance.now() - start);
  }
  await Deno.remove(state, { recursive: true });
  return Math.min(...times);
}

function report(): string[] {
  console.log(`${rounds} rounds; medians; ratios of the rounds, [quartiles]; below 1 is faster\n`);
  console.log(row("", "tree", commit, "tree / base", "noise: base / base"));
  const failed: string[] = [];
  for (const [figure, byName] of samples) {
    const [tree, first, second] = contenders.map(([name]) => byName.get(name) ?? []);
    if (tree === undefined || first === undefined || second === undefined) continue;
    const ratio = quartiles(tree.map((value, i) => value / (first[i] ?? NaN)));
    const noise = quartiles(second.map((value, i) => value / (first[i] ?? NaN)));
    const medians = [tree, first].map((values) => quartiles(values).median.toPrecision(4));
    const largestNoise = Math.max(noise.high, 1 / noise.low);
    const slower = ratio.median > LOSS && ratio.low > 1 && ratio.median > largestNoise;
    if (slower) failed.push(`${figure} (${percent(ratio.median)}, noise ${percent(largestNoise)})`);
    const shown = [ratio, noise].map(({ low, median, high }) =>
      `${median.toFixed(3)} [${low.toFixed(2)}-${high.toFixed(2)}]`
    );
    console.log(row(figure, ...medians, ...shown) + (slower ? "  SLOWER" : ""));
  }
  return failed;
}

function percent(ratio: number): string {
  return `${((ratio - 1) * 100).toFixed(1)}%`;
}

function note(figure: string, name: string, value: number): void {
  const byName = samples.get(figure) ?? new Map<string, number[]>();
  samples.set(figure, byName);
  byName.set(name, [...(byName.get(name) ?? []), value]);
}

function row(name: string, ...cells: string[]): string {
  return name.padEnd(36) + cells.map((cell) => cell.padStart(22)).join("");
}

async function lastTag(): Promise<string | undefined> {
  const { success, stdout } = await new Deno.Command("git", {
    args: ["describe", "--tags", "--abbrev=0"],
    stderr: "null",
  }).output();
  return success ? new TextDecoder().decode(stdout).trim() : undefined;
}

async function output(args: readonly string[]): Promise<string> {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), { args: [...args] })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
