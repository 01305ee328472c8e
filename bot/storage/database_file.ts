/**
 * A Deno KV file, and whether it is still there. A handle to a file that was deleted goes on working,
 * and everything that it writes is lost.
 * @module
 */
import { createPrivateFile } from "../../client/auth/kv_file.ts";
import type { KvHandle, OpenKv } from "./kv_handle.ts";

/** How often the file is looked for, in milliseconds. */
const CHECK_INTERVAL = 10_000;

/** The file of one database. */
export class DatabaseFile {
  readonly #path: string;
  /** Which file was opened; undefined while none is. */
  #opened: string | undefined;
  #checkedAt = 0;
  readonly #now: () => number;

  /** `path` is relative to the working folder, or absolute; `now` measures, in milliseconds. */
  constructor(path: string, now: () => number = () => performance.now()) {
    this.#path = path;
    this.#now = now;
  }

  /** Opens the database; a new file is readable only by its owner. */
  async open(openKv: OpenKv): Promise<KvHandle> {
    await createPrivateFile(this.#path);
    const kv = await openKv(this.#path);
    this.#opened = await this.#identity();
    this.#checkedAt = this.#now();
    return kv;
  }

  /** Whether another file, or none, is at the path by now; looks at most every 10 seconds. */
  async isGone(): Promise<boolean> {
    const now = this.#now();
    if (this.#opened === undefined || now - this.#checkedAt < CHECK_INTERVAL) return false;
    this.#checkedAt = now;
    if (await this.#identity() === this.#opened) return false;
    this.#opened = undefined;
    return true;
  }

  async #identity(): Promise<string | undefined> {
    try {
      const { dev, ino } = await Deno.stat(this.#path);
      return `${dev}:${ino}`;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "none";
      return this.#opened; // Without permission to look, assume that it is there.
    }
  }
}
