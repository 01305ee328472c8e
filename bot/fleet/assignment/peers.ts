/**
 * The hosts of a fleet as one of them sees them: who lives, who leaves, and who has to be fenced.
 * @module
 */
import { isJsonObject, type JsonObject } from "../../../client/base/json.ts";
import type { Clock } from "../../context/clock.ts";
import type { HostToFill } from "./assignment.ts";
import type { FleetKeys } from "../store/fleet_keys.ts";
import { type HostRecord, readHost } from "../store/fleet_records.ts";
import { CALL_TIME, type FleetStore } from "../store/fleet_store.ts";

/** A host that has not renewed its lease for this part of it may have died. */
const SUSPICION = 3 / 10;

/** A host as it was read. */
interface Peer {
  readonly version: string;
  /** Undefined if the record cannot be read: the host is then taken to be alive, and left alone. */
  readonly record: HostRecord | undefined;
  readonly beat: string | null;
  readonly report: JsonObject;
}

/** A time by both clocks of this host: one may be set, the other stands still while the machine sleeps. */
interface Moment {
  readonly now: number;
  readonly monotonic: number;
}

/** When a beat was first seen. */
interface Sighting {
  readonly beat: string | null;
  /** By this host's monotonic clock. */
  readonly at: number;
  /** When the read before began; undefined if there was none: the host may have died at any time before. */
  readonly seenBefore: Moment | undefined;
  /**
   * What was said so long before that the host has received and claimed, or has reported as missed,
   * milliseconds; it may have died right after.
   */
  readonly behind: number;
}

/** What `new Peers(…)` takes. */
export interface PeersParts {
  readonly clock: Clock;
  readonly store: FleetStore;
  readonly keys: FleetKeys;
  /** The id of this host. */
  readonly me: string;
}

/** The hosts of a fleet. */
export class Peers {
  readonly #parts: PeersParts;
  #peers = new Map<string, Peer>();
  readonly #sightings = new Map<string, Sighting>();
  /** When the latest read began. */
  #readAt: Moment | undefined;

  /** Nothing is known before the first `read`. */
  constructor(parts: PeersParts) {
    this.#parts = parts;
  }

  /**
   * Reads the hosts. Holder records that are compared with them must have been read before: a host that
   * one of those names has joined by then, so if it is not here, it is gone.
   */
  async read(): Promise<void> {
    const { clock, store, keys, me } = this.#parts;
    const begun = { now: clock.now(), monotonic: clock.monotonic() };
    const hosts = await store.list(keys.hosts);
    const beats = new Map(
      (await store.list(keys.beats)).map((entry) => [entry.key.at(-1), entry]),
    );
    // The end of the read is later than the writing of what was read, and so on the safe side.
    const seenAt = clock.monotonic();
    this.#peers = new Map();
    for (const { key, value, version } of hosts) {
      const id = key.at(-1) ?? "";
      const beat = beats.get(id);
      const report = beat?.value.report;
      this.#peers.set(id, {
        version,
        record: readHost(value),
        beat: beat?.version ?? null,
        report: isJsonObject(report) ? report : {},
      });
      if (id !== me) this.#see(id, beat?.version ?? null, seenAt);
    }
    for (const id of this.#sightings.keys()) {
      if (!this.#peers.has(id)) this.#sightings.delete(id);
    }
    this.#readAt = begun;
  }

  #see(id: string, beat: string | null, at: number): void {
    if (this.#sightings.get(id)?.beat === beat) return;
    const { record, report } = this.#peers.get(id) ?? {};
    const { waiting, missing } = report ?? {};
    const oldest = Math.max(...[waiting, missing].map((age) => typeof age === "number" ? age : 0));
    // What a renewal reports may be as old as its call was long when it is stored.
    const behind = oldest + CALL_TIME * (record?.lease ?? 0);
    this.#sightings.set(id, { beat, at, seenBefore: this.#readAt, behind });
  }

  /** Whether a host may be acting: it is neither dead nor gone. This host itself always may. */
  isLive(host: string): boolean {
    if (host === this.#parts.me) return true;
    const peer = this.#peers.get(host);
    return peer !== undefined && peer.record?.state !== "dead";
  }

  /** Whether a host that lives may have died, because it has not renewed its lease for a while. */
  isSuspect(host: string): boolean {
    const record = this.#peers.get(host)?.record;
    const seen = this.#sightings.get(host);
    if (record === undefined || seen === undefined) return false;
    return this.#parts.clock.monotonic() - seen.at >= SUSPICION * record.lease;
  }

  /** Whether a host lives for sure: it has renewed its lease since it was seen first, and not long ago. */
  isProven(host: string): boolean {
    return this.#sightings.get(host)?.seenBefore !== undefined && !this.isSuspect(host);
  }

  /** Whether others see this host leave. */
  get leaves(): boolean {
    return this.#peers.get(this.#parts.me)?.record?.state === "leaving";
  }

  /** Whether this host does what one host has to do for all. */
  get keeps(): boolean {
    const ids = this.candidates.map(({ host }) => host).sort();
    return ids[0] === this.#parts.me;
  }

  /** The hosts that can hold accounts: those that live, as far as one can tell, and stay. */
  get candidates(): HostToFill[] {
    const candidates: HostToFill[] = [];
    for (const [host, { record, report }] of this.#peers) {
      if (record?.state !== "alive" || this.isSuspect(host)) continue;
      candidates.push({ host, capacity: record.capacity, unreachable: unreachableIn(report) });
    }
    return candidates;
  }

  /** A text that changes with everything that is known of the hosts but their beats. */
  get summary(): string {
    return JSON.stringify(
      Array.from(this.#peers, ([host, { record, report }]) => {
        const flags = [this.isSuspect(host), this.isProven(host)];
        return [host, record?.state, ...flags, ...unreachableIn(report)];
      }),
    );
  }

  /** The hosts that are dead, whose records can go when nothing refers to them any more. */
  get dead(): readonly { readonly host: string; readonly version: string }[] {
    return [...this.#peers].filter(([, { record }]) => record?.state === "dead")
      .map(([host, { version }]) => ({ host, version }));
  }

  /** A host has dealt with what was said by this time, milliseconds since 1970; undefined if unknown. */
  lastAlive(host: string): number | undefined {
    const { seenBefore, behind = 0 } = this.#sightings.get(host) ?? {};
    if (seenBefore === undefined) return undefined;
    const { clock } = this.#parts;
    const elapsed = clock.now() - (clock.monotonic() - seenBefore.monotonic);
    return Math.min(seenBefore.now, elapsed) - behind;
  }

  /** How long until the lease of a host runs out if it is not renewed, milliseconds. */
  get nextExpiry(): number {
    const now = this.#parts.clock.monotonic();
    let next = Infinity;
    for (const [id, { at }] of this.#sightings) {
      const record = this.#peers.get(id)?.record;
      if (record === undefined || record.state === "dead") continue;
      next = Math.min(next, at + record.lease - now);
    }
    return Math.max(0, next);
  }

  /** Declares hosts dead whose beat has not changed for a whole lease; returns which. */
  async fence(): Promise<readonly string[]> {
    const { clock, store, keys } = this.#parts;
    const fenced: string[] = [];
    for (const [id, { at, beat }] of this.#sightings) {
      const peer = this.#peers.get(id);
      const record = peer?.record;
      if (peer === undefined || record === undefined || record.state === "dead") continue;
      if (clock.monotonic() - at < record.lease) continue;
      const outcome = await store.commit({
        checks: [
          { key: keys.host(id), version: peer.version },
          // It has not renewed its lease in the meantime either.
          { key: keys.beat(id), version: beat },
        ],
        sets: [
          { key: keys.host(id), value: { ...record, state: "dead" } },
          { key: keys.revision, value: {} },
        ],
      });
      if (outcome === "conflict") continue;
      // Its version is read the next time.
      this.#peers.set(id, { ...peer, record: { ...record, state: "dead" }, version: "" });
      fenced.push(id);
    }
    return fenced;
  }
}

function unreachableIn({ unreachable }: JsonObject): ReadonlySet<string> {
  if (!Array.isArray(unreachable)) return new Set();
  return new Set(unreachable.filter((server) => typeof server === "string"));
}
