/**
 * The handles of a KV server. Two requests at once on one handle wait for a TCP acknowledgement, see
 * `prompt_sender.ts`, so every operation gets a handle to itself.
 * @module
 */
import type { Clock } from "../context/clock.ts";
import type { KvHandle } from "./kv_handle.ts";

/** So many operations run at once; more wait. On loopback one would do; over a slow line, they add up. */
const MAX_HANDLES = 16;

/**
 * Deno repeats calls for ever while a server cannot be reached, but opens a database only if it can be
 * reached at once (Deno 2.9.6). So opening is repeated here: a server that restarts fails neither.
 */
const UNREACHABLE = /failed to connect to/;
const RETRY_DELAY = 250;

/** The database on a server, through as many handles as there are calls at once. */
export class KvServer implements Disposable {
  readonly #open: () => Promise<KvHandle>;
  readonly #clock: Pick<Clock, "schedule">;
  readonly #free: KvHandle[] = [];
  readonly #all = new Set<KvHandle>();
  readonly #waiting: (() => void)[] = [];
  #inUse = 0;
  #closed = false;

  /** `open` opens one more handle. Nothing is opened before the first call. */
  constructor(open: () => Promise<KvHandle>, clock: Pick<Clock, "schedule">) {
    this.#open = open;
    this.#clock = clock;
  }

  /** Runs an operation, whose calls must come one after the other, on a handle of its own. */
  async use<T>(operation: (kv: KvHandle) => Promise<T>): Promise<T> {
    if (this.#inUse === MAX_HANDLES) {
      // Whoever ends hands its place on.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#inUse++;
    }
    try {
      const kv = this.#free.pop() ?? await this.#openHandle();
      try {
        return await operation(kv);
      } finally {
        if (!this.#closed) this.#free.push(kv);
      }
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#inUse--;
      else next();
    }
  }

  /** Closes all handles; what runs on them fails. */
  [Symbol.dispose](): void {
    this.#closed = true;
    for (const kv of this.#all) kv.close();
  }

  async #openHandle(): Promise<KvHandle> {
    for (;;) {
      try {
        const kv = await this.#open();
        if (this.#closed) kv.close();
        else this.#all.add(kv);
        return kv;
      } catch (error) {
        const isTransient = error instanceof Error && UNREACHABLE.test(error.message);
        if (!isTransient || this.#closed) throw error;
        await new Promise<void>((resolve) => this.#clock.schedule(resolve, RETRY_DELAY));
      }
    }
  }
}
