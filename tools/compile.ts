/**
 * Makes the binaries of `roomz`, one for each system, in dist/: `deno task compile [TARGET…]`.
 *
 * A runtime is downloaded for each target; DENORT_BIN names one for this system that is at hand.
 * @module
 */
import { PERMISSIONS } from "../cli/permissions.ts";

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
  "client/sync.ts",
  "client/sync_worker.ts",
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

if (import.meta.main) {
  await Deno.mkdir("dist", { recursive: true });
  const envFile = "dist/build.env";
  await Deno.writeTextFile(envFile, `ROOMZ_COMMIT=${await commit() ?? "unknown"}\n`);
  const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";
  const failed: string[] = [];
  for (const target of Deno.args.length > 0 ? Deno.args : TARGETS) {
    const output = `dist/roomz-${target}`;
    const args = compileArgs(config, envFile, output, target);
    const { success } = await new Deno.Command(Deno.execPath(), { args }).spawn().status;
    if (!success) failed.push(target);
  }
  if (failed.length > 0) {
    console.error(
      `No binary for ${
        failed.join(", ")
      }. Where dl.deno.land is out of reach, name a runtime for ` +
        "this system in DENORT_BIN.",
    );
    Deno.exit(1);
  }
}
