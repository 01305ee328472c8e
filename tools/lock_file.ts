/**
 * The lock file, tools/packages.lock: versions and checksums of all npm packages, those of the tests and
 * benchmarks included, and of JSR's packages if it was written where JSR answers.
 *
 * deno.json names no lock file, because Deno ignores the checksums in one, without a word, if it was
 * written for other dependencies or links; so JSR's packages and the stand-ins of offline/ cannot share
 * one. Each use gets a copy that is made for the configuration in use.
 * @module
 */
import manifest from "../deno.json" with { type: "json" };

/** The parts of a lock file. */
export interface Lock {
  readonly version: string;
  readonly specifiers: Readonly<Record<string, string>>;
  readonly jsr?: Readonly<Record<string, unknown>>;
  readonly npm?: Readonly<Record<string, unknown>>;
  /** The dependencies and links that it was written for. */
  readonly workspace?: unknown;
}

/** Where the lock file is. */
export const LOCK_FILE: URL = new URL("packages.lock", import.meta.url);

/** Writes a copy of the lock file for the configuration `config` to `path`. */
export async function writeLockFor(config: string, path: string): Promise<void> {
  // Deno writes none for a program that imports nothing.
  const { workspace } = await resolveLock(config, path, [manifest.imports["smol-toml"]]);
  const locked = parse(await Deno.readTextFile(LOCK_FILE));
  await writeLock(path, { ...locked, workspace });
}

/** The lock file for `modules` that Deno writes to `path`. */
export async function resolveLock(
  config: string,
  path: string,
  modules: readonly string[],
): Promise<Lock> {
  await Deno.remove(path).catch(() => {}); // There may be none.
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["cache", "--quiet", `--config=${config}`, `--lock=${path}`, ...modules],
  }).output();
  if (!success) {
    throw new Error(`Deno cannot make a lock file:\n${new TextDecoder().decode(stderr)}`);
  }
  return parse(await Deno.readTextFile(path));
}

/** Writes a lock file. */
export async function writeLock(path: string | URL, lock: Lock): Promise<void> {
  await Deno.writeTextFile(path, JSON.stringify(lock, null, 2) + "\n");
}

function parse(text: string): Lock {
  const lock: Lock = JSON.parse(text);
  if (lock.version === "5") return lock;
  throw new Error(
    `The lock file has the format ${lock.version}, and tools/lock_file.ts knows 5. Adapt it to what ` +
      "this version of Deno writes.",
  );
}
