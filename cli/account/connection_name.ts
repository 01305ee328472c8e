/**
 * The display name of a command's connection. The connections of one machine to one server are told
 * apart by a number: `laptop`, `laptop 2`.
 * @module
 */
import type { Io } from "../command_line/io.ts";
import { pathIn, stateFolder } from "../config/folders.ts";
import { numberedName } from "../config/machine_name.ts";
import { type Configuration, HOST_NAME } from "../config/settings.ts";
import { serverOf } from "./server_of.ts";

/** A name, which no other connection of the machine gets until it is disposed. */
export interface ConnectionName extends Disposable {
  /** The name to set; empty for none. */
  readonly displayName: string;
  /** The name if it is the machine's, and nobody chose it. */
  readonly machineName?: string;
}

/** As many connections as a server accepts (roomz 0.4.0); more than that share the name. */
const HIGHEST_NUMBER = 1_000;

/**
 * Names a connection: by the configured name as it is, or else by the machine's name with the lowest
 * free number. A state folder that cannot be written costs only the number.
 */
export async function nameConnection(
  io: Io,
  { server_url, display_name: { value, origin } }: Configuration,
): Promise<ConnectionName> {
  if (origin !== HOST_NAME) {
    return { displayName: value, [Symbol.dispose]() {} };
  }
  const { number, file } = await reserveNumber(io, `${serverOf(server_url)}\n${value}`);
  const machineName = numberedName(value, number);
  return { displayName: machineName, machineName, [Symbol.dispose]: () => file?.close() };
}

/**
 * Locks the first file of a row that no process has locked. The system releases the lock when the
 * process ends, however it ends, so the files stay: a deleted one could be locked twice.
 */
async function reserveNumber(
  io: Io,
  purpose: string,
): Promise<{ readonly number: number; readonly file?: Deno.FsFile }> {
  try {
    const folder = pathIn(stateFolder(io), "names");
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    const row = pathIn(folder, await digest(purpose));
    for (let number = 1; number <= HIGHEST_NUMBER; number++) {
      const file = await lock(`${row}.${number}`);
      if (file !== undefined) return { number, file };
    }
  } catch {
    // No state folder, or none that can be written, or a file system without locks.
  }
  return { number: 1 };
}

/** The locked file; undefined if another process has locked it. */
async function lock(path: string): Promise<Deno.FsFile | undefined> {
  const file = await Deno.open(path, { create: true, write: true, mode: 0o600 });
  try {
    if (await file.tryLock(true)) return file;
  } catch (error) {
    file.close();
    throw error;
  }
  file.close();
  return undefined;
}

/** Short, and right in every file system. */
async function digest(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(bytes, 0, 8).toHex();
}
