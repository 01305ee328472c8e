/**
 * Makes the binaries of `roomz`, one for each system, in dist/: `deno task compile [TARGET…]`.
 *
 * A runtime is downloaded for each target; DENORT_BIN names one for this system that is at hand.
 * @module
 */
import { PERMISSIONS } from "../cli/config/permissions.ts";

/** The systems that there is a binary for. */
export const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
  "aarch64-pc-windows-msvc",
];

/** The entry point, from the repository's root. */
export const ENTRY_POINT = "cli/main.ts";

/**
 * What the entry point does not import as far as Deno can see: what it imports later, what a bot
 * from disk may import, and the worker of SyncClient.
 */
const INCLUDED = [
  "dev_server/mod.ts",
  "client/sync/sync_client.ts",
  "client/sync/sync_worker.ts",
  "testing/mod.ts",
];

/** The arguments of `deno` that make a binary; `envFile` holds what is baked into it. */
export function compileArgs(
  config: string,
  envFile: string,
  output: string,
  target?: string,
): string[] {
  return [
    "compile",
    `--config=${config}`,
    ...PERMISSIONS,
    `--env-file=${envFile}`,
    ...INCLUDED.map((file) => `--include=${file}`),
    ...(target === undefined ? [] : [`--target=${target}`]),
    `--output=${output}`,
    ENTRY_POINT,
  ];
}

/** The commit of the checkout, `+` where it has changes; undefined outside a repository. */
export async function commit(): Promise<string | undefined> {
  const { success, stdout } = await new Deno.Command("git", {
    args: ["describe", "--always", "--exclude=*", "--dirty=+"],
    stderr: "null",
  }).output();
  return success ? new TextDecoder().decode(stdout).trim() : undefined;
}

/**
 * The systems to make binaries for.
 * @param wanted Those named; none means all that can be made.
 * @param runtimeAtHand Whether DENORT_BIN names the runtime: Deno then takes it for every target.
 * @throws {RangeError} There is no such system, or it is not the runtime's.
 */
export function targetsOf(wanted: readonly string[], runtimeAtHand: boolean): readonly string[] {
  const unknown = wanted.find((target) => !TARGETS.includes(target));
  if (unknown !== undefined) {
    throw new RangeError(`There is no target ${unknown}, only: ${TARGETS.join(" ")}`);
  }
  if (!runtimeAtHand) return wanted.length > 0 ? wanted : TARGETS;
  const other = wanted.find((target) => target !== Deno.build.target);
  if (other === undefined) return [Deno.build.target];
  throw new RangeError(
    `DENORT_BIN is a runtime for ${Deno.build.target}, and would be taken for ${other}: unset it.`,
  );
}

if (import.meta.main) {
  let targets: readonly string[];
  try {
    targets = targetsOf(Deno.args, Deno.env.get("DENORT_BIN") !== undefined);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(error.message);
    Deno.exit(2);
  }
  await Deno.mkdir("dist", { recursive: true });
  const envFile = "dist/build.env";
  await Deno.writeTextFile(envFile, `ROOMZ_COMMIT=${await commit() ?? "unknown"}\n`);
  const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";
  const failed: string[] = [];
  for (const target of targets) {
    const output = `dist/roomz-${target}`;
    const args = compileArgs(config, envFile, output, target);
    const { success } = await new Deno.Command(Deno.execPath(), { args }).spawn().status;
    if (!success) failed.push(target);
  }
  if (failed.length > 0) {
    console.error(`No binary for ${failed.join(", ")}.`);
    console.error(
      "Where the runtimes cannot be downloaded, DENORT_BIN may name one for this system.",
    );
    Deno.exit(1);
  }
}
