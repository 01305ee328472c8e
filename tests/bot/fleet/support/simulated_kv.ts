/**
 * A model of a KV server and of the runtime's client for it, on a virtual clock: calls take time, lines to
 * the server are cut, responses get lost, and the runtime repeats what got no response, as Deno 2.9.6
 * does. `fleet_store_contract.ts` checks it against the real ones.
 * @module
 */
import type { Clock } from "../../../../bot/context/clock.ts";
import type { KvHandle, KvReading, KvWrite, OpenKv } from "../../../../bot/storage/kv_handle.ts";

/** What goes wrong with a call. */
export type Fault =
  /** The server carries it out, but its response is lost: the runtime repeats the call. */
  | "response lost"
  /** The runtime repeats the call, and its first copy arrives so many milliseconds after the second. */
  | { readonly firstCopyLate: number }
  /** The server carries it out, and its response takes so many milliseconds longer. */
  | { readonly responseLate: number };

/** How calls travel from one host to the server. */
export interface LineOptions {
  /** How long a message takes in one direction, milliseconds. */
  readonly delay: () => number;
  /** Asked when a call arrives at the server. */
  readonly fault?: (call: "read" | "commit") => Fault | undefined;
}

/** How long after a lost response the runtime repeats a call, milliseconds. */
const REPEAT_AFTER = 100;

// The limits of Deno and denokv.
const MAX_KEYS_READ = 10;
const MAX_BATCH = 500;
const MAX_MUTATIONS = 1_000;
const MAX_VALUE = 65_536;
const MAX_TOTAL = 819_200;

interface Stored {
  readonly key: Deno.KvKey;
  readonly value: Uint8Array;
  readonly versionstamp: string;
}

/** The server. Its data survives everything. */
export class SimulatedKv {
  /** How many commits were carried out. */
  commits = 0;
  readonly #clock: Pick<Clock, "schedule">;
  /** How many checks a commit can have. */
  readonly maxChecks: number;
  readonly #stored = new Map<string, Stored>();
  /** The keys of `#stored` in their order. */
  readonly #order: string[] = [];
  #versions = 0;
  #stopped = false;
  readonly #whenStarted: (() => void)[] = [];

  /** `maxChecks` is 10 for a server, 100 for a file. */
  constructor(clock: Pick<Clock, "schedule">, maxChecks = 10) {
    this.#clock = clock;
    this.maxChecks = maxChecks;
  }

  /** From now on nothing is carried out: calls wait. */
  stop(): void {
    this.#stopped = true;
  }

  /** Carries out what waited, and goes on. */
  start(): void {
    this.#stopped = false;
    for (const resume of this.#whenStarted.splice(0)) resume();
  }

  /** What is stored now below a prefix, in the order of the keys, without taking time. */
  entries(prefix: Deno.KvKey = []): readonly Stored[] {
    const id = idOf(prefix);
    return this.#after(id, id, Infinity);
  }

  /** Opens handles for a host behind `line`, as `Deno.openKv` does. */
  openThrough(line: Line): OpenKv {
    const exchange = (resolve: (kv: KvHandle) => void, reject: (error: unknown) => void) =>
      this.#send(line, "read", () => this.#handle(line), resolve, reject);
    return () => new Promise(exchange);
  }

  #handle(line: Line): KvHandle {
    let closed = false;
    const call = <T>(kind: "read" | "commit", run: () => T): Promise<T> => {
      if (closed) return Promise.reject(new Deno.errors.BadResource("Bad resource ID"));
      return new Promise((resolve, reject) => {
        this.#send(line, kind, run, resolve, reject);
      });
    };
    const getMany = (keys: readonly Deno.KvKey[]) =>
      call("read", () => {
        if (keys.length > MAX_KEYS_READ) throw new TypeError("Too many ranges (max 10)");
        return keys.map((key) => this.#read(key));
      });
    return {
      get: (key) => call("read", () => this.#read(key)),
      getMany,
      list: ({ prefix }, { limit = Infinity, batchSize = 100 } = {}) =>
        this.#list(prefix, limit, Math.min(batchSize, MAX_BATCH), call),
      atomic: () => this.#atomic(call),
      close: () => void (closed = true),
    };
  }

  #send<T>(
    line: Line,
    kind: "read" | "commit",
    run: () => T,
    resolve: (result: T) => void,
    reject: (error: unknown) => void,
  ): void {
    const send = () => void this.#clock.schedule(arrive, line.delay());
    // False because nobody waits for the arrival, only for the response.
    const arrive = (): false => {
      if (line.isCut) {
        line.whenMended(send);
        return false;
      }
      if (this.#stopped) {
        this.#whenStarted.push(arrive);
        return false;
      }
      const fault = line.fault(kind);
      if (typeof fault === "object" && "firstCopyLate" in fault) {
        this.#clock.schedule(() => attempt(run), fault.firstCopyLate);
      }
      const outcome = attempt(run);
      if (fault === "response lost") {
        this.#clock.schedule(send, REPEAT_AFTER);
        return false;
      }
      const late = typeof fault === "object" && "responseLate" in fault ? fault.responseLate : 0;
      this.#clock.schedule(() => {
        if (line.isCut) line.whenMended(send);
        else if ("error" in outcome) reject(outcome.error);
        else resolve(outcome.result);
      }, line.delay() + late);
      return false;
    };
    send();
  }

  #read(key: Deno.KvKey): KvReading {
    return this.#stored.get(idOf(key)) ?? { key, value: null, versionstamp: null };
  }

  async *#list(
    prefix: Deno.KvKey,
    limit: number,
    batchSize: number,
    call: <T>(kind: "read", run: () => T) => Promise<T>,
  ): AsyncGenerator<KvReading> {
    const below = idOf(prefix);
    for (let after = below, left = limit; left > 0;) {
      const size = Math.min(batchSize, left);
      const batch = await call("read", () => this.#after(after, below, size));
      yield* batch;
      left -= batch.length;
      const last = batch.at(-1);
      if (last === undefined || batch.length < size) return;
      after = idOf(last.key);
    }
  }

  #after(id: string, prefix: string, count: number): Stored[] {
    const order = this.#order;
    const found: Stored[] = [];
    for (let at = this.#placeAfter(id); at < order.length && found.length < count; at++) {
      const next = order[at] ?? "";
      if (!next.startsWith(prefix)) break;
      const stored = this.#stored.get(next);
      if (stored !== undefined) found.push(stored);
    }
    return found;
  }

  /** The index in `#order` of the first key after `id`. */
  #placeAfter(id: string): number {
    let [low, high] = [0, this.#order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#order[middle] ?? "") <= id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #atomic(call: <T>(kind: "commit", run: () => T) => Promise<T>): KvWrite {
    const checks: { id: string; versionstamp: string | null }[] = [];
    const mutations: { id: string; key: Deno.KvKey; value: Uint8Array | undefined }[] = [];
    const write: KvWrite = {
      check({ key, versionstamp }) {
        checks.push({ id: idOf(key), versionstamp });
        return write;
      },
      set(key, value) {
        mutations.push({ id: idOf(key), key, value });
        return write;
      },
      delete(key) {
        mutations.push({ id: idOf(key), key, value: undefined });
        return write;
      },
      commit: () => call("commit", () => this.#commit(checks, mutations)),
    };
    return write;
  }

  #commit(
    checks: readonly { id: string; versionstamp: string | null }[],
    mutations: readonly { id: string; key: Deno.KvKey; value: Uint8Array | undefined }[],
  ): { ok: boolean } {
    if (checks.length > this.maxChecks) throw new Error("Too many checks");
    if (mutations.length > MAX_MUTATIONS) throw new TypeError("Too many mutations (max 1000)");
    let total = 0;
    for (const { value } of mutations) {
      if (value === undefined) continue;
      if (value.length > MAX_VALUE) throw new TypeError("Value too large (max 65536 bytes)");
      total += value.length;
    }
    if (total > MAX_TOTAL) throw new TypeError("Total mutation size too large (max 819200 bytes)");
    for (const { id, versionstamp } of checks) {
      if ((this.#stored.get(id)?.versionstamp ?? null) !== versionstamp) return { ok: false };
    }
    this.commits++;
    const versionstamp = `${(++this.#versions).toString(16).padStart(16, "0")}0000`;
    for (const { id, key, value } of mutations) {
      const isStored = this.#stored.has(id);
      if (isStored && value === undefined) this.#order.splice(this.#placeAfter(id) - 1, 1);
      if (!isStored && value !== undefined) this.#order.splice(this.#placeAfter(id), 0, id);
      if (value === undefined) this.#stored.delete(id);
      else this.#stored.set(id, { key, value, versionstamp });
    }
    return { ok: true };
  }
}

/** The line from one host to the server. */
export class Line {
  readonly delay: () => number;
  readonly fault: (call: "read" | "commit") => Fault | undefined;
  #cut = false;
  readonly #whenMended: (() => void)[] = [];

  constructor({ delay, fault = () => undefined }: LineOptions) {
    this.delay = delay;
    this.fault = fault;
  }

  get isCut(): boolean {
    return this.#cut;
  }

  /** Nothing gets through any more, in either direction. What is under way is sent again later. */
  cut(): void {
    this.#cut = true;
  }

  /** Everything that waited is sent again. */
  mend(): void {
    this.#cut = false;
    for (const resume of this.#whenMended.splice(0)) resume();
  }

  whenMended(resume: () => void): void {
    this.#whenMended.push(resume);
  }
}

function attempt<T>(run: () => T): { readonly result: T } | { readonly error: unknown } {
  try {
    return { result: run() };
  } catch (error) {
    return { error };
  }
}

/** A text that sorts as the key does (but for characters beyond U+FFFF), and begins with its prefixes. */
function idOf(key: Deno.KvKey): string {
  let id = "";
  for (const part of key) {
    if (typeof part !== "string" || part.includes("\0")) {
      throw new TypeError("The model has only keys of texts without NUL.");
    }
    id += `${part}\0`;
  }
  return id;
}
