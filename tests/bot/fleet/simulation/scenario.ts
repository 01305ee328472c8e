/**
 * What happens in a simulated world, as a seed determines it. It is data, so that it can be shortened.
 * @module
 */
import { Random } from "./random.ts";

/** Something that goes wrong, or that an operator does. Times are milliseconds. */
export type Incident =
  & {
    /** When it begins. */
    readonly at: number;
    /** How long it lasts; what is over at once lasts until it is undone. */
    readonly lasts: number;
  }
  & (
    | {
      readonly kind:
        /** The process is killed; another one starts when it is over. */
        | "crash"
        /** As SIGSTOP and SIGCONT. */
        | "pause"
        /** The machine is suspended, with its monotonic clock. */
        | "sleep"
        /** The host is asked to leave; another one starts when it is over. */
        | "leave"
        | "no database"
        /** What the database answers comes late, but in time. */
        | "slow database"
        | "no room"
        | "no network";
      readonly host: number;
    }
    | { readonly kind: "clock"; readonly host: number; readonly error: number }
    | { readonly kind: "database down" | "server down" }
    | { readonly kind: "revoke" | "add" | "remove"; readonly account: number }
  );

/** A world. */
export interface Scenario {
  readonly seed: number;
  /** The hosts of the beginning; each also has the rate of its clock, and the error of its time of day. */
  readonly hosts: readonly {
    readonly startsAt: number;
    readonly capacity: number;
    readonly rate: number;
    readonly error: number;
  }[];
  readonly accounts: number;
  readonly incidents: readonly Incident[];
  /** When the last incident is over, at the latest. */
  readonly troubleEnds: number;
  /** When the world ends. */
  readonly ends: number;
  /** How often each account says something, milliseconds on average. */
  readonly messageInterval: number;
  /** How long a handler takes at most, milliseconds. */
  readonly handlerTime: number;
  readonly latency: number;
  readonly duplicates: number;
  readonly lostAcknowledgements: number;
  /** The probability that a response of the database is lost. */
  readonly lostResponses: number;
}

const TROUBLE = 25_000;
/** Long enough for a lease to run out, and for what it held to be answered. */
const QUIET = 18_000;

/** What happens more often stands there more often. */
const KINDS: readonly [Incident["kind"], ...Incident["kind"][]] = [
  "crash",
  "crash",
  "pause",
  "pause",
  "sleep",
  "leave",
  "leave",
  "no database",
  "no database",
  "slow database",
  "no room",
  "no network",
  "clock",
  "database down",
  "server down",
  "revoke",
  "add",
  "remove",
];

/** The world of a seed. */
export function scenarioOf(seed: number): Scenario {
  const random = new Random(seed, "scenario");
  const often = (probability: number, most: number) =>
    random.chance(probability) ? random.next() * most : 0;
  const count = random.whole(2, 4);
  const accounts = random.whole(1, 5);
  const hosts = Array.from({ length: count }, (_, host) => ({
    // One host can always hold everything, so that no account must go without one for lack of room.
    startsAt: host === 0 ? 0 : random.chance(0.6) ? 0 : random.whole(0, TROUBLE / 2),
    capacity: host === 0 || random.chance(0.7) ? 100 : random.whole(1, 3),
    rate: 1 + (random.next() - 0.5) * 0.02,
    error: random.chance(0.3) ? random.whole(-7_200_000, 7_200_000) : 0,
  }));
  const messageInterval = random.pick([400, 1_500, 5_000]);
  const incidents = Array.from(
    { length: random.whole(0, 5) },
    () => incidentsOf(random, count, accounts),
  ).flat();
  return {
    seed,
    hosts,
    accounts,
    incidents: incidents.sort((a, b) => a.at - b.at),
    troubleEnds: TROUBLE,
    ends: TROUBLE + QUIET,
    messageInterval,
    // On average half of it: what is said can be answered.
    handlerTime: random.pick([0, 20, 0.2 * messageInterval, 0.9 * messageInterval]),
    latency: random.pick([2, 20, 150]),
    duplicates: often(0.4, 0.1),
    lostAcknowledgements: often(0.3, 0.02),
    lostResponses: often(0.5, 0.08),
  };
}

/** How long a line to the database is slow before it is cut, milliseconds. */
const SLOWING = 3_000;

/** An incident, and what may announce it. */
function incidentsOf(random: Random, hosts: number, accounts: number): Incident[] {
  const incident = incidentOf(random, hosts, accounts);
  if (incident.kind !== "no database" || random.chance(0.5)) return [incident];
  // The latest response before it is cut came late: when the lease runs out is close.
  const at = Math.max(0, incident.at - SLOWING);
  return [{ at, lasts: incident.at - at, kind: "slow database", host: incident.host }, incident];
}

function incidentOf(random: Random, hosts: number, accounts: number): Incident {
  const host = random.whole(0, hosts - 1);
  const at = random.whole(0, TROUBLE - 1_000);
  // Often about as long as a lease: that is where decisions lie close together.
  const lasts = Math.min(
    TROUBLE - at,
    random.chance(0.5) ? random.whole(4_000, 9_000) : random.whole(50, 20_000),
  );
  const span = { at, lasts };
  const kind = random.pick(KINDS);
  switch (kind) {
    case "clock":
      return { ...span, kind, host, error: random.whole(-7_200_000, 7_200_000) };
    case "database down":
    case "server down":
      return { ...span, lasts: Math.min(lasts, 10_000), kind };
    case "revoke":
    case "remove":
      // The first account stays, so that there is always something to prove.
      return { ...span, kind, account: random.whole(1, Math.max(1, accounts - 1)) };
    case "add":
      return { ...span, kind, account: accounts + random.whole(0, 2) };
    default:
      return { ...span, kind, host };
  }
}

/** Trouble is over by then, with what follows from it, and what comes later has not begun, milliseconds. */
const BEFORE = 15_000;
const AFTER = 8_000;
/** How long a host takes at most to join and to connect, or to hand over and to leave. */
const JOIN = 5_000;
const LEAVE = 8_000;

/**
 * Whether what is said at a time in the room of an account of the beginning has to be answered: hosts join and
 * leave, one of them stays and can hold everything, and nothing else happens.
 */
export function isCalm(scenario: Scenario, at: number): boolean {
  const { hosts, accounts, incidents, messageInterval, handlerTime, lostAcknowledgements } =
    scenario;
  // With more to do, some is left when the drain timeout is over.
  if (lostAcknowledgements > 0 || handlerTime > 0.2 * messageInterval) return false;
  const near = incidents.filter((one) => one.at < at + AFTER && at - BEFORE < one.at + one.lasts);
  const leaves = near.filter(({ kind }) => kind === "leave");
  const isHarmless = (incident: Incident) =>
    incident.kind === "clock" || incident.kind === "leave" && incident.lasts >= LEAVE;
  const leaving = new Set(leaves.map((incident) => "host" in incident ? incident.host : -1));
  return near.every(isHarmless) &&
    hosts.some(({ startsAt, capacity }, host) =>
      startsAt < at - JOIN && capacity >= accounts && !leaving.has(host)
    );
}
