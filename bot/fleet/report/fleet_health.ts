/**
 * Whether a host of a fleet does its work, for health checks and metrics.
 * @module
 */
import { ConfigurationError } from "../../../client/mod.ts";
import { countStates, type HostReport, newFigures } from "./fleet_report.ts";

/** What a health check of a host answers. It contains no address of an account's owner, and no secret. */
export interface FleetHealthReport extends HostReport {
  /**
   * Whether at least half of the host's accounts are connected, and it has its lease, or lost it less
   * than `grace` ago.
   */
  readonly healthy: boolean;
  /** The same in words: `40 of 41 accounts connected`. */
  readonly text: string;
  /** Whether the host has reached the storage within its lease. */
  readonly hasLease: boolean;
}

/** What is asked of a host that runs. */
export interface ObservedHost {
  readonly hasLease: boolean;
  /** How long ago the lease ended, milliseconds; Infinity if there never was one. */
  readonly withoutLeaseFor: number;
  report(): HostReport;
}

/** The options of a {@linkcode FleetHealth}. */
export interface FleetHealthOptions {
  /**
   * How long a host that has lost its lease counts as healthy, in milliseconds: a restart does not bring
   * the storage back. Default: 60,000.
   */
  readonly grace?: number;
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
  readonly #grace: number;
  #host: ObservedHost | undefined;

  /**
   * The health of a host that does not run yet.
   * @throws {ConfigurationError} `grace` is not a number, or is negative.
   */
  constructor({ grace = 60_000 }: FleetHealthOptions = {}) {
    if (!(grace >= 0)) {
      throw new ConfigurationError('The option "grace" must be milliseconds, 0 or more.');
    }
    this.#grace = grace;
  }

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
    const { hasLease = false, withoutLeaseFor = Infinity } = this.#host ?? {};
    const { answering, standingBy, connecting, draining } = accounts;
    // Accounts that are handed over stay connected until they are gone.
    const connected = answering + standingBy + draining;
    const all = connected + connecting;
    const text = this.#host === undefined
      ? "the host does not run"
      : !hasLease
      ? `the host cannot reach the storage${since(withoutLeaseFor)}`
      : `${connected} of ${all} accounts connected`;
    const healthy = (hasLease || withoutLeaseFor < this.#grace) && connected * 2 >= all;
    return { ...report, accounts, healthy, text, hasLease };
  }
}

function since(milliseconds: number): string {
  return milliseconds === Infinity
    ? ""
    : `, and has no lease for ${Math.floor(milliseconds / 1_000)} s`;
}

const NOTHING: HostReport = {
  accounts: countStates([]),
  counts: newFigures(),
  waiting: 0,
  unreachable: [],
};
