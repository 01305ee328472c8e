/**
 * Runs a fleet, causes faults, and counts from outside what they did.
 * @module
 */
import { FleetKeys } from "../../bot/fleet/store/fleet_keys.ts";
import { KvFleetStore } from "../../bot/fleet/store/kv_fleet_store.ts";
import { FleetAccounts, KvStorage, newFleetKey } from "../../bot/mod.ts";
import { databaseOf } from "../../bot/storage/kv_storage.ts";
import { Child } from "./child.ts";
import { Device, type Ping } from "./device.ts";
import type { HostConfig, HostLine } from "./fleet_process.ts";

/** A run. */
export interface FleetRun {
  readonly fault: "kill" | "pause" | "rolling" | "none";
  /** The path or URL of the database. */
  readonly storage: string;
  readonly hosts: number;
  readonly accounts: number;
  /** How long messages are sent. */
  readonly seconds: number;
  /** The seconds between two faults. */
  readonly every: number;
  /** How many faults at most. Default: no limit. */
  readonly faults?: number;
  /** Messages a second, over all accounts. */
  readonly rate: number;
  /** Milliseconds. */
  readonly lease: number;
  note(text: string): void;
  /** Gets every line of every host. */
  trace?(line: string): void;
}

/** What was counted. */
export interface Verdict {
  readonly messages: number;
  readonly answered: number;
  /** Messages with more than one answer. */
  readonly doubles: number;
  /** Messages without an answer, of which hosts said that they may have none. */
  readonly reported: number;
  /** Messages without an answer of which nobody said anything. */
  readonly unreported: number;
  /** Milliseconds from question to answer. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly faults: number;
  /** Milliseconds from a fault until an account was answered for again. */
  readonly takeovers: number;
  readonly takeoverP50: number;
  readonly takeoverP99: number;
  readonly takeoverMax: number;
}

/** The name of the bot of fleet_process.ts. */
const FLEET = "helper";

/** Messages that are not answered after this many milliseconds and a lease have no answer. */
const GRACE = 4_000;
/** How long an account may not be answered for at the end, milliseconds. */
const PATIENCE = 60_000;

class Host {
  readonly name: string;
  readonly child: Child;
  readonly #reading: Promise<void>;

  constructor(
    config: HostConfig,
    onLine: (line: HostLine, host: string) => void,
    onEnd: (text: string) => void,
  ) {
    this.name = config.name;
    this.child = new Child("fleet_process.ts", [JSON.stringify(config)]);
    this.#reading = this.#read(onLine);
    void this.child.process.status.then(({ code, signal }) => {
      onEnd(`${this.name} has ended (${signal ?? code})`);
    });
  }

  /** Kills it, and reads what it had printed. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.#reading;
    await this.child[Symbol.asyncDispose]();
  }

  async #read(onLine: (line: HostLine, host: string) => void): Promise<void> {
    try {
      for (;;) onLine(JSON.parse(await this.child.line()), this.name);
    } catch {
      // It has ended.
    }
  }

  signal(name: Deno.Signal): void {
    this.child.process.kill(name);
  }

  get ended(): Promise<unknown> {
    return this.child.process.status;
  }
}

/** Runs a fleet to the end of its messages. */
export async function runFleetUnderTest(run: FleetRun): Promise<Verdict> {
  await using server = new Child("server_process.ts", [String(run.accounts)]);
  const { url, sessions: byEmail } = JSON.parse(await server.line());
  const emails = Object.keys(byEmail);
  using storage = new KvStorage(run.storage);
  const { database, prefix } = databaseOf(storage);
  const store = new KvFleetStore(database, prefix, 10_000);
  const keys = new FleetKeys(FLEET);
  const key = newFleetKey();
  const accounts = new FleetAccounts({ storage, fleet: FLEET, keys: [key] });
  for (const email of emails) await accounts.add({ server: url, token: byEmail[email] });
  const devices = await Promise.all(
    emails.map((email) => Device.open(url, byEmail[email], email)),
  );
  const unknown = new Set<string>();
  const gaps: { readonly email: string; readonly from: number; readonly to: number }[] = [];
  const faults: number[] = [];
  const takeovers: number[] = [];
  const onLine = (line: HostLine, host: string) => {
    run.trace?.(`${Date.now()} ${host} ${JSON.stringify(line)}`);
    if (line.type === "unknown") unknown.add(line.id);
    else if (line.type === "gap") {
      gaps.push({ email: line.email, from: line.from, to: line.to });
      const fault = faults.findLast((at) => at < line.at);
      if (fault !== undefined && run.fault === "kill") takeovers.push(line.at - fault);
    } else if (line.level !== "info" && !line.text.startsWith("a")) {
      run.note(`${host}: ${line.level}: ${line.text}`);
    }
  };
  let started = 0;
  const hosts: Host[] = [];
  const start = () => {
    const name = `h${started++}`;
    const { lease, storage } = run;
    hosts.push(
      new Host({ name, storage, key, lease }, onLine, (text) => {
        run.note(text);
        run.trace?.(`${Date.now()} ${text}`);
      }),
    );
  };
  for (let count = 0; count < run.hosts; count++) start();
  await settled(store, keys, run);
  await Promise.all(devices.map((device) => device.untilServed()));
  const begun = Date.now();
  let number = 0;
  const isOver = () => Date.now() - begun >= run.seconds * 1_000;
  const talking = (async () => {
    while (!isOver()) {
      void devices[number % devices.length]?.ping(number);
      number++;
      await sleep(Math.max(0, begun + number * 1_000 / run.rate - Date.now()));
    }
  })();
  await causeFaults(run, hosts, start, faults, isOver);
  await talking;
  const pings = devices.flatMap((device) => [...device.pings.values()]);
  // What happened to the last messages is said when their accounts are answered for again.
  const served = Promise.all(devices.map((device) => device.untilServed()));
  await Promise.race([served, sleep(PATIENCE)]);
  await sleep(run.lease + GRACE);
  await Promise.all(hosts.map((host) => host.kill()));
  await Promise.all(devices.map((device) => device.close()));
  return judge(pings, unknown, gaps, faults, takeovers, run.note);
}

async function causeFaults(
  run: FleetRun,
  hosts: Host[],
  start: () => void,
  faults: number[],
  isOver: () => boolean,
): Promise<void> {
  if (run.fault === "none") return;
  const most = run.faults ?? (run.fault === "rolling" ? run.hosts : Infinity);
  for (let round = 0; round < most; round++) {
    await sleep(run.every * 1_000);
    const host = hosts.shift();
    if (host === undefined || isOver()) {
      if (host !== undefined) hosts.push(host);
      return;
    }
    faults.push(Date.now());
    run.note(`${run.fault} ${host.name}`);
    run.trace?.(`${Date.now()} ${run.fault} ${host.name}`);
    if (run.fault === "kill") {
      await host.kill();
      start();
    } else if (run.fault === "pause") {
      host.signal("SIGSTOP");
      await sleep(2 * run.lease);
      host.signal("SIGCONT");
      hosts.push(host);
    } else {
      start();
      host.signal("SIGTERM");
      await host.ended;
      run.note(`${host.name} has ended after ${Date.now() - (faults.at(-1) ?? 0)} ms`);
    }
  }
}

/** Resolves when every account has a host, and none is being handed over. */
async function settled(store: KvFleetStore, keys: FleetKeys, run: FleetRun): Promise<void> {
  for (;;) {
    const holders = await store.list(keys.holders);
    const names = new Set(holders.map(({ value }) => value.host));
    const isDone = holders.length === run.accounts && names.size === run.hosts &&
      holders.every(({ value }) => value.from === undefined);
    await sleep(1_000);
    if (isDone) return;
  }
}

function judge(
  pings: readonly Ping[],
  unknown: ReadonlySet<string>,
  gaps: readonly { readonly email: string; readonly from: number; readonly to: number }[],
  faults: readonly number[],
  takeovers: readonly number[],
  note: (text: string) => void,
): Verdict {
  const times: number[] = [];
  let [doubles, reported, unreported] = [0, 0, 0];
  for (const { email, id, sentAt, answeredAt } of pings) {
    const [first] = answeredAt;
    if (answeredAt.length > 1) doubles++;
    if (first !== undefined) times.push(first - sentAt);
    else if (
      id !== undefined && unknown.has(id) ||
      gaps.some((gap) => gap.email === email && gap.from <= sentAt && sentAt <= gap.to)
    ) reported++;
    else {
      unreported++;
      note(`no answer and no report: ${id} of ${email} at ${new Date(sentAt).toISOString()}`);
    }
  }
  const at = (values: readonly number[], part: number) =>
    values.toSorted((a, b) =>
      a - b
    )[Math.min(values.length - 1, Math.floor(part * values.length))] ?? 0;
  return {
    messages: pings.length,
    answered: times.length,
    doubles,
    reported,
    unreported,
    p50: at(times, 0.5),
    p99: at(times, 0.99),
    max: at(times, 1),
    faults: faults.length,
    takeovers: takeovers.length,
    takeoverP50: at(takeovers, 0.5),
    takeoverP99: at(takeovers, 0.99),
    takeoverMax: at(takeovers, 1),
  };
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
