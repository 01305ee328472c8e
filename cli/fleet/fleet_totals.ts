/**
 * The state of a fleet in a few numbers.
 * @module
 */
import type { AccountStatus, FleetStatus, HostStatus } from "../../bot/mod.ts";

/** How many accounts are in which state; those that are connecting are among the held ones. */
export type AccountTotals = Readonly<Record<AccountStatus["state"] | "connecting", number>>;

/** Counts the accounts. */
export function countAccounts({ accounts, hosts }: FleetStatus): AccountTotals {
  const totals = { "held": 0, "handing over": 0, "unheld": 0, "set aside": 0, "connecting": 0 };
  for (const { state } of accounts) totals[state]++;
  for (const host of hosts) if (isPresent(host)) totals.connecting += host.accounts.connecting;
  return totals;
}

/** How long the oldest message has waited on any host without being claimed, milliseconds. */
export function lagOf({ hosts }: FleetStatus): number {
  return Math.max(0, ...hosts.filter(isPresent).map(({ waiting }) => waiting));
}

/** Whether what a host said of itself may still be true. */
export function isPresent({ state, renews }: HostStatus): boolean {
  return state !== "dead" && renews !== false;
}
