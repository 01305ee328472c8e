/**
 * The claims of one account on one host, and which effects may have been left without their answer.
 * @module
 */
import type { Claims, Effect } from "../run/claims.ts";
import type { HostFigures } from "./fleet_report.ts";

/** What `new AccountClaims(…)` takes. */
export interface AccountClaimsParts {
  readonly claims: Claims;
  readonly figures: HostFigures;
  /** How many sends of the account have failed so far. */
  failedSends(): number;
  /** An effect may not have been carried out to its end; `reason` is the end of a sentence. */
  onUnknown(effect: Effect, reason: string): void;
}

/** Claims effects, and reports those that may have no answer. */
export class AccountClaims implements Claims {
  readonly #parts: AccountClaimsParts;
  /** The effects that are being carried out, with the failed sends before. Made for the first one. */
  #open: Map<Effect, number> | undefined;
  #interrupted = false;

  /** What is claimed goes through `claims`. */
  constructor(parts: AccountClaimsParts) {
    this.#parts = parts;
  }

  /** See `Claims`. */
  async claim(effect: Effect): Promise<boolean> {
    const { claims, figures, failedSends } = this.#parts;
    const won = await claims.claim(effect);
    if (won) figures.claimed++;
    else figures.lost++;
    if (won) (this.#open ??= new Map()).set(effect, failedSends());
    if (this.#interrupted) this.interrupt();
    return won;
  }

  /** See `Claims`. */
  finish(effect: Effect): void {
    const { claims, failedSends, onUnknown } = this.#parts;
    const before = this.#open?.get(effect);
    if (before === undefined) return;
    this.#open?.delete(effect);
    if (before !== failedSends()) onUnknown(effect, "a send failed meanwhile");
    claims.finish(effect);
  }

  /** The bot has stopped: what is still being carried out was interrupted. */
  interrupt(): void {
    this.#interrupted = true;
    for (const effect of this.#open?.keys() ?? []) {
      this.#open?.delete(effect);
      this.#parts.onUnknown(effect, "its handler was interrupted");
      this.#parts.claims.finish(effect);
    }
  }

  /** The host has been given up: whoever takes over reports what is being carried out. */
  abandon(): void {
    this.#open = undefined;
  }
}
