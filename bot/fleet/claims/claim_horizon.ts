/**
 * Which claims of one Roomz server are old, and their clean-up.
 *
 * Claims lie in buckets by the Roomz server's time of what is claimed. Those before the horizon are
 * closed: nothing more is claimed in them, so what they hold can be deleted. Every claim checks that the
 * horizon has not moved, so that none gets into a bucket that was closed meanwhile.
 * @module
 */
import type { Clock } from "../../context/clock.ts";
import type { StorageKey } from "../../storage/storage.ts";
import { bucketOf, type FleetKeys } from "../store/fleet_keys.ts";
import type { FleetEntry, FleetStore } from "../store/fleet_store.ts";

/**
 * So long the server's time must have been later before a bucket is closed, milliseconds: a server whose
 * clock is wrong for a moment must not close the present.
 */
const WINDOW = 600_000;
/** So many buckets before the present one stay open: what a host sees late can still be claimed. */
const OPEN_BUCKETS = 2;
/** How long after a failed clean-up to try again, milliseconds. */
const RETRY_DELAY = 60_000;
const MAX_LISTED = 500;
const MAX_DELETES = 250;

/** What `new ClaimHorizon(…)` takes. */
export interface ClaimHorizonParts {
  readonly store: FleetStore;
  readonly keys: FleetKeys;
  readonly clock: Pick<Clock, "monotonic">;
  /** The id of the Roomz server. */
  readonly server: string;
}

/** The horizon of one Roomz server, as far as this host knows it. */
export class ClaimHorizon {
  /** Where it is stored. */
  readonly key: StorageKey;
  /** The id of the Roomz server. */
  readonly server: string;
  readonly #parts: ClaimHorizonParts;
  #known: { readonly bucket: number; readonly version: string | null } | undefined;
  /** The lowest time that the server has said in this window, and in the one before. */
  #lowest = Infinity;
  #settled = -Infinity;
  #windowEnd: number | undefined;
  #cleaning = false;
  #notBefore = -Infinity;

  /** Knows nothing before `read`. */
  constructor(parts: ClaimHorizonParts) {
    this.#parts = parts;
    this.server = parts.server;
    this.key = parts.keys.horizon(parts.server);
  }

  /** The check that a claim needs; undefined before `read`. */
  get check(): { readonly key: StorageKey; readonly version: string | null } | undefined {
    return this.#known && { key: this.key, version: this.#known.version };
  }

  /** Takes note of what is stored. */
  read(entry: FleetEntry | undefined): void {
    const bucket = typeof entry?.value.bucket === "number" ? entry.value.bucket : -Infinity;
    this.#known = { bucket, version: entry?.version ?? null };
  }

  /** Whether something can still be claimed in a bucket. */
  isOpen(bucket: number): boolean {
    return this.#known === undefined || bucket >= this.#known.bucket;
  }

  /** The Roomz server has said this time, milliseconds since 1970. */
  observe(time: number): void {
    const now = this.#parts.clock.monotonic();
    this.#windowEnd ??= now + WINDOW;
    if (now >= this.#windowEnd) {
      this.#settled = this.#lowest;
      this.#lowest = Infinity;
      this.#windowEnd = now + WINDOW;
    }
    this.#lowest = Math.min(this.#lowest, time);
  }

  /**
   * Closes buckets and deletes what they hold, if it is time for that; otherwise does nothing.
   * @throws The store fails; there is another attempt a minute later at the earliest.
   */
  async cleanUp(): Promise<void> {
    const target = bucketOf(this.#settled) - OPEN_BUCKETS;
    const known = this.#known;
    if (known === undefined || !(target > known.bucket) || this.#cleaning) return;
    const { store, clock } = this.#parts;
    if (clock.monotonic() < this.#notBefore) return;
    this.#notBefore = clock.monotonic() + RETRY_DELAY;
    this.#cleaning = true;
    try {
      const outcome = await store.commit({
        checks: [{ key: this.key, version: known.version }],
        sets: [{ key: this.key, value: { bucket: target } }],
      });
      // Whoever closed the buckets deletes; after a crash, whoever closes the next ones.
      if (outcome === "done") await this.#deleteBefore(target);
    } finally {
      this.#cleaning = false;
    }
  }

  async #deleteBefore(horizon: number): Promise<void> {
    const { store, keys } = this.#parts;
    const claims = keys.claims(this.server);
    for (;;) {
      const oldest = await store.list(claims, MAX_LISTED);
      const closed = oldest.map(({ key }) => key)
        .filter((key) => Number(key[claims.length]) < horizon);
      for (let at = 0; at < closed.length; at += MAX_DELETES) {
        const deletes = closed.slice(at, at + MAX_DELETES);
        await store.commit({ checks: [], sets: [], deletes });
      }
      if (closed.length < MAX_LISTED) return;
    }
  }
}
