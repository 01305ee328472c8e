/**
 * The figures of a host of a fleet, for monitoring and for people: one list for both.
 * @module
 */
import type { FleetHealthReport } from "../../bot/mod.ts";

/** A figure. A counter only grows while the process runs; a gauge goes up and down. */
export interface Figure {
  /** In the words of Prometheus, without the `_total` of counters: `roomz_fleet_gaps`. */
  readonly name: string;
  readonly kind: "counter" | "gauge";
  /** What it is, as a short sentence. */
  readonly help: string;
  /** One value, or one for each state of accounts. */
  readonly samples: readonly { readonly state?: string; readonly value: number }[];
}

/** The figures of a host, with nothing about the owners of its accounts. */
export function hostFigures(report: FleetHealthReport): Figure[] {
  const { accounts, counts, waiting, unreachable } = report;
  const { answering, standingBy, connecting, draining, setAside } = accounts;
  return [
    gauge(
      "healthy",
      "Whether the host may answer and most accounts are connected.",
      report.healthy,
    ),
    gauge("lease_valid", "Whether the host has reached the storage in time.", report.hasLease),
    {
      name: "roomz_fleet_accounts",
      kind: "gauge",
      help: "Accounts of this host by state.",
      samples: [
        { state: "answering", value: answering },
        { state: "standing_by", value: standingBy },
        { state: "connecting", value: connecting },
        { state: "draining", value: draining },
        { state: "set_aside", value: setAside },
      ],
    },
    gauge(
      "oldest_waiting_seconds",
      "How long the oldest message has waited to be taken on.",
      waiting / 1_000,
    ),
    gauge("unreachable_servers", "Roomz servers that cannot be reached.", unreachable.length),
    counter("claimed", "Messages, room events and ticks that this host took on.", counts.claimed),
    counter("claimed_elsewhere", "Those that another host had taken on.", counts.lost),
    counter("unknown", "Those of which nobody can say whether they were answered.", counts.unknown),
    counter("gaps", "Times in which nobody received the messages of an account.", counts.gaps),
    counter("reconnects", "Connections made again after a loss.", counts.reconnects),
    counter("takeovers", "Accounts taken over from hosts that died.", counts.takeovers),
    counter("storage_errors", "Calls to the storage that failed.", counts.storeErrors),
  ];
}

function gauge(name: string, help: string, value: number | boolean): Figure {
  return { name: `roomz_fleet_${name}`, kind: "gauge", help, samples: [{ value: Number(value) }] };
}

function counter(name: string, help: string, value: number): Figure {
  return { name: `roomz_fleet_${name}`, kind: "counter", help, samples: [{ value }] };
}
