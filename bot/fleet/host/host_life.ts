/**
 * One life of a host, from joining a fleet to leaving it or being given up: it reads what the store says,
 * and does its own part of it.
 * @module
 */
import type { BotLogger } from "../../context/bot_logger.ts";
import { Alarm } from "./alarm.ts";
import { assign } from "../assignment/assignment.ts";
import type { FleetKeys } from "../store/fleet_keys.ts";
import type { AccountRecord, HolderRecord } from "../store/fleet_records.ts";
import type { FleetStore } from "../store/fleet_store.ts";
import { FleetView, type Versioned } from "../store/fleet_view.ts";
import { HeldAccount, type HostServices } from "./held_account.ts";
import { HolderChanges } from "../assignment/holder_changes.ts";
import { nextStep, type Step } from "../assignment/holding.ts";
import { LeftEffects } from "./left_effects.ts";
import { Orphans } from "../assignment/orphans.ts";
import { Peers } from "../assignment/peers.ts";

/** The store is read so many times within a lease; more often while something is under way. */
const READS = 12;
const BUSY_READS = 60;
/** At most this part of the time is spent on reading; but a store that was slow once is soon read again. */
const READING_SHARE = 1 / 4;
/** Whoever takes an account over has so many leases to report what its holder left. */
const REPORT_LEASES = 2;

/** The host that should take an account has this part of a lease to do so. */
const ORPHAN_TIME = 1 / 6;

/** What `new HostLife(…)` takes. */
export interface HostLifeParts {
  readonly store: FleetStore;
  readonly keys: FleetKeys;
  /** The length of the lease, milliseconds. */
  readonly leaseLength: number;
  readonly serverCapacity: number;
  /** How many accounts this host can hold. */
  readonly capacity: number;
  readonly services: Omit<HostServices, "onChanged">;
  /** An account is not served any more. */
  onSetAside(account: AccountRecord, reason: string): void;
}

/** One life of a host that has joined. */
export class HostLife {
  readonly #parts: HostLifeParts;
  readonly #services: HostServices;
  readonly #log: BotLogger;
  readonly #alarm: Alarm;
  readonly #view: FleetView;
  readonly #peers: Peers;
  readonly #orphans: Orphans;
  readonly #changes: HolderChanges;
  readonly #left: LeftEffects;
  readonly #accounts = new Map<string, HeldAccount>();
  /** The accounts that are being set aside. */
  readonly #settingAside = new Set<string>();
  /** Whether something is under way, so that the store is read again soon. */
  #isBusy = false;
  /** Whether something has happened here since the latest decision. */
  #hasChanged = true;
  /** `Peers.summary` at the latest decision. */
  #decidedWith = "";
  #failing = false;

  /** Nothing happens before `run`. */
  constructor(parts: HostLifeParts) {
    this.#parts = parts;
    const { store, keys, leaseLength } = parts;
    const { lease, platform: clock, settings, onUnknown } = parts.services;
    this.#services = { ...parts.services, onChanged: () => this.#changed() };
    this.#log = settings.logger;
    this.#alarm = new Alarm(clock);
    this.#view = new FleetView(store, keys);
    this.#peers = new Peers({ clock, store, keys, me: lease.id });
    const patience = ORPHAN_TIME * leaseLength;
    this.#orphans = new Orphans({ clock, peers: this.#peers, patience });
    this.#changes = new HolderChanges({ store, keys, lease });
    this.#left = new LeftEffects({
      clock,
      store,
      keys,
      patience: REPORT_LEASES * leaseLength,
      onUnknown,
    });
  }

  /** The accounts of this host. */
  get accounts(): ReadonlyMap<string, HeldAccount> {
    return this.#accounts;
  }

  /** Whether this host may answer for an account now, or still finishes what it has begun to answer. */
  isAnswering(id: string): boolean {
    const account = this.#accounts.get(id);
    return this.#services.lease.valid && account?.opened === true && !account.drained;
  }

  /** The lease is valid again. */
  restored(): void {
    for (const account of this.#accounts.values()) account.restored();
  }

  /** The lease is lost for ever, or `run` is to look at its signal. */
  wake(): void {
    this.#alarm.ring();
  }

  /** Serves accounts until the host is given up, or has handed everything over after `leaving`. */
  async run(leaving: AbortSignal): Promise<void> {
    const { leaseLength } = this.#parts;
    const { lease, platform: clock, settings } = this.#services;
    let leaveBy = Infinity;
    let left = Infinity;
    while (!lease.fenced) {
      if (leaving.aborted && leaveBy === Infinity) void lease.leave();
      // As long as accounts are handed over, those that are left get their time.
      if (leaving.aborted && this.#accounts.size < left) {
        left = this.#accounts.size;
        leaveBy = clock.monotonic() + settings.drainTimeout + leaseLength;
      }
      const started = clock.monotonic();
      await this.#readAndAct();
      if (this.#peers.leaves && this.#accounts.size === 0 && !this.#isNamed()) break;
      if (clock.monotonic() >= leaveBy) break;
      const pause = leaseLength / (this.#isBusy || leaving.aborted ? BUSY_READS : READS);
      const rest = Math.min((clock.monotonic() - started) / READING_SHARE, leaseLength / READS);
      await this.#alarm.wait(Math.max(rest, Math.min(pause, this.#peers.nextExpiry)));
    }
    await this.#end();
  }

  /** Ends what is left: after a hand-over nothing, unless nobody has followed in time. */
  async #end(): Promise<void> {
    const accounts = [...this.#accounts.values()];
    if (this.#services.lease.fenced) {
      // They stay known: a claim that is under way may have to be reported for one of them.
      await Promise.all(accounts.map((account) => account.abandon()));
      return;
    }
    this.#accounts.clear();
    const missed = this.#services.platform.now();
    await Promise.all(accounts.map((account) => account.interrupt()));
    await Promise.all(accounts.map((account) => account.close()));
    const { id } = this.#services.lease;
    await Promise.all([...this.#view.holders].map(async ([account, { record, version }]) => {
      if (record.host !== id && record.from !== id) return;
      const { host, fence, from, ...rest } = record;
      const before = from === undefined || from === id ? {} : { from };
      await this.#changes.change(
        account,
        version,
        host === id
          // Nobody receives what is said, until somebody takes the account.
          ? { host: null, fence: fence + 1, missed, ...rest, ...before }
          : { host, fence, ...rest },
      );
    }));
  }

  /** Whether the store names this host for an account. */
  #isNamed(): boolean {
    const { id } = this.#services.lease;
    for (const { record } of this.#view.holders.values()) {
      if (record.host === id || record.from === id) return true;
    }
    return false;
  }

  async #readAndAct(): Promise<void> {
    const { moment } = this.#changes;
    try {
      // In this order: see `Peers.read`.
      const changed = await this.#view.read();
      await this.#peers.read();
      const fenced = await this.#peers.fence();
      for (const host of fenced) {
        this.#log.warn(`host ${host} does not renew its lease: taking over`);
      }
      if (this.#failing) this.#log.info("the fleet's storage answers again");
      this.#failing = false;
      const hosts = this.#peers.summary;
      if (changed || this.#isBusy || this.#hasChanged || hosts !== this.#decidedWith) {
        this.#hasChanged = false;
        this.#decidedWith = hosts;
        this.#decide(moment);
      }
      await this.#left.cleanUp(this.#peers, this.#view.accounts, this.#view.holders);
    } catch (error) {
      this.#services.figures.storeErrors++;
      if (!this.#failing) this.#log.warn(`the fleet's storage fails: ${error}`);
      this.#failing = true;
    }
  }

  /** Does this host's part for every account, given what was read after `moment`. */
  #decide(moment: number): void {
    const { lease } = this.#services;
    if (lease.fenced) return;
    this.#isBusy = false;
    const { accounts, holders } = this.#view;
    const active = [...accounts].filter(([, { record }]) => record.setAside === undefined);
    const targets = assign(
      active.map(([account, { record }]) => ({
        account,
        server: record.server,
        holder: holders.get(account)?.record.host ?? undefined,
      })),
      this.#peers.candidates,
      this.#parts.serverCapacity,
    );
    this.#adoptOrphans(targets);
    for (const id of new Set([...accounts.keys(), ...holders.keys(), ...this.#accounts.keys()])) {
      if (this.#changes.isOutdated(id, moment)) this.#isBusy = true;
      else this.#decideOn(id, accounts.get(id), holders.get(id), targets.get(id));
    }
  }

  /** Makes this host the target of accounts whose targets have not taken them for a while. */
  #adoptOrphans(targets: Map<string, string>): void {
    let free = this.#parts.capacity - this.#accounts.size;
    for (const id of this.#orphans.overdue(targets.keys(), this.#view.holders)) {
      // One that it has begun to connect has its place already.
      if (this.#accounts.has(id) || free-- > 0) targets.set(id, this.#services.lease.id);
    }
    this.#isBusy ||= this.#orphans.areWaiting;
  }

  #decideOn(
    id: string,
    source: Versioned<AccountRecord> | undefined,
    holder: Versioned<HolderRecord> | undefined,
    target: string | undefined,
  ): void {
    const account = this.#accounts.get(id);
    const isActive = source !== undefined && source.record.setAside === undefined;
    const step = nextStep({
      me: this.#services.lease.id,
      record: holder?.record,
      active: isActive,
      target,
      leaving: this.#peers.leaves,
      ready: account?.ready ?? false,
      isLive: (host) => this.#peers.isLive(host),
      isSuspect: (host) => this.#peers.isSuspect(host),
      isProven: (host) => this.#peers.isProven(host),
    });
    const version = holder?.version ?? null;
    if (step.do === "let go") {
      if (account !== undefined) this.#remove(id, account);
      if (!isActive && holder !== undefined) this.#forgetDead(id, holder);
    } else if (step.do === "hand over") {
      this.#handOver(id, account, version, isActive ? this.#withGap(step.next) : step.next);
    } else if (source !== undefined) {
      if (account?.refused !== undefined) this.#setAside(id, account, source, account.refused);
      else this.#hold(id, account ?? this.#add(id, source), version, holder?.record, step);
    }
  }

  /** Is connected, and whatever else there is to do for an account. */
  #hold(
    id: string,
    account: HeldAccount,
    version: string | null,
    record: HolderRecord | undefined,
    step: Exclude<Step, { do: "let go" | "hand over" }>,
  ): void {
    // Everything else wakes this host by itself.
    this.#isBusy ||= step.do === "wait";
    if (step.do === "wait") account.named();
    if (account.ended) {
      // It was about to be handed over, and came back.
      if (account.drained) this.#remove(id, account);
      this.#isBusy = true;
    } else if (step.do === "take") {
      void this.#take(id, account, version, step.next, step.dead);
    } else if (step.do === "answer" && record !== undefined) {
      this.#answer(id, account, version, record);
    }
  }

  #answer(id: string, account: HeldAccount, version: string | null, record: HolderRecord): void {
    const { missed, ...next } = record;
    // An earlier change that gave the account away may still be made: rule that out first.
    if (this.#changes.isUnsettled(id, version)) {
      return void this.#take(id, account, version, record, []);
    }
    if (missed !== undefined) account.gap.since(missed === 0 ? undefined : missed, false);
    account.open(record.fence);
    if (missed !== undefined && account.gap.isReported) void this.#change(id, version, next);
  }

  async #take(
    id: string,
    account: HeldAccount,
    version: string | null,
    next: HolderRecord,
    dead: readonly string[],
  ): Promise<void> {
    account.named(); // Even if nobody learns that it was done.
    const isAlone = next.from === undefined;
    const marked = dead.length > 0 && isAlone ? { missed: this.#lastAlive(dead), ...next } : next;
    if (!await this.#change(id, version, marked) || !isAlone) return;
    if (dead.length > 0) {
      this.#services.figures.takeovers++;
      void this.#reportLeft(id, account, dead);
    }
    if (marked.missed !== undefined) {
      // Asked once more, because the time of day may have been set meanwhile.
      const isOwnTime = next.missed === undefined;
      const missed = isOwnTime ? this.#lastAlive(dead) : next.missed;
      account.gap.since(missed === 0 ? undefined : missed, isOwnTime);
    }
    account.open(next.fence);
  }

  /** Until when one of these hosts is known to have lived; 0 if that is unknown. */
  #lastAlive(hosts: readonly string[]): number {
    return Math.max(0, ...hosts.map((host) => this.#peers.lastAlive(host) ?? 0));
  }

  /** Changes the record of an account; whether that is known to be done. */
  async #change(id: string, version: string | null, next: HolderRecord): Promise<boolean> {
    const isDone = await this.#changes.change(id, version, next) === "done";
    // Its own changes are read the next time as well; what failed is tried again soon.
    if (!isDone) this.#isBusy = true;
    return isDone;
  }

  /** What cannot be read now is reported when the dead host's records are removed. */
  async #reportLeft(id: string, account: HeldAccount, dead: readonly string[]): Promise<void> {
    try {
      let count = 0;
      for (const host of dead) count += await this.#left.report(host, id, account.source.record);
      if (count === 0) return;
      account.announce(
        `This bot was interrupted. ${count === 1 ? "A message" : `${count} messages`} sent just ` +
          "before may have no answer: send what is missing again.",
      );
    } catch (error) {
      this.#log.warn(`could not read what ${dead.join(", ")} left unfinished: ${error}`);
    }
  }

  /** If nobody follows, nobody receives what is said until somebody takes the account. */
  #withGap(next: HolderRecord): HolderRecord {
    return next.host === null ? { missed: this.#services.platform.now(), ...next } : next;
  }

  #handOver(
    id: string,
    account: HeldAccount | undefined,
    version: string | null,
    next: HolderRecord,
  ): void {
    account?.leaveTo(next.host);
    if (account?.opened === true && !account.drained) {
      const limit = account.refused === undefined ? this.#services.settings.drainTimeout : 0;
      void account.drain(next.host !== null, limit);
      return;
    }
    void this.#change(id, version, next).then((isDone) => {
      if (isDone && account !== undefined) this.#remove(id, account);
    });
  }

  #setAside(
    id: string,
    account: HeldAccount,
    source: Versioned<AccountRecord>,
    reason: string,
  ): void {
    // It has a new session.
    if (source.version !== account.source.version) return this.#remove(id, account);
    if (this.#settingAside.has(id)) return;
    this.#settingAside.add(id);
    void this.#storeSetAside(id, account, source, reason).catch((error: unknown) => {
      this.#log.warn(`could not set ${source.record.email} aside, trying again: ${error}`);
    }).finally(() => {
      this.#settingAside.delete(id);
      this.#isBusy = true;
    });
  }

  async #storeSetAside(
    id: string,
    account: HeldAccount,
    { record, version }: Versioned<AccountRecord>,
    reason: string,
  ): Promise<void> {
    const { store, keys } = this.#parts;
    const { lease, platform } = this.#services;
    const setAside = { reason, since: platform.now() };
    const outcome = await store.commit({
      checks: [lease.check, { key: keys.account(id), version }],
      sets: [
        { key: keys.account(id), value: { ...record, setAside } },
        { key: keys.revision, value: {} },
      ],
    });
    if (outcome === "done") this.#parts.onSetAside(account.source.record, reason);
  }

  /** Nobody serves the account any more, and its holder has died. */
  #forgetDead(id: string, { record, version }: Versioned<HolderRecord>): void {
    const named = [record.host, record.from].filter((host) => typeof host === "string");
    if (named.length === 0 || named.some((host) => this.#peers.isLive(host))) return;
    if (!this.#peers.keeps) return;
    void this.#changes.change(id, version, { host: null, fence: record.fence + 1 });
  }

  #add(id: string, source: Versioned<AccountRecord>): HeldAccount {
    const account = new HeldAccount(this.#services, id, source);
    this.#accounts.set(id, account);
    return account;
  }

  #remove(id: string, account: HeldAccount): void {
    this.#accounts.delete(id);
    void account.close();
    this.#changed();
  }

  #changed(): void {
    this.#hasChanged = true;
    this.#alarm.ring();
  }
}
