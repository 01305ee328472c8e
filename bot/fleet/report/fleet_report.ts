/**
 * What a host says of itself: to its own health checks, and to others with every renewal of its lease.
 * @module
 */
import { isJsonObject, type JsonObject } from "../../../client/base/json.ts";

/** How many accounts of a host are in which state. */
export interface HostAccounts {
  /** Connected, and this host answers. */
  readonly answering: number;
  /** Connected, while another host may still be answering. */
  readonly standingBy: number;
  /** Not connected yet, or not any more. */
  readonly connecting: number;
  /** Being handed over. */
  readonly draining: number;
  /** Refused by the server, and about to be set aside. */
  readonly setAside: number;
}

/** What has happened on a host since its process started. */
export interface HostCounts {
  /** Messages, room events and ticks that this host has claimed, so that no other carries them out. */
  readonly claimed: number;
  /** Those that another host had claimed before. */
  readonly lost: number;
  /** Those of which nobody can say whether they were answered; each was reported. */
  readonly unknown: number;
  /** Times in which nobody received an account's messages; each was reported. */
  readonly gaps: number;
  /** Connections that were made again after a loss. */
  readonly reconnects: number;
  /** Accounts that this host has taken over from hosts that died. */
  readonly takeovers: number;
  /** Calls to the storage that failed. */
  readonly storeErrors: number;
}

/** What a host says of itself. */
export interface HostReport {
  /** How many of its accounts are in which state. */
  readonly accounts: HostAccounts;
  /** What has happened on it since its process started. */
  readonly counts: HostCounts;
  /**
   * How long the oldest message has been here without being claimed, milliseconds: were the host to die,
   * nobody would know of it.
   */
  readonly waiting: number;
  /** The addresses of the Roomz servers that this host cannot reach. */
  readonly unreachable: readonly string[];
}

/** The same while the host counts. */
export type HostFigures = { -readonly [K in keyof HostCounts]: HostCounts[K] };

/** The figures of a host that has just started. */
export function newFigures(): HostFigures {
  return {
    claimed: 0,
    lost: 0,
    unknown: 0,
    gaps: 0,
    reconnects: 0,
    takeovers: 0,
    storeErrors: 0,
  };
}

/** What the states of accounts are called in a report. */
const STATES: Readonly<Record<AccountState, keyof HostAccounts>> = {
  "answering": "answering",
  "standing by": "standingBy",
  "connecting": "connecting",
  "draining": "draining",
  "set aside": "setAside",
};

/** What an account of a host does. */
export type AccountState = "answering" | "standing by" | "connecting" | "draining" | "set aside";

/** Counts accounts by their states. */
export function countStates(states: Iterable<AccountState>): HostAccounts {
  const counts = { answering: 0, standingBy: 0, connecting: 0, draining: 0, setAside: 0 };
  for (const state of states) counts[STATES[state]]++;
  return counts;
}

/** A report as it is stored. */
export function reportJson({ accounts, counts, waiting, unreachable }: HostReport): JsonObject {
  return {
    accounts: { ...accounts },
    counts: { ...counts },
    waiting,
    unreachable: [...unreachable],
  };
}

/** Reads a report that a host has stored, of whatever version that host is: what is missing is 0. */
export function readReport(value: JsonObject): HostReport {
  const { accounts, counts, waiting, unreachable } = value;
  return {
    accounts: countsIn(countStates([]), accounts),
    counts: countsIn(newFigures(), counts),
    waiting: typeof waiting === "number" && waiting >= 0 ? waiting : 0,
    unreachable: Array.isArray(unreachable)
      ? unreachable.filter((server) => typeof server === "string")
      : [],
  };
}

function countsIn<K extends string>(
  zeros: Readonly<Record<K, number>>,
  value: unknown,
): Record<K, number> {
  const counts: Record<K, number> = { ...zeros };
  const given = isJsonObject(value) ? value : {};
  for (const key in zeros) {
    const count = given[key];
    if (typeof count === "number" && count >= 0) counts[key] = count;
  }
  return counts;
}
