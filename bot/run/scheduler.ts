/**
 * Runs a bot's schedules.
 * @module
 */
import type { User } from "../../client/mod.ts";
import { type BotLogger, SubjectLogger } from "../context/bot_logger.ts";
import type { BoundSchedule } from "../schedule/bound_schedule.ts";
import { LastTick } from "../schedule/last_tick.ts";
import { isCredible } from "../schedule/timetable.ts";
import { formatDuration } from "../signature/duration.ts";
import type { BotRuntime } from "./bot_runtime.ts";

// The longest timer, milliseconds: the computer may go to sleep, or its clock may be set, so the
// scheduler checks the time at least this often. A tick that is later than this was missed.
const MAX_SLEEP = 60_000;
// Clock corrections smaller than this, in milliseconds, are not logged.
const MIN_JUMP = 1_000;
// How often a schedule with `missed: "once"` checks for a connection, in milliseconds.
const CONNECTION_CHECK_INTERVAL = 1_000;

/** Runs one tick of a schedule; resolves when it is done. */
export type RunTick = (schedule: BoundSchedule, due: Date, user: User) => Promise<void>;

/** Runs the schedules of one bot. */
export class Scheduler {
  readonly #name: string;
  readonly #schedules: readonly BoundSchedule[];
  readonly #runtime: BotRuntime;
  readonly #runTick: RunTick;
  /** Cancels the pending timers; made for the first one. */
  #cancels: Set<() => void> | undefined;

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

  /**
   * Starts the schedules; the returned function stops them. If this process `succeeds` another, the
   * latest tick of the last minute is run as well, if it is still to be run.
   */
  start(succeeds: boolean = false): () => void {
    if (this.#schedules.length === 0) return () => {};
    const stop = new AbortController();
    for (const schedule of this.#schedules) {
      const log = new SubjectLogger(
        this.#runtime.logger,
        `${this.#name}: schedule ${schedule.name}`,
      );
      if (schedule.missed === "once") this.#runCatchingUp(schedule, log, stop.signal);
      else this.#runSkipping(schedule, log, stop.signal, succeeds);
    }
    return () => {
      stop.abort();
      for (const cancel of this.#cancels ?? []) cancel();
    };
  }

  /** Runs a schedule; missed ticks are skipped. */
  async #runSkipping(
    schedule: BoundSchedule,
    log: BotLogger,
    stop: AbortSignal,
    succeeds: boolean,
  ): Promise<void> {
    const { client, clock } = this.#runtime;
    if (succeeds) await this.#runLatest(schedule);
    const logMissed = (time: number) => log.info(`missed ${new Date(time).toISOString()}`);
    for (let after = clock.now(); !stop.aborted; after = Math.max(after, clock.now())) {
      const due = await this.#nextDue(schedule, after, log);
      const { user, connected } = client;
      if (clock.now() - due < MAX_SLEEP && connected && user !== null) {
        await this.#runTick(schedule, new Date(due), user);
        const next = schedule.timetable.next(due);
        if (next <= clock.now()) logMissed(next);
      } else {
        logMissed(due);
      }
      after = due;
    }
  }

  /** Runs the latest tick of the last minute. */
  async #runLatest(schedule: BoundSchedule): Promise<void> {
    const { client: { user }, clock } = this.#runtime;
    const { timetable } = schedule;
    const now = clock.now();
    let latest: number | undefined;
    for (let due = timetable.next(now - MAX_SLEEP); due <= now; due = timetable.next(due)) {
      latest = due;
    }
    if (latest !== undefined && user !== null) {
      await this.#runTick(schedule, new Date(latest), user);
    }
  }

  /** Runs a schedule; a single run makes up for all ticks since the stored last tick that were missed. */
  async #runCatchingUp(schedule: BoundSchedule, log: BotLogger, stop: AbortSignal): Promise<void> {
    const { clock, records } = this.#runtime;
    const { id } = await this.#connectedUser();
    const lastTick = new LastTick(
      records,
      [this.#name, "schedule", id, schedule.name],
      schedule.timetable,
    );
    const distrusted = (time: number) =>
      log.warn(
        `its last run is recorded as ${
          new Date(time).toISOString()
        }, which is in the future: the clock ` +
          "was wrong then, or is wrong now. Check the system clock. The schedule continues from the current time.",
      );
    const start = await lastTick.read(clock.now(), distrusted).catch((error: unknown) => {
      log.error("could not read when it last ran, so missed ticks are not made up for", error);
      return clock.now();
    });
    for (let after = start; !stop.aborted;) {
      const due = await this.#nextDue(schedule, after, log);
      const user = await this.#connectedUser();
      after = Math.max(due, clock.now());
      const claimed = await lastTick.claim(due, after).catch((error: unknown) => {
        log.error("could not store that it ran: it may run again after a restart", error);
        return true;
      });
      if (claimed) await this.#runTick(schedule, new Date(due), user);
      else log.debug("another process of this bot ran it");
    }
  }

  /**
   * Waits for the first time after `after`, and returns it. If the clock is set in the meantime,
   * that is logged; if it is set back, the schedule continues from the new time.
   */
  async #nextDue(schedule: BoundSchedule, after: number, log: BotLogger): Promise<number> {
    const { clock } = this.#runtime;
    const { timetable } = schedule;
    const firstAfter = (time: number) => {
      const now = clock.now();
      return timetable.next(isCredible(time, now, timetable) ? time : now);
    };
    for (let due = firstAfter(after);;) {
      const [before, started] = [clock.now(), clock.monotonic()];
      if (due <= before) return due;
      await this.#sleep(Math.min(due - before, MAX_SLEEP));
      const jump = clock.now() - before - (clock.monotonic() - started);
      if (Math.abs(jump) < MIN_JUMP) continue;
      log.warn(
        `the clock went ${jump > 0 ? "forward" : "back"} by ${formatDuration(Math.abs(jump))}`,
      );
      if (jump < 0) due = firstAfter(after);
    }
  }

  /** Waits for a connection, and returns the bot's account. */
  async #connectedUser(): Promise<User> {
    const { client } = this.#runtime;
    for (;;) {
      if (client.connected && client.user !== null) return client.user;
      await this.#sleep(CONNECTION_CHECK_INTERVAL);
    }
  }

  /** Waits. If the scheduler is stopped, the promise never resolves. */
  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#runtime.clock.schedule(() => {
        this.#cancels?.delete(cancel);
        resolve();
      }, milliseconds);
      (this.#cancels ??= new Set()).add(cancel);
    });
  }
}
