/**
 * The claims of one host: what it has claimed, no other host carries out.
 *
 * Claims are made in batches, as many in one commit as the store can check. A commit also checks that
 * this host has not been given up, and that what it claims is not too old to be decided. In the same
 * commit each claim is noted as open, until its handler has ended: that is how others learn what a host
 * that died may have left half done.
 * @module
 */
import type { Clock } from "../../context/clock.ts";
import type { BotLogger } from "../../context/bot_logger.ts";
import type { Claims, Effect } from "../../run/claims.ts";
import type { StorageKey } from "../../storage/storage.ts";
import { ClaimHorizon } from "./claim_horizon.ts";
import { effectId, serverId } from "../store/fleet_ids.ts";
import { bucketOf, type FleetKeys } from "../store/fleet_keys.ts";
import type { FleetEntry, FleetStore } from "../store/fleet_store.ts";

/**
 * Why an effect is not carried out, other than because another host does: it is too old to find that
 * out; this host was given up or has ended before it claimed it; or before it could find out whether it
 * had claimed it.
 */
export type Refusal = "too old" | "not claimed" | "unknown";

/** What `new HostClaims(…)` takes. */
export interface HostClaimsParts {
  readonly store: FleetStore;
  readonly keys: FleetKeys;
  readonly clock: Clock;
  readonly logger: BotLogger;
  /** The id of this life of the host, whose record is stored. */
  readonly host: string;
  /** Others have given this host up. */
  onFenced(): void;
  /** An effect is not carried out by this host, and perhaps by none. `account` is its id in the fleet. */
  onRefused(account: string, effect: Effect, why: Refusal): void;
}

/** A claim to be made. */
interface Wanted {
  readonly account: string;
  readonly effect: Effect;
  readonly id: string;
  readonly horizon: ClaimHorizon;
  readonly bucket: number;
  readonly key: StorageKey;
  readonly open: StorageKey;
  /** Tells it from an earlier claim of the same effect by this host. */
  readonly number: number;
  readonly resolve: (won: boolean) => void;
}

/** A server does several commits at once well; in a file only one process writes at a time. */
const COMMITS_AT_ONCE = { server: 4, file: 1 };
const MAX_CHECKS_OF_SERVER = 10;
/** How long the note of a claim may stay after its handler has ended, milliseconds. */
const MAX_OPEN = 50;
const MAX_DELETES = 250;
/** The delays between attempts while the store fails, milliseconds. */
const FIRST_DELAY = 50;
const MAX_DELAY = 1_000;

/** Claims effects for one life of a host. */
export class HostClaims {
  readonly #parts: HostClaimsParts;
  readonly #maxCommits: number;
  readonly #horizons = new Map<string, ClaimHorizon>();
  /** The version of this host's record; undefined if it has to be read. */
  #hostVersion: string | undefined;
  readonly #waiting: Wanted[] = [];
  /** What is being claimed: its id, and since when, by the monotonic clock. */
  readonly #wanted = new Map<string, number>();
  #commits = 0;
  #numbers = 0;
  /** The notes of claims whose handlers have ended. */
  readonly #finished: StorageKey[] = [];
  #deleting = false;
  #deletingSoon = false;
  #state: "active" | "fenced" | "closed" = "active";
  #failing = false;
  /** Called when something may have become idle, or ended. */
  readonly #listeners = new Set<() => void>();

  /** Nothing is read or written before the first claim. */
  constructor(parts: HostClaimsParts) {
    this.#parts = parts;
    this.#maxCommits = parts.store.maxChecks > MAX_CHECKS_OF_SERVER
      ? COMMITS_AT_ONCE.file
      : COMMITS_AT_ONCE.server;
  }

  /** The claims of an account, by its id in the fleet and the address of its Roomz server. */
  of(account: string, { server }: { readonly server: string }): Claims {
    const horizon = this.#horizonOf(serverId(server));
    return new ClaimsOfAccount(this, account, horizon);
  }

  /** Since when the oldest claim is being made, by the monotonic clock; undefined if none is. */
  get pendingSince(): number | undefined {
    return this.#wanted.values().next().value;
  }

  /** How many claims are being made. */
  get pending(): number {
    return this.#wanted.size;
  }

  /** Resolves when nothing that was claimed or finished is still to be stored, or the host has ended. */
  async flush(): Promise<void> {
    while (this.#isActive && this.#isBusy) {
      void this.#deleteFinished();
      await this.#change();
    }
  }

  /** Gives up what is still to be stored. */
  close(): void {
    this.#end("closed");
  }

  #horizonOf(server: string): ClaimHorizon {
    let horizon = this.#horizons.get(server);
    if (horizon === undefined) {
      const { store, keys, clock } = this.#parts;
      horizon = new ClaimHorizon({ store, keys, clock, server });
      this.#horizons.set(server, horizon);
    }
    return horizon;
  }

  /** Claims an effect of an account whose server has this horizon. */
  claim(account: string, horizon: ClaimHorizon, effect: Effect): Promise<boolean> {
    const id = effectId(account, effect.id);
    // The same effect once more, while it is being claimed.
    if (this.#wanted.has(id)) return Promise.resolve(false);
    if (effect.clock === "server") horizon.observe(effect.time);
    const { keys, host } = this.#parts;
    const bucket = bucketOf(effect.time);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const wanted: Wanted = {
      account,
      effect,
      id,
      horizon,
      bucket,
      key: keys.claim(horizon.server, bucket, id),
      open: keys.open(host, account, id),
      number: ++this.#numbers,
      resolve,
    };
    this.#wanted.set(id, this.#parts.clock.monotonic());
    if (!this.#isActive) this.#refuse(wanted, "not claimed");
    // What comes in the same turn goes into the same commit.
    else if (this.#waiting.push(wanted) === 1) queueMicrotask(() => this.#commitWaiting());
    return promise;
  }

  #commitWaiting(): void {
    while (this.#waiting.length > 0 && this.#commits < this.#maxCommits) {
      this.#commits++;
      void this.#carryOut(this.#nextBatch()).then(() => {
        this.#commits--;
        this.#commitWaiting();
        this.#changed();
      });
    }
  }

  /** As many as one commit can check, besides the host and the horizons of their servers. */
  #nextBatch(): readonly Wanted[] {
    const horizons = new Set<ClaimHorizon>();
    let count = 0;
    for (const { horizon } of this.#waiting) {
      horizons.add(horizon);
      if (1 + horizons.size + count + 1 > this.#parts.store.maxChecks) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  /** Claims, until it is known of each whether this host has it. */
  async #carryOut(batch: readonly Wanted[]): Promise<void> {
    let wanted = batch;
    let isOutdated = this.#hostVersion === undefined;
    let isUnknown = false;
    for (let delay = FIRST_DELAY; this.#isActive;) {
      try {
        if (isOutdated || wanted.some(({ horizon }) => horizon.check === undefined)) {
          wanted = await this.#read(wanted);
          this.#succeeded();
          // Nothing that is made later passes the check of the host's record.
          if (this.#state === "fenced") isUnknown = false;
        }
        wanted = this.#withoutOld(wanted);
        if (wanted.length === 0 || !this.#isActive) break;
        isUnknown = true;
        const isDone = await this.#commit(wanted);
        isUnknown = false;
        this.#succeeded();
        if (isDone) {
          for (const one of wanted) this.#won(one);
          break;
        }
        isOutdated = true;
        delay = FIRST_DELAY;
      } catch (error) {
        this.#failed(error);
        await this.#pause(delay);
        delay = Math.min(2 * delay, MAX_DELAY);
      }
    }
    for (const one of wanted) {
      if (this.#wanted.has(one.id)) this.#refuse(one, isUnknown ? "unknown" : "not claimed");
    }
    this.#cleanUp(batch);
  }

  /** Reads who has which, and what a claim checks; returns those that nobody has. */
  async #read(batch: readonly Wanted[]): Promise<readonly Wanted[]> {
    const { store, keys, host, onFenced } = this.#parts;
    const horizons = [...new Set(batch.map(({ horizon }) => horizon))];
    const [own, ...others] = await store.get([
      keys.host(host),
      ...horizons.map(({ key }) => key),
      ...batch.map(({ key }) => key),
    ]);
    for (const [i, horizon] of horizons.entries()) horizon.read(others[i]);
    this.#hostVersion = own?.version;
    if (this.#isActive && (own === undefined || own.value.state === "dead")) {
      // Whoever is told that it has lost is to know why.
      onFenced();
      this.#end("fenced");
    }
    return batch.filter((wanted, i) => {
      const claim = others[horizons.length + i];
      if (claim === undefined) return true;
      if (isOwn(claim, host, wanted)) this.#won(wanted);
      else this.#settle(wanted, false);
      return false;
    });
  }

  /** Whether all of them were claimed; if not, then none. */
  async #commit(batch: readonly Wanted[]): Promise<boolean> {
    const { store, keys, host } = this.#parts;
    const horizons = new Set(batch.map(({ horizon }) => horizon));
    const deletes = this.#finished.splice(0, batch.length);
    let isDone = false;
    try {
      const outcome = await store.commit({
        checks: [
          { key: keys.host(host), version: this.#hostVersion ?? null },
          ...[...horizons].flatMap(({ check }) => check ?? []),
          ...batch.map(({ key }) => ({ key, version: null })),
        ],
        sets: batch.flatMap(({ key, open, number, effect }) => [
          { key, value: { h: host, n: number } },
          { key: open, value: { id: effect.id } },
        ]),
        deletes,
      });
      isDone = outcome === "done";
    } finally {
      if (!isDone) this.#deleteSoon(deletes);
    }
    return isDone;
  }

  #withoutOld(batch: readonly Wanted[]): readonly Wanted[] {
    return batch.filter((wanted) => {
      if (wanted.horizon.isOpen(wanted.bucket)) return true;
      this.#refuse(wanted, "too old");
      // An attempt whose outcome was unknown may have been made, and its claim deleted by now.
      this.#deleteSoon([wanted.open]);
      return false;
    });
  }

  #won(wanted: Wanted): void {
    // A host that was given up carries nothing out, and who takes over reports what it had claimed.
    if (this.#isActive) this.#settle(wanted, true);
    else this.#refuse(wanted, "unknown");
  }

  #settle(wanted: Wanted, won: boolean): void {
    this.#wanted.delete(wanted.id);
    wanted.resolve(won);
  }

  #refuse(wanted: Wanted, why: Refusal): void {
    this.#parts.onRefused(wanted.account, wanted.effect, why);
    this.#settle(wanted, false);
  }

  /** An effect of an account has ended. */
  finish(account: string, { id }: Effect): void {
    // Whoever takes over from a host that was given up reports what that had open.
    if (!this.#isActive) return;
    this.#deleteSoon([this.#parts.keys.open(this.#parts.host, account, effectId(account, id))]);
  }

  /** Deletes notes with the next claims, or soon. It does no harm if that is done twice, or late. */
  #deleteSoon(notes: readonly StorageKey[]): void {
    this.#finished.push(...notes);
    if (this.#deletingSoon || this.#finished.length === 0) return;
    this.#deletingSoon = true;
    this.#parts.clock.schedule(() => {
      this.#deletingSoon = false;
      void this.#deleteFinished();
    }, MAX_OPEN);
  }

  async #deleteFinished(): Promise<void> {
    // With nothing to delete it must not report a change: two flushes would wake each other for ever.
    if (this.#deleting || this.#finished.length === 0) return;
    this.#deleting = true;
    for (let delay = FIRST_DELAY; this.#finished.length > 0 && this.#isActive;) {
      const deletes = this.#finished.splice(0, MAX_DELETES);
      try {
        await this.#parts.store.commit({ checks: [], sets: [], deletes });
        this.#succeeded();
      } catch (error) {
        this.#failed(error);
        this.#finished.push(...deletes);
        await this.#pause(delay);
        delay = Math.min(2 * delay, MAX_DELAY);
      }
    }
    this.#deleting = false;
    this.#changed();
  }

  #cleanUp(batch: readonly Wanted[]): void {
    for (const horizon of new Set(batch.map(({ horizon }) => horizon))) {
      horizon.cleanUp().catch((error: unknown) => {
        this.#parts.logger.warn(`could not delete old claims, trying again later: ${error}`);
      });
    }
  }

  get #isActive(): boolean {
    return this.#state === "active";
  }

  get #isBusy(): boolean {
    return this.#waiting.length + this.#commits + this.#finished.length > 0 || this.#deleting;
  }

  #end(state: "fenced" | "closed"): void {
    if (!this.#isActive) return;
    this.#state = state;
    this.#finished.length = 0;
    for (const wanted of this.#waiting.splice(0)) this.#refuse(wanted, "not claimed");
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const listener = () => {
        this.#listeners.delete(listener);
        resolve();
      };
      this.#listeners.add(listener);
    });
  }

  /** Waits, unless the host ends. */
  async #pause(delay: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#parts.clock.schedule(resolve, delay);
    const listener = () => this.#isActive || resolve();
    this.#listeners.add(listener);
    await promise;
    this.#listeners.delete(listener);
    cancel();
  }

  #failed(error: unknown): void {
    if (this.#failing || !this.#isActive) return;
    this.#failing = true;
    this.#parts.logger.warn(`could not store claims, so messages wait; trying again: ${error}`);
  }

  #succeeded(): void {
    if (this.#failing) this.#parts.logger.info("claims are stored again");
    this.#failing = false;
  }
}

/** The claims of one account; a process has thousands of these. */
class ClaimsOfAccount implements Claims {
  readonly account: string;
  readonly #claims: HostClaims;
  readonly #horizon: ClaimHorizon;

  constructor(claims: HostClaims, account: string, horizon: ClaimHorizon) {
    this.account = account;
    this.#claims = claims;
    this.#horizon = horizon;
  }

  claim(effect: Effect): Promise<boolean> {
    return this.#claims.claim(this.account, this.#horizon, effect);
  }

  finish(effect: Effect): void {
    this.#claims.finish(this.account, effect);
  }
}

/** Whether a stored claim is this very one. */
function isOwn({ value }: FleetEntry, host: string, { number }: Wanted): boolean {
  return value.h === host && value.n === number;
}
