/**
 * Whether a host of a fleet does its work, for health checks and metrics.
 * @module
 */
import { countStates, type HostReport, newFigures } from "./fleet_report.ts";

/** What a health check of a host answers. It contains no address of an account's owner, and no secret. */
export interface FleetHealthReport extends HostReport {
  /** Whether the host may answer, and at least half of its accounts are connected. */
  readonly healthy: boolean;
  /** The same in words: `40 of 41 accounts connected`. */
  readonly text: string;
  /** Whether the host has reached the storage within its lease. */
  readonly hasLease: boolean;
}

/** What is asked of a host that runs. */
export interface ObservedHost {
  readonly hasLease: boolean;
  report(): HostReport;
}

/** Follows a host, until the returned function is called. */
export let observe: (health: FleetHealth, host: ObservedHost) => () => void;

/**
 * The health of one host of a fleet: pass it to `runFleet`, and ask it from a health check, such as the one
 * of a container.
 *
 * @example Answer health checks over HTTP
 * ```ts
 * import { FleetHealth, runFleet } from "@roomz/roomz/bot";
 *
 * const health = new FleetHealth();
 * const respond = () => {
 *   const { healthy, text } = health.report();
 *   return new Response(`${text}\n`, { status: healthy ? 200 : 503 });
 * };
 * if (respond().status !== 503) throw new Error("The host does not run yet.");
 * ```
 */
export class FleetHealth {
  #host: ObservedHost | undefined;

  static {
    observe = (health, host) => {
      health.#host = host;
      return () => {
        if (health.#host === host) health.#host = undefined;
      };
    };
  }

  /** The health now. Before the host runs and after it has ended, it is not healthy. */
  report(): FleetHealthReport {
    const { accounts, ...report } = this.#host?.report() ?? NOTHING;
    const hasLease = this.#host?.hasLease ?? false;
    const { answering, standingBy, connecting, draining } = accounts;
    // Accounts that are handed over stay connected until they are gone.
    const connected = answering + standingBy + draining;
    const all = connected + connecting;
    const text = this.#host === undefined
      ? "the host does not run"
      : !hasLease
      ? "the host cannot reach the storage"
      : `${connected} of ${all} accounts connected`;
    return { ...report, accounts, healthy: hasLease && connected * 2 >= all, text, hasLease };
  }
}

const NOTHING: HostReport = {
  accounts: countStates([]),
  counts: newFigures(),
  waiting: 0,
  unreachable: [],
};
