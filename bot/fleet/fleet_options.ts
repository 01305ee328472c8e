/**
 * The options of `runFleet`, with validation and defaults.
 * @module
 */
import { ConfigurationError } from "../../client/mod.ts";
import { commonOptions } from "../run/option_shapes.ts";
import type { RunSettings } from "../run/run_options.ts";
import { KvStorage } from "../storage/kv_storage.ts";
import { type Check, fits, listOf, recordOf } from "../text/shape.ts";
import type { AccountGap, SetAsideAccount, UnknownOutcome } from "./fleet_events.ts";
import { FleetHealth } from "./report/fleet_health.ts";
import { spaceForConnections } from "./open_files.ts";

/** What `runFleet` takes. */
export interface FleetOptions extends
  Pick<
    RunSettings,
    | "signal"
    | "standalone"
    | "announceExpiry"
    | "drainTimeout"
    | "maxPending"
    | "loopGuard"
    | "sendRate"
    | "logger"
  > {
  /**
   * What the hosts share, and where the bot's sessions and flows are stored: a `KvStorage`, the path of a
   * file for several processes of one machine, or the URL of a KV server for several machines.
   */
  readonly storage: KvStorage | string | URL;
  /** The keys that decrypt the sessions of the accounts: those of `FleetAccounts`. */
  readonly keys: readonly string[];
  /** The name of the fleet. Default: the bot's. */
  readonly fleet?: string;
  /** For people: what this host is called. Default: the machine's name, or "host". */
  readonly hostName?: string;
  /**
   * How long a host may answer after it has last reached the storage, milliseconds, and so how soon others
   * take over from one that died. Default: 6,000.
   */
  readonly lease?: number;
  /**
   * How many accounts this host holds at most. Default: 5,000, or fewer where the limit of open files is
   * lower.
   */
  readonly capacity?: number;
  /** How many connections of the fleet each Roomz server takes. Default: 1,000, as many as Roomz accepts. */
  readonly serverCapacity?: number;
  /** Says whether this host does its work, for health checks; see {@linkcode FleetHealth}. */
  readonly health?: FleetHealth;
  /** Called when nobody can say whether a message was answered. It is also logged. */
  readonly onUnknown?: (outcome: UnknownOutcome) => void;
  /** Called when nobody received an account's messages for a while. It is also logged. */
  readonly onGap?: (gap: AccountGap) => void;
  /** Called when an account is not served any more. It is also logged. */
  readonly onSetAside?: (account: SetAsideAccount) => void;
}

/** The numbers of a host, with defaults filled in. */
export interface HostLimits {
  readonly lease: number;
  readonly capacity: number;
  readonly serverCapacity: number;
  /** What to say about the capacity; undefined for nothing. */
  readonly notice: string | undefined;
}

const DEFAULT_LEASE = 6_000;
/** A renewal has to get there and back several times. */
const MIN_LEASE = 1_000;
const MAX_LEASE = 600_000;
const DEFAULT_CAPACITY = 5_000;
const DEFAULT_SERVER_CAPACITY = 1_000;

const anything: Check = { find: () => undefined };
const callback = fits("a function", (value) => typeof value === "function");
const text = fits("a text that is not empty", (value) => typeof value === "string" && value !== "");

const options = recordOf<keyof FleetOptions>({
  expected: "an object such as { storage, keys }",
  lacks: "runFleet has no option",
  keys: {
    ...commonOptions,
    storage: fits(
      "a KvStorage, the path of a file, or the URL of a KV server",
      (value) =>
        value instanceof KvStorage || value instanceof URL ||
        typeof value === "string" && value !== "",
    ),
    keys: listOf("a list of keys", "A key", text),
    fleet: text,
    hostName: text,
    health: fits("a FleetHealth", (value) => value instanceof FleetHealth),
    lease: anything,
    capacity: anything,
    serverCapacity: anything,
    onUnknown: callback,
    onGap: callback,
    onSetAside: callback,
  },
  required: {
    storage: "runFleet needs `storage`, which its hosts share.",
    keys: "runFleet needs `keys`, which decrypt the sessions of its accounts.",
  },
  instead: {
    server: "Each account has its own: add accounts with FleetAccounts.",
    token: "Each account has its own: add accounts with FleetAccounts.",
    client: "Each account has its own: add accounts with FleetAccounts.",
    accounts: "Add accounts with FleetAccounts: hosts notice them in the storage.",
    key: "Write `keys`, a list.",
    name: "Write `fleet`.",
    log: "Write `logger`.",
  },
});

/**
 * Checks what `runFleet` takes.
 * @throws {ConfigurationError} There is an unknown option, or one of the wrong type.
 */
export function checkFleetOptions(value: unknown): void {
  const flaw = options.find(value, "The options");
  if (flaw === undefined) return;
  throw new ConfigurationError(`${flaw.problem}\n  in runFleet(…)${flaw.path}`);
}

/**
 * Validates the numbers and fills in the defaults. `systemLimits` is what the system says about the limits
 * of this process.
 * @throws {ConfigurationError} A number is out of range, or more than this process can hold.
 */
export function hostLimits(
  { lease = DEFAULT_LEASE, capacity, serverCapacity = DEFAULT_SERVER_CAPACITY }: Pick<
    FleetOptions,
    "lease" | "capacity" | "serverCapacity"
  >,
  systemLimits: string | undefined,
): HostLimits {
  check("lease", lease >= MIN_LEASE && lease <= MAX_LEASE, "milliseconds, from 1,000 to 600,000");
  check("serverCapacity", isCount(serverCapacity), "a whole number, 1 or more");
  check("capacity", capacity === undefined || isCount(capacity), "a whole number, 1 or more");
  const space = spaceForConnections(systemLimits) ?? Infinity;
  if (capacity !== undefined && capacity > space) {
    throw new ConfigurationError(
      `This process cannot hold ${capacity} accounts: its limit of open files leaves space for ` +
        `${space} connections. Raise the limit (ulimit -n, or LimitNOFILE= of a systemd unit), or pass a ` +
        "smaller capacity and start more hosts.",
    );
  }
  const notice = capacity === undefined && space < DEFAULT_CAPACITY
    ? `holds ${space} accounts at most, because of the limit of open files (ulimit -n)`
    : undefined;
  return {
    lease,
    capacity: capacity ?? Math.min(DEFAULT_CAPACITY, space),
    serverCapacity,
    notice,
  };
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function check(option: keyof FleetOptions, ok: boolean, expected: string): void {
  if (!ok) throw new ConfigurationError(`The option "${option}" must be ${expected}.`);
}
