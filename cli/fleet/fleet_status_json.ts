/**
 * The state of a fleet as JSON.
 * @module
 */
import type { FleetStatus, HostStatus } from "../../bot/mod.ts";
import { countAccounts, lagOf } from "./fleet_totals.ts";

/** One object for each reading. Accounts that are held are only counted: there may be thousands. */
export function statusForPrograms(fleet: string, status: FleetStatus): unknown {
  const totals = countAccounts(status);
  return {
    fleet,
    accounts: {
      total: status.accounts.length,
      held: totals.held,
      handing_over: totals["handing over"],
      unheld: totals.unheld,
      set_aside: totals["set aside"],
      connecting: totals.connecting,
    },
    lag_ms: lagOf(status),
    hosts: status.hosts.map(hostForPrograms),
    not_held: status.accounts.filter(({ state }) => state === "unheld" || state === "set aside")
      .map(({ id, server, email, state, setAside }) => ({
        id,
        server,
        email,
        state: state.replace(" ", "_"),
        set_aside: setAside && { reason: setAside.reason, since: setAside.since.toISOString() },
      })),
  };
}

function hostForPrograms(host: HostStatus): unknown {
  const { accounts, counts } = host;
  return {
    id: host.id,
    name: host.name,
    state: host.state,
    renews: host.renews,
    renewed_for_ms: Math.round(host.renewedFor),
    lease_ms: host.lease,
    capacity: host.capacity,
    holds: host.holds,
    answering: accounts.answering,
    standing_by: accounts.standingBy,
    connecting: accounts.connecting,
    draining: accounts.draining,
    set_aside: accounts.setAside,
    claimed: counts.claimed,
    lost: counts.lost,
    unknown: counts.unknown,
    gaps: counts.gaps,
    reconnects: counts.reconnects,
    takeovers: counts.takeovers,
    store_errors: counts.storeErrors,
    lag_ms: host.waiting,
    unreachable: host.unreachable,
  };
}
