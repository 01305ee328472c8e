/**
 * Schedules, as written in a bot definition.
 * @module
 */
import type { RoomContext } from "../context/context.ts";
import type { Reply } from "../context/reply.ts";
import type { Duration } from "../signature/duration.ts";

/** The context of a schedule's handler: `user` is the bot's own account, `device` is null. */
export interface ScheduleContext extends RoomContext {
  /**
   * When it was due: now, or, for a run that makes up for missed ticks, the time of the first missed
   * one.
   */
  readonly due: Date;
}

/** The properties that all schedules have. */
export interface ScheduleBase<State = unknown> {
  /**
   * What to do about ticks that pass while the bot is down, not connected, or still busy with the
   * previous tick. `"skip"` waits for the next tick. `"once"` makes up for all missed ticks with a
   * single run, as soon as there is a connection. To know what was missed, it stores the last tick in
   * the bot's `storage` before the handler runs, so a handler that is killed does not run again.
   * Default: `"skip"`.
   */
  readonly missed?: "skip" | "once";
  /** What to say: a text, or a handler. Middleware does not run around it. */
  readonly run: string | ((ctx: ScheduleContext & State) => Reply);
}

/**
 * A schedule with a cron expression.
 *
 * @example A message on working days, and a check every five minutes
 * ```ts
 * import { defineBot } from "@roomz/roomz/bot";
 *
 * defineBot({
 *   name: "helper",
 *   schedule: {
 *     standup: {
 *       cron: "0 9 * * 1-5",
 *       timeZone: "Europe/Brussels",
 *       missed: "once",
 *       run: ({ due }) => `Good morning. It is ${due.toDateString()}.`,
 *     },
 *     disk: {
 *       every: "5m",
 *       run: ({ log }) => log.info("a handler need not reply"),
 *     },
 *   },
 * });
 * ```
 */
export interface CronSchedule<State = unknown> extends ScheduleBase<State> {
  /**
   * Minute, hour, day of the month, month and day of the week, as in crontab(5): numbers, `*`, ranges
   * such as `1-5`, steps such as `*` followed by `/15`, comma-separated lists, and the names `jan` to
   * `dec` and `sun` to `sat` (`sat-sun` is the weekend). If both days are restricted, a match of either
   * is enough.
   */
  readonly cron: string;
  /**
   * The time zone, such as `Europe/Brussels`. When clocks go forward, skipped times run once, at that
   * moment. When they go back, a time that exists twice runs once; a schedule that runs several times a
   * day follows real time instead. Default: `UTC`.
   */
  readonly timeZone?: string;
  /** A schedule has either `cron` or `every`. */
  readonly every?: never;
}

/** A schedule at regular intervals. */
export interface IntervalSchedule<State = unknown> extends ScheduleBase<State> {
  /** The interval, at least 1s. It runs at multiples since 1970 UTC: `5m` at :00, :05, … */
  readonly every: Duration;
  /** A schedule has either `cron` or `every`. */
  readonly cron?: never;
}

/** Something that a bot does at set times. */
export type Schedule<State = unknown> = CronSchedule<State> | IntervalSchedule<State>;
