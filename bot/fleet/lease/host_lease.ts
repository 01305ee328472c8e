/**
 * The lease of a host: as long as it is valid, nobody else takes over what the host holds.
 *
 * It is counted from the sending of a renewal that is known to have landed, by the host's own monotonic
 * clock. Others count from when they first saw that renewal, which is later. So a host stops by itself
 * before anyone takes over, whatever the clocks of the machines say.
 * @module
 */
import type { JsonObject } from "../../../client/base/json.ts";
import type { BotLogger } from "../../context/bot_logger.ts";
import type { Clock } from "../../context/clock.ts";
import type { FleetKeys } from "../store/fleet_keys.ts";
import { type HostRecord, readHost } from "../store/fleet_records.ts";
import type { FleetStore } from "../store/fleet_store.ts";

/** Monotonic clocks of two machines drift apart: this part of a lease is not used. */
const MARGIN = 0.05;
/** A renewal is sent so many times within a lease. */
const RENEWALS = 6;
/** One that is not known to have landed is sent again after this part of a lease. */
const RETRY_DELAY = 1 / 24;

/** What `new HostLease(…)` takes. */
export interface HostLeaseParts {
  readonly clock: Clock;
  /** Its calls end within a third of a lease: see `CALL_TIME`. */
  readonly store: FleetStore;
  readonly keys: FleetKeys;
  readonly logger: BotLogger;
  /** An id that no host had before: a host that was given up never comes back. */
  readonly id: string;
  readonly capacity: number;
  /** The length of the lease, milliseconds. */
  readonly length: number;
  /** For people: where the host runs. */
  readonly name: string;
  /** What the host publishes of itself with each renewal. */
  report(): JsonObject;
  /** The lease is valid again after it had run out. */
  onRestored(): void;
  /** Others have taken over: this host must never answer again. */
  onFenced(): void;
}

/** One life of a host, from joining a fleet to leaving it. */
export class HostLease {
  readonly #parts: HostLeaseParts;
  /** The version of the host's record; undefined before it has joined. */
  #version: string | undefined;
  #validUntil = -Infinity;
  #lastValid = -Infinity;
  #beats = 0;
  #state: "joining" | "alive" | "leaving" | "fenced" | "ended" = "joining";
  #cancelTimer: (() => void) | undefined;
  #failing = false;

  /** Nothing is written before `join`. */
  constructor(parts: HostLeaseParts) {
    this.#parts = parts;
  }

  /** The host's id. */
  get id(): string {
    return this.#parts.id;
  }

  /** Whether the host may act on what it holds, now. */
  get valid(): boolean {
    return this.#parts.clock.monotonic() < this.#validUntil;
  }

  /** Until when it was valid the last time, or is now, by the clock's `monotonic()`. */
  get lastValid(): number {
    return this.#lastValid;
  }

  /** Whether others have taken over. */
  get fenced(): boolean {
    return this.#state === "fenced";
  }

  /** A check for commits: they fail once others have taken over, however late they are made. */
  get check(): { readonly key: readonly string[]; readonly version: string | null } {
    return { key: this.#parts.keys.host(this.id), version: this.#version ?? null };
  }

  /**
   * Joins the fleet, and keeps the lease valid from then on. Resolves once it is valid; keeps trying
   * while the store does not answer.
   */
  async join(signal: AbortSignal): Promise<void> {
    const { store, keys } = this.#parts;
    while (!signal.aborted && this.#version === undefined && !this.fenced) {
      try {
        // If an earlier attempt was made after all, this conflicts, and the record is there.
        await store.commit({
          checks: [{ key: keys.host(this.id), version: null }],
          sets: [
            { key: keys.host(this.id), value: this.#record("alive") },
            { key: keys.beat(this.id), value: this.#beat() },
            { key: keys.revision, value: {} },
          ],
        });
        await this.#readRecord();
      } catch (error) {
        this.#failed(error);
        await this.#pause();
      }
    }
    while (!signal.aborted && !this.valid && !this.fenced) await this.#renewOrPause();
    if (!signal.aborted && !this.fenced) this.#renewLater(this.#parts.length / RENEWALS);
  }

  /** Announces that the host leaves: others take over what it holds. Resolves once that is stored. */
  async leave(): Promise<void> {
    while (this.#state === "alive") {
      try {
        const { store, keys } = this.#parts;
        await store.commit({
          checks: [this.check],
          sets: [
            { key: keys.host(this.id), value: this.#record("leaving") },
            { key: keys.revision, value: {} },
          ],
        });
        await this.#readRecord();
      } catch (error) {
        this.#failed(error);
        await this.#pause();
      }
    }
  }

  /** Stops renewing, and removes the host's records, once: others remove what stays behind. */
  async end(): Promise<void> {
    const { store, keys, logger } = this.#parts;
    const removes = this.#version !== undefined && !this.fenced;
    this.#state = "ended";
    this.#validUntil = -Infinity;
    this.#cancelTimer?.();
    if (!removes) return;
    try {
      await store.commit({
        checks: [this.check],
        sets: [{ key: keys.revision, value: {} }],
        deletes: [keys.host(this.id), keys.beat(this.id)],
      });
    } catch (error) {
      logger.warn(`could not remove this host's records, so others wait for its lease: ${error}`);
    }
  }

  #renewLater(delay: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#parts.clock.schedule(() => void this.#renew(), delay);
  }

  async #renew(): Promise<void> {
    if (!this.#isMember) return;
    const started = this.#parts.clock.monotonic();
    const renewed = await this.#tryToRenew();
    if (!this.#isMember) return;
    const { length, clock } = this.#parts;
    const delay = renewed ? started + length / RENEWALS - clock.monotonic() : length * RETRY_DELAY;
    this.#renewLater(Math.max(0, delay));
  }

  async #renewOrPause(): Promise<void> {
    if (!await this.#tryToRenew()) await this.#pause();
  }

  /** Sends one renewal; whether it is known to have landed. */
  async #tryToRenew(): Promise<boolean> {
    const { clock, store, keys, length, onRestored } = this.#parts;
    try {
      const [before] = await store.get([keys.beat(this.id)]);
      // Taken before it is sent: others see it later than this.
      const sentAt = clock.monotonic();
      const outcome = await store.commit({
        checks: [
          this.check,
          // A copy of an earlier renewal that arrives late must not replace one that nobody has seen yet, nor
          // look like a sign of life of a host that has died.
          { key: keys.beat(this.id), version: before?.version ?? null },
        ],
        sets: [{ key: keys.beat(this.id), value: this.#beat() }],
      });
      if (!this.#isMember) return false;
      if (outcome === "conflict") {
        // The record of this host has changed, if not just its beat. By the clock it may still be valid; it
        // is not, if the machine was suspended, because then the clock stood still.
        this.#validUntil = -Infinity;
        await this.#readRecord();
        return this.#isMember && await this.#tryToRenew();
      }
      const hadRunOut = !this.valid;
      this.#validUntil = Math.max(this.#validUntil, sentAt + length * (1 - MARGIN));
      this.#lastValid = this.#validUntil;
      this.#succeeded();
      if (hadRunOut && this.valid) onRestored();
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  get #isMember(): boolean {
    return this.#state === "alive" || this.#state === "leaving";
  }

  /** Reads what has become of this host's record. */
  async #readRecord(): Promise<void> {
    const { store, keys } = this.#parts;
    const [entry] = await store.get([keys.host(this.id)]);
    if (this.#state === "ended" || this.fenced) return;
    const record = entry === undefined ? undefined : readHost(entry.value);
    if (entry !== undefined && (record?.state === "alive" || record?.state === "leaving")) {
      this.#version = entry.version;
      this.#state = record.state;
      return;
    }
    // A join that has not landed yet leaves nothing to read.
    if (entry === undefined && this.#state === "joining") return;
    this.fence();
  }

  /** Others have given this host up. */
  fence(): void {
    if (this.#state === "ended" || this.fenced) return;
    this.#state = "fenced";
    this.#validUntil = -Infinity;
    this.#cancelTimer?.();
    this.#parts.onFenced();
  }

  #record(state: HostRecord["state"]): JsonObject {
    const { capacity, name, length } = this.#parts;
    return { state, capacity, name, lease: length };
  }

  #beat(): JsonObject {
    return { beat: ++this.#beats, report: this.#parts.report() };
  }

  #pause(): Promise<void> {
    const { clock, length } = this.#parts;
    return new Promise((resolve) => clock.schedule(resolve, length * RETRY_DELAY));
  }

  #failed(error: unknown): void {
    if (this.#failing) return;
    this.#failing = true;
    this.#parts.logger.warn(
      `could not renew the lease of this host, so it stops answering soon: ${error}`,
    );
  }

  #succeeded(): void {
    if (this.#failing) this.#parts.logger.info("the lease of this host is renewed again");
    this.#failing = false;
  }
}
