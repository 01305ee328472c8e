/**
 * Follows the schedules of a bot while it runs.
 * @module
 */
import type { User } from "../../client/mod.ts";
import { type BotLogger, TaggedLogger } from "../context/bot_logger.ts";
import type { BoundSchedule } from "../schedule/bound_schedule.ts";
import { LastTick } from "../schedule/last_tick.ts";
import type { BotRuntime } from "./bot_runtime.ts";

// The machine may sleep, or its clock be set: it is looked at again after so long at most. What is
// later than that was missed.
const LONGEST_SLEEP = 60_000;
// A schedule that makes up for what it missed looks so often whether there is a connection.
const CONNECTION_CHECK = 1_000;

/** Has a schedule run; resolves when that is done. */
export type RunTick = (schedule: BoundSchedule, due: Date, user: User) => Promise<void>;

/** The schedules of one run of a bot. */
export class Scheduler {
  readonly #name: string;
  readonly #schedules: readonly BoundSchedule[];
  readonly #runtime: BotRuntime;
  readonly #runTick: RunTick;
  /** Takes the timers back that are set. */
  readonly #cancels = new Set<() => void>();

  /** `name` is the bot's. */
  constructor(
    name: string,
    schedules: readonly BoundSchedule[],
    runtime: BotRuntime,
    runTick: RunTick,
  ) {
    this.#name = name;
    this.#schedules = schedules;
    this.#runtime = runtime;
    this.#runTick = runTick;
  }

  /** Follows the schedules; the function that it returns ends that. */
  start(): () => void {
    const stop = new AbortController();
    for (const schedule of this.#schedules) {
      const log = new TaggedLogger(
        this.#runtime.logger,
        () => `${this.#name}: schedule ${schedule.name}`,
      );
      if (schedule.missed === "once") this.#catchUp(schedule, log, stop.signal);
      else this.#skip(schedule, log, stop.signal);
    }
    return () => {
      stop.abort();
      for (const cancel of this.#cancels) cancel();
    };
  }

  /** What is missed is left out. */
  async #skip(schedule: BoundSchedule, log: BotLogger, stop: AbortSignal): Promise<void> {
    const { client, clock } = this.#runtime;
    const missed = (time: number) => log.info(`missed ${new Date(time).toISOString()}`);
    for (let after = clock.now(); !stop.aborted; after = Math.max(after, clock.now())) {
      const due = schedule.timetable.next(after);
      await this.#until(due);
      const { user, connected } = client;
      if (clock.now() - due < LONGEST_SLEEP && connected && user !== null) {
        await this.#runTick(schedule, new Date(due), user);
        const next = schedule.timetable.next(due);
        if (next <= clock.now()) missed(next);
      } else {
        missed(due);
      }
      after = due;
    }
  }

  /** What is missed is made up for, once; the storage remembers when it last ran. */
  async #catchUp(schedule: BoundSchedule, log: BotLogger, stop: AbortSignal): Promise<void> {
    const { clock, records } = this.#runtime;
    const { id } = await this.#connectedUser();
    const lastTick = new LastTick(records, [this.#name, "schedule", id, schedule.name]);
    const start = await lastTick.read(clock.now()).catch((error: unknown) => {
      log.error("whether it missed something could not be read", error);
      return clock.now();
    });
    for (let after = start; !stop.aborted;) {
      const due = schedule.timetable.next(after);
      await this.#until(due);
      const user = await this.#connectedUser();
      after = Math.max(due, clock.now());
      const isOurs = await lastTick.claim(after).catch((error: unknown) => {
        log.error("that it runs could not be kept: after a restart it may run again", error);
        return true;
      });
      if (isOurs) await this.#runTick(schedule, new Date(due), user);
      else log.debug("another process of this bot has run it");
    }
  }

  /** Resolves when it is that time. */
  async #until(time: number): Promise<void> {
    const { clock } = this.#runtime;
    for (let left = time - clock.now(); left > 0; left = time - clock.now()) {
      await this.#sleep(Math.min(left, LONGEST_SLEEP));
    }
  }

  /** The bot's account, as soon as there is a connection. */
  async #connectedUser(): Promise<User> {
    const { client } = this.#runtime;
    for (;;) {
      if (client.connected && client.user !== null) return client.user;
      await this.#sleep(CONNECTION_CHECK);
    }
  }

  /** Never resolves once the scheduler is stopped. */
  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#runtime.clock.schedule(() => {
        this.#cancels.delete(cancel);
        resolve();
      }, milliseconds);
      this.#cancels.add(cancel);
    });
  }
}
