/**
 * The handles of a KV server, used so that no request waits for a TCP acknowledgement.
 *
 * Deno writes the head of a request and a body of 1,024 bytes or more apart, with Nagle's algorithm on, as it
 * does with two requests on one handle: the second part waits some 44 ms for the server's system to
 * acknowledge the first. So every call gets a handle to itself, and a small request goes before a large one in
 * the same tick: then both parts of the large one leave together. (Measured with Deno 2.9.6 and denokv
 * 0.14.0: `deno task bench:kv`.)
 * @module
 */

/** So many operations run at once; more wait. On loopback one would do; over a slow line, they add up. */
const MAX_HANDLES = 16;

/** The smallest body of a request that Deno writes apart from its head, bytes. */
const LARGE_BODY = 1_024;

/** What a check has beside its key, bytes. */
const CHECK_BYTES = 14;

/** The database on a server, through as many handles as there are calls at once. */
export class KvServer implements Disposable {
  readonly #url: string;
  readonly #free: Deno.Kv[] = [];
  readonly #all = new Set<Deno.Kv>();
  readonly #waiting: (() => void)[] = [];
  #inUse = 0;
  #closed = false;

  /** Nothing is opened before the first call. */
  constructor(url: string) {
    this.#url = url;
  }

  /** Runs an operation, whose calls must come one after the other, on a handle of its own. */
  async use<T>(operation: (kv: Deno.Kv) => Promise<T>): Promise<T> {
    if (this.#inUse === MAX_HANDLES) {
      // Whoever ends hands its place on.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#inUse++;
    }
    try {
      const kv = this.#free.pop() ?? await this.#open();
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

  async #open(): Promise<Deno.Kv> {
    const kv = await Deno.openKv(this.#url);
    if (this.#closed) kv.close();
    else this.#all.add(kv);
    return kv;
  }
}

/** Commits the write of one key to a server, which may be large. */
export async function commitPromptly(
  kv: Deno.Kv,
  write: Deno.AtomicOperation,
  key: readonly string[],
  valueBytes: number,
  expires: boolean,
): Promise<boolean> {
  const isLarge = bodySize(key, valueBytes, expires) >= LARGE_BODY;
  // Its result is not needed; it must have ended when the handle is used again.
  const prompt = isLarge ? kv.get([...key]).catch(() => {}) : undefined;
  const { ok } = await write.commit();
  await prompt;
  return ok;
}

/** The body of a request that checks and sets one key: KV Connect's protobuf message, in bytes. */
export function bodySize(key: readonly string[], valueBytes: number, expires: boolean): number {
  // The key is in it twice. Each part has a byte before and after it, and one more for each NUL.
  let keyBytes = 0;
  for (const part of key) {
    keyBytes += 2 + new TextEncoder().encode(part.replaceAll("\0", "\0\0")).length;
  }
  // Lengths take one byte, those from 128 on two.
  const long = (keyBytes >= 128 ? 2 : 0) + (keyBytes + CHECK_BYTES >= 128 ? 1 : 0);
  return valueBytes + 2 * keyBytes + long + (expires ? 38 : 31);
}
