/**
 * A host of a fleet: it joins, serves accounts, and leaves; if it is given up, it joins again as another.
 * @module
 */
import type { BotClient } from "../../context/bot_client.ts";
import type { BotLogger } from "../../context/bot_logger.ts";
import type { Bot } from "../../run/bot.ts";
import type { Platform } from "../../run/platform.ts";
import type { CompleteSettings } from "../../run/run_options.ts";
import { HostClaims, type Refusal } from "../claims/claims.ts";
import { ConnectPacer } from "./connect_pacer.ts";
import { FleetKeys } from "../store/fleet_keys.ts";
import type { AccountRecord } from "../store/fleet_records.ts";
import {
  type AccountState,
  countStates,
  type HostReport,
  newFigures,
  reportJson,
} from "../report/fleet_report.ts";
import type { FleetStore } from "../store/fleet_store.ts";
import type { HeldGap, HostServices, LeftOutcome } from "./held_account.ts";
import { HostLease } from "../lease/host_lease.ts";
import { HostLife } from "./host_life.ts";

/** Why an effect was not claimed, as the end of a sentence. */
const REFUSALS: Readonly<Record<Refusal, string>> = {
  "too old": "it is too old to find out whether another host had claimed it",
  "not claimed": "this host could not claim it before it had to stop",
  "unknown": "this host could not find out whether it had claimed it before it had to stop",
};

/** A host says that it cannot reach a server after this part of a lease without success. */
const UNREACHABLE_AFTER = 1 / 2;

/** What `new FleetHost(…)` takes: all that it does goes through these. */
export interface FleetHostParts {
  readonly bot: Bot;
  /** The fleet's name. */
  readonly fleet: string;
  readonly platform: Platform;
  readonly store: FleetStore;
  /** Those of every bot; the signal is this host's. */
  readonly settings: CompleteSettings;
  /** The length of the lease, milliseconds. */
  readonly lease: number;
  /** How many accounts the host can hold. */
  readonly capacity: number;
  /** How many connections of the fleet one Roomz server takes. */
  readonly serverCapacity: number;
  /** For people: where the host runs. */
  readonly hostName: string;
  /** An id that no host had before. */
  newHostId(): string;
  /** Makes the client of an account, not connected yet; it does not have to reconnect by itself. */
  openClient(id: string, account: AccountRecord): Promise<BotClient>;
  onUnknown(outcome: LeftOutcome): void;
  onGap(gap: HeldGap): void;
  onSetAside(account: AccountRecord, reason: string): void;
}

/** A host. */
export class FleetHost {
  readonly #parts: FleetHostParts;
  readonly #log: BotLogger;
  readonly #keys: FleetKeys;
  readonly #pacer: ConnectPacer;
  readonly #figures = newFigures();
  #lease: HostLease | undefined;
  /** Until when the leases of earlier lives were valid. */
  #lastValid = -Infinity;
  #life: HostLife | undefined;
  #claims: HostClaims | undefined;

  /** Nothing happens before `run`. */
  constructor(parts: FleetHostParts) {
    this.#parts = parts;
    this.#log = parts.settings.logger;
    this.#keys = new FleetKeys(parts.fleet);
    this.#pacer = new ConnectPacer(parts.platform, () => parts.platform.random());
  }

  /** Serves accounts until the settings' signal aborts, and then until others have taken them over. */
  async run(): Promise<void> {
    const { signal = new AbortController().signal } = this.#parts.settings;
    const wake = () => this.#life?.wake();
    signal.addEventListener("abort", wake);
    try {
      while (!signal.aborted) await this.#live(signal);
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }

  /** Whether this host may answer for an account now, or still finishes what it has begun to answer. */
  isAnswering(id: string): boolean {
    return this.#life?.isAnswering(id) ?? false;
  }

  /** Whether this host may answer for any account now. */
  get hasLease(): boolean {
    return this.#lease?.valid ?? false;
  }

  /** How long ago the lease ended, milliseconds; Infinity if there never was one. */
  get withoutLeaseFor(): number {
    const lastValid = Math.max(this.#lastValid, this.#lease?.lastValid ?? -Infinity);
    return Math.max(0, this.#parts.platform.monotonic() - lastValid);
  }

  /** What this host says of itself. */
  report(): HostReport {
    const now = this.#parts.platform.monotonic();
    const states: AccountState[] = [];
    const reached = new Set<string>();
    let waitingSince = this.#claims?.pendingSince ?? now;
    for (const account of this.#life?.accounts.values() ?? []) {
      states.push(account.state);
      if (account.ready) reached.add(account.source.record.server);
      waitingSince = Math.min(waitingSince, account.waitingSince ?? now);
    }
    const unreachable = this.#pacer.failing(this.#parts.lease * UNREACHABLE_AFTER)
      .filter((server) => !reached.has(server));
    const waiting = Math.ceil(now - waitingSince);
    return { accounts: countStates(states), counts: { ...this.#figures }, waiting, unreachable };
  }

  /** How long messages may have been missed that are not reported yet, milliseconds: others do it if it dies. */
  get #missing(): number {
    const now = this.#parts.platform.monotonic();
    let since = now;
    for (const { gap } of this.#life?.accounts.values() ?? []) {
      since = Math.min(since, gap.missingSince ?? now);
    }
    return Math.ceil(now - since);
  }

  /** One life: resolves when the host has left, or was given up. */
  async #live(signal: AbortSignal): Promise<void> {
    const { platform, store, settings, bot, hostName } = this.#parts;
    const { openClient, onUnknown, onGap, onSetAside } = this.#parts;
    const keys = this.#keys;
    this.#lastValid = Math.max(this.#lastValid, this.#lease?.lastValid ?? -Infinity);
    const lease = this.#lease = new HostLease({
      clock: platform,
      store,
      keys,
      logger: this.#log,
      id: this.#parts.newHostId(),
      capacity: this.#parts.capacity,
      length: this.#parts.lease,
      name: hostName,
      report: () => ({ ...reportJson(this.report()), missing: this.#missing }),
      onRestored: () => this.#life?.restored(),
      onFenced: () => {
        // Reports what was received and could not be claimed.
        this.#claims?.close();
        this.#log.error(
          "this host could not renew its lease in time, and others have taken over: it joins anew",
        );
        this.#life?.wake();
      },
    });
    await lease.join(signal);
    if (!signal.aborted && !lease.fenced) {
      const claims = this.#claims = new HostClaims({
        store,
        keys,
        clock: platform,
        logger: this.#log,
        host: lease.id,
        onFenced: () => lease.fence(),
        onRefused: (id, { id: effect }, why) => {
          // It may come after the end of this life: a claim was still under way.
          const account = life.accounts.get(id)?.source.record;
          if (account !== undefined) {
            services.onUnknown({ account, id: effect, reason: REFUSALS[why] });
          }
        },
      });
      const services: Omit<HostServices, "onChanged"> = {
        bot,
        platform,
        settings: { ...settings, signal: undefined, standalone: false, health: undefined },
        lease,
        pacer: this.#pacer,
        figures: this.#figures,
        openClient,
        claimsOf: (id, account) => claims.of(id, account),
        flushClaims: () => claims.flush(),
        onUnknown: (outcome) => {
          this.#figures.unknown++;
          onUnknown(outcome);
        },
        onGap: (gap) => {
          this.#figures.gaps++;
          onGap(gap);
        },
      };
      const life = this.#life = new HostLife({
        store,
        keys,
        leaseLength: this.#parts.lease,
        serverCapacity: this.#parts.serverCapacity,
        capacity: this.#parts.capacity,
        services,
        onSetAside,
      });
      this.#log.info(`joined the fleet ${this.#parts.fleet} as host ${lease.id}`);
      await life.run(signal);
      claims.close();
      this.#life = undefined;
    }
    await lease.end();
  }
}
