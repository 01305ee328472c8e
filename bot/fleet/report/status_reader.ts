/**
 * Reads the state of a fleet from its store: the accounts, who holds them, and what the hosts say.
 *
 * No clock of a host is compared with the reader's: that a host renews its lease shows only in two readings.
 * @module
 */
import { isJsonObject } from "../../../client/base/json.ts";
import type { Clock } from "../../context/clock.ts";
import { accountOf, type FleetAccount } from "../accounts/accounts.ts";
import type { FleetKeys } from "../store/fleet_keys.ts";
import { type HostRecord, type HostState, readHost } from "../store/fleet_records.ts";
import { type HostReport, readReport } from "./fleet_report.ts";
import type { FleetStore } from "../store/fleet_store.ts";
import { FleetView } from "../store/fleet_view.ts";

/** An account of a fleet, and who answers for it. */
export interface AccountStatus extends FleetAccount {
  /** The host that answers for it, or is about to; null if there is none. */
  readonly host: string | null;
  /**
   * `held`: one host answers for it, as soon as it is connected; `handing over`: another host waits for
   * that one to finish; `unheld`: nobody answers for it, also because its
   * host does not renew its lease and no other has taken over yet; `set aside`: it is not served.
   */
  readonly state: "held" | "handing over" | "unheld" | "set aside";
}

/** A host of a fleet, and what it last said of itself. */
export interface HostStatus extends HostReport {
  /** The id of the host; a process that joins again has another. */
  readonly id: string;
  /** For people: what it is called, by default the name of its machine. */
  readonly name: string;
  /** Whether it takes part, is handing over, or was given up by the others. */
  readonly state: HostState;
  /** How many accounts it can hold. */
  readonly capacity: number;
  /** The length of its lease, milliseconds. */
  readonly lease: number;
  /** How many accounts name it as their host. */
  readonly holds: number;
  /**
   * Whether it renews its lease: it was seen to within a lease (true), it was not (false), or it has not
   * been watched for long enough to say (null).
   */
  readonly renews: boolean | null;
  /** For how long its latest renewal has been known here, milliseconds. */
  readonly renewedFor: number;
}

/** The state of a fleet at one moment. */
export interface FleetStatus {
  /** The accounts, by their addresses. */
  readonly accounts: readonly AccountStatus[];
  /** The hosts, by their names. */
  readonly hosts: readonly HostStatus[];
}

/** The latest renewal of a host. */
interface Sighting {
  readonly beat: string | undefined;
  /** When it was first seen, by the reader's monotonic clock. */
  readonly at: number;
  /** Whether an earlier one was seen. Otherwise this one may be of any age. */
  readonly changed: boolean;
}

/** Reads the state of one fleet, again and again. */
export class StatusReader {
  readonly #store: FleetStore;
  readonly #keys: FleetKeys;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #view: FleetView;
  #sightings = new Map<string, Sighting>();

  constructor(store: FleetStore, keys: FleetKeys, clock: Pick<Clock, "monotonic">) {
    this.#store = store;
    this.#keys = keys;
    this.#clock = clock;
    this.#view = new FleetView(store, keys);
  }

  /** Reads the state now. Accounts and holders are listed only when they have changed. */
  async read(): Promise<FleetStatus> {
    await this.#view.read();
    // After the holders: a host that one of those names has joined by then.
    const hosts = await this.#readHosts();
    const living = new Set(
      hosts.filter(({ state, renews }) => state !== "dead" && renews !== false).map(({ id }) => id),
    );
    return { accounts: this.#accounts(living), hosts };
  }

  async #readHosts(): Promise<HostStatus[]> {
    const entries = await this.#store.list(this.#keys.hosts);
    const beats = new Map(
      (await this.#store.list(this.#keys.beats)).map((entry) => [entry.key.at(-1), entry]),
    );
    const now = this.#clock.monotonic();
    const held = this.#heldByHost();
    const sightings = new Map<string, Sighting>();
    const hosts = entries.flatMap(({ key, value }): HostStatus[] => {
      const id = key.at(-1) ?? "";
      const record = readHost(value);
      if (record === undefined) return [];
      const beat = beats.get(id);
      const before = this.#sightings.get(id);
      const sighting = before !== undefined && before.beat === beat?.version
        ? before
        : { beat: beat?.version, at: now, changed: before !== undefined };
      sightings.set(id, sighting);
      const report = beat?.value.report;
      return [{
        id,
        ...record,
        holds: held.get(id) ?? 0,
        ...renewal(record, sighting, now),
        ...readReport(isJsonObject(report) ? report : {}),
      }];
    });
    this.#sightings = sightings;
    return hosts.sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id));
  }

  #heldByHost(): ReadonlyMap<string, number> {
    const held = new Map<string, number>();
    for (const [id, { record: { host } }] of this.#view.holders) {
      if (host === null || !this.#view.accounts.has(id)) continue;
      held.set(host, (held.get(host) ?? 0) + 1);
    }
    return held;
  }

  #accounts(living: ReadonlySet<string>): AccountStatus[] {
    const accounts = [...this.#view.accounts].map(([id, { record }]): AccountStatus => {
      const holder = this.#view.holders.get(id)?.record;
      const host = holder?.host ?? null;
      const isHeld = host !== null && living.has(host);
      const state = record.setAside !== undefined
        ? "set aside"
        : !isHeld
        ? "unheld"
        : holder?.from === undefined
        ? "held"
        : "handing over";
      return { ...accountOf(id, record), host: isHeld ? host : null, state };
    });
    return accounts.sort((a, b) => compare(a.email, b.email) || compare(a.id, b.id));
  }
}

function renewal(
  { state, lease }: HostRecord,
  { at, changed }: Sighting,
  now: number,
): Pick<HostStatus, "renews" | "renewedFor"> {
  const renewedFor = now - at;
  const renews = state === "dead" || renewedFor >= lease ? false : changed ? true : null;
  return { renews, renewedFor };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
