/**
 * Runs a fleet through a simulated world, and checks after every step what a fleet promises.
 * @module
 */
import { type BotClient, type BotLogger, defineBot, MemoryStorage } from "@roomz/roomz/bot";
import { FleetHost } from "../../../../bot/fleet/host/fleet_host.ts";
import { FleetKeys } from "../../../../bot/fleet/store/fleet_keys.ts";
import { CALL_TIME } from "../../../../bot/fleet/store/fleet_store.ts";
import {
  type AccountRecord,
  type HolderRecord,
  readHolder,
} from "../../../../bot/fleet/store/fleet_records.ts";
import { KvFleetStore } from "../../../../bot/fleet/store/kv_fleet_store.ts";
import type { Platform } from "../../../../bot/run/platform.ts";
import { completeSettings } from "../../../../bot/run/run_options.ts";
import { KvDatabase } from "../../../../bot/storage/kv_database.ts";
import { decodeEntry, TOMBSTONE } from "../../../../bot/storage/kv_entry.ts";
import type { KvHandle, KvWrite, OpenKv } from "../../../../bot/storage/kv_handle.ts";
import { Line, SimulatedKv } from "../support/simulated_kv.ts";
import { Random } from "./random.ts";
import { type Incident, isCalm, type Scenario } from "./scenario.ts";
import { VirtualProcess } from "./virtual_process.ts";
import { type Said, VirtualRoomz } from "./virtual_roomz.ts";
import { VirtualTime } from "./virtual_time.ts";

/** The lease, and how long after it every account must have a holder again, milliseconds. */
const LEASE = 6_000;
const GRACE = 2_000;
/** How often the promises are checked, milliseconds. */
const STEP = 200;
const FLEET = "fleet";
const BOT = "helper";
const DRAIN_TIMEOUT = 3_000;
/** The time limits of a call to the database, of a host and of the operator, milliseconds. */
const HOST_PATIENCE = LEASE * CALL_TIME;
const OPERATOR_PATIENCE = 60_000;

/** A promise that was broken. */
export interface Violation {
  readonly promise:
    | "answered at most once"
    | "answered or reported"
    | "nobody is missed when hosts come and go"
    | "one host at a time"
    | "held again in time"
    | "served again in time"
    | "fences grow"
    | "a tick runs at most once"
    | "open records are removed";
  readonly details: string;
  /** True time, milliseconds. */
  readonly at: number;
}

/** What a run has shown. */
export interface Outcome {
  readonly violation: Violation | undefined;
  readonly said: number;
  readonly answered: number;
  /** Messages that were not answered, and reported. */
  readonly reported: number;
  /** The log, if it was asked for. */
  readonly log: readonly string[];
}

/** A process of the world, with the host that it runs. */
interface Running {
  readonly name: string;
  readonly process: VirtualProcess;
  readonly line: Line;
  readonly host: FleetHost;
  readonly leave: AbortController;
  readonly capacity: number;
  /** The responses of the database take long. */
  slow: boolean;
  /** Its machine has been suspended: it does not know how late it is. */
  slept: boolean;
  /** Since when it could serve, true time; undefined while it cannot. */
  healthySince: number | undefined;
}

/** Runs a world to its end, or to the first broken promise. */
export async function simulate(scenario: Scenario, verbose = false): Promise<Outcome> {
  const world = new World(scenario, verbose);
  return await world.run();
}

class World {
  readonly #scenario: Scenario;
  readonly #time = new VirtualTime();
  readonly #random: Random;
  readonly #kv: SimulatedKv;
  readonly #roomz: VirtualRoomz;
  readonly #keys = new FleetKeys(FLEET);
  readonly #storage = new MemoryStorage();
  readonly #running = new Map<number, Running>();
  /** Every process there was. */
  readonly #everyone: Running[] = [];
  readonly #log: string[] = [];
  readonly #verbose: boolean;
  #violation: Violation | undefined;
  #kvDown = false;
  #roomzDown = false;
  #processes = 0;
  /** Whether an account is to be served, and since when, true time. */
  readonly #active = new Map<string, { since: number }>();
  readonly #removed = new Set<string>();
  /** Accounts whose sessions are refused, and which hosts do not know of: they take up capacity. */
  readonly #revoked = new Set<string>();
  /** Reports, by account: single messages, and times in which all were missed (true time). */
  readonly #unknown = new Set<string>();
  readonly #gaps: { account: string; from: number; to: number }[] = [];
  /** Since when an account has no holder, or its latest one has taken it and does not know yet. */
  readonly #unheldSince = new Map<string, number>();
  /** Since when no holder of an account is connected, whoever it is. */
  readonly #unservedSince = new Map<string, number>();
  /** The fences that were seen last, and the versions of their records. */
  readonly #fences = new Map<string, { readonly fence: number; readonly version: string }>();
  /** The store, as an operator reaches it. */
  readonly #writer: KvFleetStore;

  constructor(scenario: Scenario, verbose: boolean) {
    this.#scenario = scenario;
    this.#verbose = verbose;
    this.#random = new Random(scenario.seed, "world");
    const clock = {
      schedule: (callback: () => void, delay: number) => this.#time.after(delay, callback),
    };
    this.#kv = new SimulatedKv(clock);
    this.#roomz = new VirtualRoomz(this.#time, new Random(scenario.seed, "network"), scenario);
    const operator = new VirtualProcess(this.#time, this.#random, { rate: 1, error: 0 });
    this.#writer = this.#storeOf(operator, new Line({ delay: () => 1 }), OPERATOR_PATIENCE);
  }

  async run(): Promise<Outcome> {
    const { hosts, accounts, incidents, ends } = this.#scenario;
    for (let at = 0; at < accounts; at++) void this.#addAccount(`a${at}`);
    for (const [index, { startsAt }] of hosts.entries()) {
      this.#time.after(startsAt, () => this.#start(index));
    }
    for (const incident of incidents) {
      this.#time.after(incident.at, () => this.#begin(incident));
    }
    this.#talk();
    const check = (): false => {
      this.#check();
      this.#time.after(STEP, check);
      return false;
    };
    this.#time.after(STEP, check);
    for (let until = 1_000; until <= ends && this.#violation === undefined; until += 1_000) {
      await this.#time.run(until);
    }
    const opened = this.#opened();
    await this.#time.run(ends + REST);
    if (this.#violation === undefined) this.#checkEnd(opened);
    return this.#outcome();
  }

  #outcome(): Outcome {
    const { asked, answers } = this.#conversation();
    const answered = [...asked.keys()].filter((content) => answers.has(content)).length;
    return {
      violation: this.#violation,
      said: asked.size,
      answered,
      reported: asked.size - answered,
      log: this.#log,
    };
  }

  #storeOf(process: VirtualProcess, line: Line, timeout: number): KvFleetStore {
    const database = new KvDatabase("http://kv.test", {
      timeout,
      open: through(process, this.#kv.openThrough(line)),
      clock: process,
    });
    return new KvFleetStore(database, [], timeout);
  }

  /** Starts the process of a place. */
  #start(index: number): void {
    const settings = this.#scenario.hosts[index];
    if (settings === undefined) return;
    const { seed, latency, lostResponses } = this.#scenario;
    const name = `${index}.${++this.#processes}`;
    const random = new Random(seed, `process ${name}`);
    const process = new VirtualProcess(this.#time, random, settings);
    const line = new Line({
      delay: () => 0.3 + random.next() * Math.min(latency, 20),
      fault: () => {
        if (running.slow && random.chance(0.7)) return { responseLate: random.whole(100, 1_800) };
        if (!random.chance(lostResponses)) return undefined;
        return random.chance(0.5) ? "response lost" : { firstCopyLate: random.whole(1, 12_000) };
      },
    });
    const leave = new AbortController();
    let lives = 0;
    const store = this.#storeOf(process, line, HOST_PATIENCE);
    const log = (text: string) => this.#write(`${name}: ${text}`);
    const logger: BotLogger = {
      debug: log,
      info: log,
      warn: log,
      error: (text, cause) => log(`${text} ${cause ?? ""}`),
    };
    const host = new FleetHost({
      bot: this.#bot(process),
      fleet: FLEET,
      platform: platformOf(process),
      store,
      settings: completeSettings({
        logger,
        storage: this.#storage,
        drainTimeout: DRAIN_TIMEOUT,
        loopGuard: false,
        signal: leave.signal,
      }),
      lease: LEASE,
      capacity: settings.capacity,
      serverCapacity: 1_000,
      hostName: name,
      newHostId: () => `h${name}.${++lives}`,
      openClient: (_id, account) =>
        Promise.resolve<BotClient>(this.#roomz.client(process, account.user)),
      onUnknown: ({ id, reason }) => {
        log(`unknown ${id}: ${reason}`);
        this.#unknown.add(id);
      },
      onGap: ({ account, from, to }) => {
        // By the clock of the host, which may be wrong; what counts is how long ago it was.
        const toTrue = (time: number) => this.#time.now - (process.now() - time);
        log(`gap ${account.user} ${from === undefined ? "start" : toTrue(from)} to ${toTrue(to)}`);
        this.#gaps.push({
          account: nameOf(account.user),
          from: from === undefined ? -Infinity : toTrue(from),
          to: toTrue(to),
        });
      },
      onSetAside: ({ user }, reason) => {
        log(`set aside ${user}: ${reason}`);
        this.#revoked.delete(nameOf(user));
      },
    });
    const running: Running = {
      name,
      process,
      line,
      host,
      leave,
      capacity: settings.capacity,
      slow: false,
      slept: false,
      healthySince: undefined,
    };
    this.#running.set(index, running);
    this.#everyone.push(running);
    this.#write(`${name} starts`);
    host.run().then(
      () => {
        this.#write(`${name} ends`);
        process.kill();
      },
      (error) => this.#violate("answered or reported", `host ${name} failed: ${error?.stack}`),
    );
  }

  #bot(process: VirtualProcess) {
    const { handlerTime } = this.#scenario;
    return defineBot({
      name: BOT,
      prefix: "!",
      commands: {
        "ping <id>": async ({ args }) => {
          if (handlerTime > 0) {
            const time = process.random() * handlerTime;
            await new Promise<void>((resolve) => process.schedule(resolve, time));
          }
          return `pong ${args.id}`;
        },
      },
      schedule: { tick: { every: "7s", run: ({ due }) => `tick ${due.toISOString()}` } },
    });
  }

  #begin(incident: Incident): void {
    // Whoever has held an account only since the latest step is seen before the process is killed.
    this.#checkHolders();
    const over = (end: () => void) =>
      this.#time.after(incident.lasts, () => {
        this.#checkHolders();
        end();
      });
    this.#write(`incident ${JSON.stringify(incident)}`);
    switch (incident.kind) {
      case "database down":
        this.#kvDown = true;
        this.#kv.stop();
        return void over(() => {
          this.#kvDown = false;
          this.#kv.start();
        });
      case "server down":
        this.#roomzDown = true;
        this.#roomz.stop();
        return void over(() => {
          this.#roomzDown = false;
          this.#roomz.start();
        });
      case "revoke":
        return this.#revoke(`a${incident.account}`);
      case "add":
        return void this.#addAccount(`a${incident.account}`);
      case "remove":
        return void this.#removeAccount(`a${incident.account}`);
    }
    const running = this.#running.get(incident.host);
    if (running === undefined || running.process.killed) return;
    const { process, leave } = running;
    switch (incident.kind) {
      case "crash":
        process.kill();
        return void over(() => this.#start(incident.host));
      case "leave":
        leave.abort();
        return void over(() => {
          process.kill(); // Whoever stops services does not wait for ever.
          this.#start(incident.host);
        });
      case "pause":
      case "sleep":
        running.slept ||= incident.kind === "sleep";
        process.stop(incident.kind === "sleep");
        return void over(() => process.resume());
      case "no database":
        this.#cutOff(running);
        return void over(() => this.#reconnect(running));
      case "slow database":
        running.slow = true;
        return void over(() => running.slow = false);
      case "no room":
        this.#roomz.setReachable(process, false);
        return void over(() => this.#roomz.setReachable(process, true));
      case "no network":
        this.#cutOff(running);
        this.#roomz.setReachable(process, false);
        return void over(() => {
          this.#reconnect(running);
          this.#roomz.setReachable(process, true);
        });
      case "clock":
        return process.setClock(incident.error);
    }
  }

  #cutOff({ process, line }: Running): void {
    line.cut();
    process.cutOffSince = this.#time.now;
  }

  #reconnect({ process, line }: Running): void {
    process.cutOffSince = undefined;
    line.mend();
  }

  async #addAccount(name: string): Promise<void> {
    if (this.#active.has(name) || this.#removed.has(name)) return;
    const record: AccountRecord = { server: SERVER, ...userOf(name) };
    await this.#writer.commit({
      checks: [],
      sets: [
        { key: this.#keys.account(name), value: { ...record } },
        { key: this.#keys.revision, value: {} },
      ],
    });
    // The database may have been down, and its session revoked meanwhile.
    if (!this.#removed.has(name)) this.#active.set(name, { since: this.#time.now });
  }

  async #removeAccount(name: string): Promise<void> {
    if (!this.#active.has(name)) return;
    this.#leaveOut(name);
    await this.#writer.commit({
      checks: [],
      sets: [{ key: this.#keys.revision, value: {} }],
      deletes: [this.#keys.account(name)],
    });
  }

  #revoke(name: string): void {
    if (this.#active.has(name)) this.#revoked.add(name);
    this.#leaveOut(name);
    this.#roomz.revoke(userOf(name).user);
  }

  /** The account is not served from now on: what people say there has to be neither answered nor reported. */
  #leaveOut(name: string): void {
    this.#active.delete(name);
    this.#removed.add(name);
  }

  /** People talk until the trouble is over. */
  #talk(): void {
    const random = new Random(this.#scenario.seed, "people");
    let count = 0;
    const sayNext = () => {
      if (this.#time.now >= this.#scenario.troubleEnds) return;
      const names = [...this.#active.keys()];
      const name = names[random.whole(0, names.length - 1)];
      if (name !== undefined) this.#roomz.say(userOf(name).user, `!ping ${count++}`);
      this.#time.after(
        random.next() * 2 * this.#scenario.messageInterval / Math.max(1, names.length),
        sayNext,
      );
    };
    this.#time.after(1_000, sayNext);
  }

  /** Checks what must hold at every moment. */
  #check(): void {
    this.#checkHolders();
    this.#checkAnswers();
  }

  #checkHolders(): void {
    this.#checkRecords();
    const now = this.#time.now;
    // A host whose reads are slow still has what others hand over to it.
    const isSlow = [...this.#running.values()].some(({ process, slow }) => slow && !process.killed);
    const inTrouble = this.#kvDown || this.#roomzDown || isSlow;
    const served = this.#active.size + this.#revoked.size;
    for (const running of this.#running.values()) {
      const { process, line, leave } = running;
      const healthy = !inTrouble && process.running && !line.isCut &&
        this.#roomz.reaches(process) &&
        !leave.signal.aborted && running.capacity >= served;
      if (!healthy) running.healthySince = undefined;
      else running.healthySince ??= now;
    }
    const healthySince = Math.min(
      ...[...this.#running.values()].map(({ healthySince = Infinity }) => healthySince),
    );
    for (const [name, { since }] of this.#active) {
      const answering = this.#everyone.filter(({ process, host }) =>
        process.running && host.isAnswering(name)
      );
      const awake = answering.filter(({ slept }) => !slept);
      if (awake.length > 1) {
        this.#violate(
          "one host at a time",
          `${name}: ${awake.map(({ name }) => name).join(" and ")}`,
        );
      }
      if (answering.length > 0) this.#unheldSince.delete(name);
      else if (!this.#unheldSince.has(name)) this.#unheldSince.set(name, now);
      // A host that has noticed that it lost the connection holds the account, but does not serve it.
      const { user } = userOf(name);
      const isServed = answering.some(({ process }) => this.#roomz.isConnected(process, user));
      if (isServed) this.#unservedSince.delete(name);
      else if (!this.#unservedSince.has(name)) this.#unservedSince.set(name, now);
      const sinceThen = (began = now) => now - Math.max(began, since, healthySince);
      const unheld = sinceThen(this.#unheldSince.get(name));
      if (unheld > LEASE + GRACE) {
        this.#violate("held again in time", `${name} has had no holder for ${unheld} ms`);
      }
      const unserved = sinceThen(this.#unservedSince.get(name));
      if (unserved > 2 * (LEASE + GRACE)) {
        this.#violate("served again in time", `${name} was not served for ${unserved} ms`);
      }
    }
  }

  #checkRecords(): void {
    for (const { name, record, version } of this.#changedHolders()) {
      const { host, fence, from } = record;
      const before = this.#fences.get(name)?.fence ?? 0;
      if (fence < before) this.#violate("fences grow", `${name}: ${fence} after ${before}`);
      this.#fences.set(name, { fence, version });
      // Whoever takes an account holds it, and may fail before it learns of that.
      const isTaken = host !== null && from === undefined && fence > before;
      if (isTaken && this.#unheldSince.has(name)) this.#unheldSince.set(name, this.#time.now);
    }
  }

  /** The holder records that have changed since the latest `#checkRecords`. */
  *#changedHolders(): Generator<{ name: string; record: HolderRecord; version: string }> {
    for (const { key, value, versionstamp: version } of this.#kv.entries(this.#keys.holders)) {
      const name = String(key.at(-1));
      if (this.#fences.get(name)?.version === version) continue;
      const { text } = decodeEntry(value);
      const record = text === TOMBSTONE ? undefined : readHolder(JSON.parse(text));
      if (record !== undefined) yield { name, record, version };
    }
  }

  #checked = 0;
  readonly #heard = new Set<string>();

  /** Nobody is told twice. */
  #checkAnswers(): void {
    const { said } = this.#roomz;
    for (; this.#checked < said.length; this.#checked++) {
      const message = said[this.#checked];
      if (message?.by === undefined || !/^(pong|tick) /.test(message.content)) continue;
      const answer = `${message.account} ${message.content}`;
      if (this.#heard.has(answer)) {
        const promise = message.content.startsWith("tick")
          ? "a tick runs at most once"
          : "answered at most once";
        this.#violate(promise, answer);
      }
      this.#heard.add(answer);
    }
  }

  #conversation() {
    const asked = new Map<string, Said>();
    const answers = new Set<string>();
    for (const message of this.#roomz.said) {
      const [, verb, id = ""] = /^(?:!(ping)|pong) (\d+)$/.exec(message.content) ?? [];
      if (verb !== undefined && message.by === undefined) asked.set(id, message);
      else if (id !== "" && message.by !== undefined) answers.add(id);
    }
    return { asked, answers };
  }

  /** The notes of claims whose handlers have not ended. */
  #opened(): ReadonlySet<string> {
    const openedByAll = this.#keys.opened("").slice(0, -1);
    return new Set(this.#kv.entries(openedByAll).map(({ key }) => key.join("/")));
  }

  /** Checks what must hold once everything has come to rest; `opened` is what was open a while ago. */
  #checkEnd(opened: ReadonlySet<string>): void {
    const { asked, answers } = this.#conversation();
    for (const [id, { account, at, receivers, lost, id: messageId }] of asked) {
      const name = nameOf(account);
      const isOfBeginning = Number(name.slice(1)) < this.#scenario.accounts;
      if (isOfBeginning && !answers.has(id) && isCalm(this.#scenario, at)) {
        this.#violate("nobody is missed when hosts come and go", `${messageId} of ${name}`);
      }
      if (receivers.size === 0 || lost || answers.has(id) || this.#removed.has(name)) continue;
      if (this.#unknown.has(messageId)) continue;
      const isInGap = this.#gaps.some((gap) =>
        gap.account === name && gap.from <= at && at <= gap.to + NETWORK_TIME
      );
      if (isInGap) continue;
      const by = this.#everyone.filter(({ process }) => receivers.has(process)).map(({ name }) =>
        name
      );
      this.#violate(
        "answered or reported",
        `${messageId} (!ping ${id}) of ${name}, said at ${at}, received by ${by.join(", ")}`,
      );
    }
    const left = this.#opened().intersection(opened);
    if (left.size > 0) this.#violate("open records are removed", [...left].join(", "));
  }

  #violate(promise: Violation["promise"], details: string): void {
    if (this.#violation !== undefined) return;
    this.#violation = { promise, details, at: this.#time.now };
    this.#write(`BROKEN: ${promise}: ${details}`);
  }

  #write(text: string): void {
    if (this.#verbose) this.#log.push(`${this.#time.now.toFixed(0).padStart(6)} ${text}`);
  }
}

/** Longer than any handler of a world that is at rest takes, milliseconds. */
const REST = 3_000;
const SERVER = "https://roomz.test";
/** A message of the end of a gap may be on its way to a connection that is being made. */
const NETWORK_TIME = 500;

function userOf(name: string): { user: string; email: string } {
  return { user: `user:${name}@example.com`, email: `${name}@example.com` };
}

function nameOf(user: string): string {
  return user.replace(/^user:|@.*$/g, "");
}

function platformOf(process: VirtualProcess): Platform {
  const none = () => () => {};
  return {
    now: () => process.now(),
    monotonic: () => process.monotonic(),
    schedule: (callback, delay) => process.schedule(callback, delay),
    random: () => process.random(),
    answerHold: 0,
    onStopSignal: none,
    onUnhandledRejection: none,
    onUncaughtException: none,
    exit: () => process.kill(),
    ifStillRunning: () => {},
  };
}

/** A database as a process sees it: what it answers reaches the process only while that runs. */
function through(process: VirtualProcess, open: OpenKv): OpenKv {
  const arriving = <T>(result: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      result.then(
        (value) => process.deliver(() => resolve(value)),
        (error) => process.deliver(() => reject(error)),
      );
    });
  return async () => {
    const kv = await arriving(open());
    const handle: KvHandle = {
      get: (key) => arriving(kv.get(key)),
      getMany: (keys) => arriving(kv.getMany(keys)),
      async *list(selector, options) {
        const entries = kv.list(selector, options)[Symbol.asyncIterator]();
        for (let next = await arriving(entries.next()); next.done !== true;) {
          yield next.value;
          next = await arriving(entries.next());
        }
      },
      atomic() {
        const write: KvWrite = kv.atomic();
        const commit = write.commit.bind(write);
        write.commit = () => arriving(commit());
        return write;
      },
      close: () => kv.close(),
    };
    return handle;
  };
}
