/**
 * Hosts of a fleet that claim effects in one store, on a virtual clock.
 * @module
 */
import { HostClaims, type Refusal } from "../../../../bot/fleet/claims/claims.ts";
import { FleetKeys } from "../../../../bot/fleet/store/fleet_keys.ts";
import { KvFleetStore } from "../../../../bot/fleet/store/kv_fleet_store.ts";
import type { Claims, Effect } from "../../../../bot/run/claims.ts";
import { KvDatabase } from "../../../../bot/storage/kv_database.ts";
import { VirtualClock } from "../../../../testing/virtual_clock.ts";
import { RecordingLogger } from "../../support/bot_log.ts";
import { type Fault, Line, SimulatedKv } from "./simulated_kv.ts";

export const SERVER = "https://roomz.example";
export const ACCOUNT = "account-a";
export const NOON = Date.UTC(2026, 10, 29, 12);

/** An effect at a time of the server, by default noon. */
export function effect(id: string, time = NOON, clock: Effect["clock"] = "server"): Effect {
  return { account: "user:ada@example.com", id, time, clock };
}

/** A host. */
export interface ClaimingHost {
  readonly id: string;
  readonly line: Line;
  readonly store: KvFleetStore;
  readonly claims: HostClaims;
  readonly ofAccount: Claims;
  readonly log: RecordingLogger;
  /** What it refused, as "id: reason". */
  readonly refused: string[];
  fenced: boolean;
}

/** A fleet of hosts that claim. */
export class ClaimingHosts {
  readonly clock = new VirtualClock(0);
  readonly keys = new FleetKeys("helper");
  readonly kv: SimulatedKv;
  readonly #delay: () => number;
  readonly #fault: (call: "read" | "commit") => Fault | undefined;

  constructor(
    { maxChecks = 10, delay = () => 1, fault = () => undefined }: {
      maxChecks?: number;
      delay?: () => number;
      fault?: (call: "read" | "commit") => Fault | undefined;
    } = {},
  ) {
    this.kv = new SimulatedKv(this.clock, maxChecks);
    this.#delay = delay;
    this.#fault = fault;
  }

  /** Joins a host. */
  async join(id: string): Promise<ClaimingHost> {
    const { clock, keys } = this;
    const line = new Line({ delay: this.#delay, fault: this.#fault });
    const path = this.kv.maxChecks === 10 ? "http://kv.test" : ":memory:";
    const open = this.kv.openThrough(line);
    const database = new KvDatabase(path, { timeout: 2_000, open, clock });
    const store = new KvFleetStore(database, [], 2_000);
    const log = new RecordingLogger();
    const refused: string[] = [];
    const claims = new HostClaims({
      store,
      keys,
      clock,
      logger: log,
      host: id,
      onFenced: () => void (host.fenced = true),
      onRefused: (_, effect, why: Refusal) => void refused.push(`${effect.id}: ${why}`),
    });
    const ofAccount = claims.of(ACCOUNT, { server: SERVER });
    const host = { id, line, store, claims, ofAccount, log, refused, fenced: false };
    await this.setState(host, "alive");
    return host;
  }

  /** Writes the record of a host, however bad its line is. */
  async setState(host: ClaimingHost, state: string): Promise<void> {
    this.setStateNow(host, state);
    await this.clock.settled();
  }

  /** Begins the same. */
  setStateNow(host: { readonly id: string }, state: string): void {
    const value = { state, capacity: 1, name: host.id, lease: 6_000 };
    void this.#write(this.keys.host(host.id), value);
  }

  /** Whether the record of a host says that it is dead. */
  isDead({ id }: { readonly id: string }): boolean {
    return this.kv.entries().some(({ key, value }) => {
      return key[3] === "host" && key[4] === id &&
        new TextDecoder().decode(value).includes('"dead"');
    });
  }

  /** Writes a record at once. */
  async write(key: readonly string[], value: Record<string, unknown>): Promise<void> {
    void this.#write(key, value);
    await this.clock.settled();
  }

  #write(key: readonly string[], value: Record<string, unknown>): Promise<unknown> {
    const { clock, kv } = this;
    const open = kv.openThrough(new Line({ delay: () => 0 }));
    const database = new KvDatabase("http://kv.test", { timeout: 1e9, open, clock });
    return new KvFleetStore(database, [], 1e9).commit({ checks: [], sets: [{ key, value }] });
  }

  /** The stored keys whose fourth part is `kind`, such as "claim". */
  stored(kind: string): readonly (readonly string[])[] {
    return this.kv.entries().map(({ key }) => key.map(String)).filter((key) => key[3] === kind);
  }

  /** Lets time pass until a promise is settled. */
  async until<T>(promise: Promise<T>, limit = 3_600_000): Promise<T> {
    let settled = false;
    const done = () => void (settled = true);
    promise.then(done, done);
    const end = this.clock.monotonic() + limit;
    await this.clock.settled();
    while (!settled && this.clock.monotonic() < end) {
      if (!await this.clock.advanceToNextTimer()) break;
    }
    if (!settled) throw new Error("It is never settled: a wake-up was lost.");
    return await promise;
  }
}
