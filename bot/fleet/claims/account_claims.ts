/**
 * The claims of one account on one host, and which effects may have been left without their answer.
 * @module
 */
import type { Claims, Effect } from "../../run/claims.ts";
import type { HostFigures } from "../report/fleet_report.ts";

/** Whose effects are claimed. */
export interface EffectOwner {
  /** How many sends have failed so far. */
  readonly failedSends: number;
  /** An effect may not have been carried out to its end; `reason` is the end of a sentence. */
  unknown(effect: Effect, reason: string): void;
}

/** Claims effects, and reports those that may have no answer. */
export class AccountClaims implements Claims {
  readonly #claims: Claims;
  readonly #figures: HostFigures;
  readonly #owner: EffectOwner;
  /** The effects that are being carried out, with the failed sends before. Made for the first one. */
  #open: Map<Effect, number> | undefined;
  #interrupted = false;
  #abandoned = false;

  /** What is claimed goes through `claims`. */
  constructor(claims: Claims, figures: HostFigures, owner: EffectOwner) {
    this.#claims = claims;
    this.#figures = figures;
    this.#owner = owner;
  }

  /** See `Claims`. */
  get account(): string {
    return this.#claims.account;
  }

  /** See `Claims`. */
  async claim(effect: Effect): Promise<boolean> {
    const won = await this.#claims.claim(effect);
    if (won) this.#figures.claimed++;
    else this.#figures.lost++;
    // Whoever has taken over may have looked before this claim was stored.
    if (won && this.#abandoned) this.#owner.unknown(effect, "its host had been given up");
    else if (won) (this.#open ??= new Map()).set(effect, this.#owner.failedSends);
    if (this.#interrupted) this.interrupt();
    return won;
  }

  /** See `Claims`. */
  finish(effect: Effect): void {
    const before = this.#open?.get(effect);
    if (before === undefined) return;
    this.#open?.delete(effect);
    if (before !== this.#owner.failedSends) {
      this.#owner.unknown(effect, "a send failed meanwhile");
    }
    this.#claims.finish(effect);
  }

  /** The bot has stopped: what is still being carried out was interrupted. */
  interrupt(): void {
    this.#interrupted = true;
    for (const effect of this.#open?.keys() ?? []) {
      this.#open?.delete(effect);
      this.#owner.unknown(effect, "its handler was interrupted");
      this.#claims.finish(effect);
    }
  }

  /** The host has been given up: whoever takes over reports what is being carried out. */
  abandon(): void {
    this.#abandoned = true;
    this.#open = undefined;
  }
}
