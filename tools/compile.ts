/**
 * Compiles `roomz` to one binary per target, in dist/: `deno task compile [TARGET…]`.
 *
 * Deno downloads a runtime for each target, unless DENORT_BIN names a local one for this system.
 * @module
 */
import { PERMISSIONS } from "../cli/config/permissions.ts";
import { SOCKET_IO_CLIENT } from "../dev_server/page/socket_io_client.ts";
import { writeLockFor } from "./lock_file.ts";

/** The supported targets. */
export const TARGETS = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
  "aarch64-pc-windows-msvc",
];

/** The entry point, relative to the repository's root. */
export const ENTRY_POINT = "cli/main.ts";

/**
 * Modules that Deno does not find by following the entry point's imports: those imported by computed
 * URLs, those that bots on disk may import, SyncClient's worker, and what the page of `roomz serve` loads.
 */
export const INCLUDED = [
  SOCKET_IO_CLIENT,
  "dev_server/mod.ts",
  "cli/commands/mcp/mcp_server.ts",
  "cli/commands/webhook/webhook_server.ts",
  "client/sync/sync_client.ts",
  "client/sync/sync_worker.ts",
  "testing/mod.ts",
];

/**
 * The arguments of `deno` that compile a binary from the packages in the lock file `lock`, with the
 * variables in `envFile` built in.
 */
export function compileArgs(
  config: string,
  lock: string,
  envFile: string,
  output: string,
  target?: string,
): string[] {
  return [
    "compile",
    `--config=${config}`,
    `--lock=${lock}`,
    // Otherwise every package of the lock file is embedded, those of the tests as well.
    "--exclude-unused-npm",
    ...PERMISSIONS,
    `--env-file=${envFile}`,
    ...INCLUDED.map((file) => `--include=${file}`),
    ...(target === undefined ? [] : [`--target=${target}`]),
    `--output=${output}`,
    ENTRY_POINT,
  ];
}

/** The commit of the checkout, with `+` if it has changes; undefined outside a repository. */
export async function commit(): Promise<string | undefined> {
  const { success, stdout } = await new Deno.Command("git", {
    args: ["describe", "--always", "--exclude=*", "--dirty=+"],
    stderr: "null",
  }).output();
  return success ? new TextDecoder().decode(stdout).trim() : undefined;
}

/**
 * The targets to compile for.
 * @param wanted The requested targets; empty means all possible ones.
 * @param localRuntime Whether DENORT_BIN is set: Deno then uses that runtime for every target.
 * @throws {RangeError} A target is unknown, or DENORT_BIN is for another one.
 */
export function targetsOf(wanted: readonly string[], localRuntime: boolean): readonly string[] {
  const unknown = wanted.find((target) => !TARGETS.includes(target));
  if (unknown !== undefined) {
    throw new RangeError(`Unknown target ${unknown}. Supported: ${TARGETS.join(" ")}`);
  }
  if (!localRuntime) return wanted.length > 0 ? wanted : TARGETS;
  const other = wanted.find((target) => target !== Deno.build.target);
  if (other === undefined) return [Deno.build.target];
  throw new RangeError(
    `DENORT_BIN is a runtime for ${Deno.build.target} and cannot be used for ${other}. Unset it.`,
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
  // Set where a release is built: `roomz upgrade` downloads from its releases.
  const repository = Deno.env.get("ROOMZ_REPOSITORY");
  await Deno.writeTextFile(
    envFile,
    `ROOMZ_COMMIT=${await commit() ?? "unknown"}\n` +
      (repository === undefined ? "" : `ROOMZ_REPOSITORY=${repository}\n`),
  );
  const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";
  const lock = "dist/deno.lock";
  await writeLockFor(config, lock);
  const failed: string[] = [];
  for (const target of targets) {
    const output = `dist/roomz-${target}`;
    const args = compileArgs(config, lock, envFile, output, target);
    const { success } = await new Deno.Command(Deno.execPath(), { args }).spawn().status;
    if (!success) failed.push(target);
  }
  if (failed.length > 0) {
    console.error(`Could not compile for ${failed.join(", ")}.`);
    console.error(
      "If Deno could not download the runtime, set DENORT_BIN to a local one for this system.",
    );
    Deno.exit(1);
  }
}
