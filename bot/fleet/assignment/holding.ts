/**
 * What a host does about one account, given what the store says: the rules of taking over and handing
 * over.
 *
 * At any time at most one host may answer: the one that `from` names, or else the one that `host` names.
 * A host becomes `host` by a commit that checks the version it read, and keeps in `from` whoever may still
 * be answering; it waits until that host has removed itself, or is dead.
 * @module
 */
import type { HolderRecord } from "../store/fleet_records.ts";

/** What is known about an account. */
export interface Situation {
  /** This host. */
  readonly me: string;
  readonly record: HolderRecord | undefined;
  /** Whether the account is to be served at all: it is neither removed nor set aside. */
  readonly active: boolean;
  /** Which host should hold it; undefined if none can. */
  readonly target: string | undefined;
  /** Whether others see this host leave the fleet; it is nobody's target then. */
  readonly leaving: boolean;
  /** Whether this host is connected for the account. */
  readonly ready: boolean;
  /** Whether a host may be acting. */
  isLive(host: string): boolean;
  /** Whether it may have died nevertheless. */
  isSuspect(host: string): boolean;
  /** Whether it is known to live: it has renewed its lease a moment ago. */
  isProven(host: string): boolean;
}

/** What to do next. */
export type Step =
  /** Be connected; answer, because nobody else may. */
  | { readonly do: "answer" }
  /** Be connected; the host before is still answering. */
  | { readonly do: "wait" }
  /** Be connected; once that is so, take the account, unless its holder is about to be given up. */
  | { readonly do: "stand by" }
  /**
   * Write the record, which makes this host the holder, and be connected. `dead` are hosts that may have
   * left effects unfinished.
   */
  | { readonly do: "take"; readonly next: HolderRecord; readonly dead: readonly string[] }
  /** Finish what is being answered, then write the record, and disconnect. */
  | { readonly do: "hand over"; readonly next: HolderRecord }
  /** This host has no part in the account: do not be connected. */
  | { readonly do: "let go" };

/** The next step for an account. */
export function nextStep(situation: Situation): Step {
  const { me, record, active, target, leaving, ready, isLive, isSuspect, isProven } = situation;
  const missed = record?.missed === undefined ? {} : { missed: record.missed };
  if (record?.host === me) {
    const before = record.from === me ? undefined : record.from;
    const isBefore = before !== undefined && isLive(before);
    if (!active || leaving && target === undefined) {
      const next = { host: null, fence: record.fence + 1, ...missed };
      return { do: "hand over", next: isBefore ? { ...next, from: before } : next };
    }
    if (isBefore) return { do: "wait" };
    if (record.from === undefined) return { do: "answer" };
    const next = { host: me, fence: record.fence, ...missed };
    return { do: "take", next, dead: before === undefined ? [] : [before] };
  }
  if (record?.from === me) {
    return { do: "hand over", next: { host: record.host, fence: record.fence, ...missed } };
  }
  if (!active || target !== me || leaving) return { do: "let go" };
  const answering = record?.from ?? record?.host ?? undefined;
  // While there is a `from`, the named host has not begun to answer: it would have to remove that first.
  const waiting = record?.from === undefined ? undefined : record.host ?? undefined;
  // Whoever is there goes on answering until this host is connected. If it may have died, that will be
  // known soon, and this host is connected by then; if it has not, it keeps the account.
  if (answering !== undefined && isLive(answering) && !(ready && isProven(answering))) {
    return { do: "stand by" };
  }
  // Only the host that waits has what arrived after the one before it had stopped.
  if (waiting !== undefined && isLive(waiting) && !isSuspect(waiting)) return { do: "stand by" };
  const named = [record?.host, record?.from].filter((host) => typeof host === "string");
  const next = { host: me, fence: (record?.fence ?? 0) + 1, ...missed };
  return {
    do: "take",
    next: answering !== undefined && isLive(answering) ? { ...next, from: answering } : next,
    dead: named.filter((host) => !isLive(host)),
  };
}
