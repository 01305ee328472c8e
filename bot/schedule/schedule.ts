/**
 * What a bot does by the clock, as it is written in a definition.
 * @module
 */
import type { RoomContext } from "../context/context.ts";
import type { Reply } from "../context/reply.ts";
import type { Duration } from "../signature/duration.ts";

/** What the handler of a schedule has: `user` is the bot's own account, `device` is null. */
export interface ScheduleContext extends RoomContext {
  /**
   * When it was due: now, or earlier where it was missed and is made up for, the first time where it
   * was missed more than once.
   */
  readonly due: Date;
}

/** What every schedule has. */
export interface ScheduleBase<State = unknown> {
  /**
   * What becomes of a time that passes while the bot is down, not connected, or still busy with the
   * time before: `"skip"` waits for the next; `"once"` makes up for all that were missed by one run,
   * as soon as there is a connection. For that the last time is kept in the run's `storage`, before
   * the handler runs: a bot that is killed while it runs does not run it again. Default: `"skip"`.
   */
  readonly missed?: "skip" | "once";
  /** What to say, or what works it out. Middleware does not run around it. */
  readonly run: string | ((ctx: ScheduleContext & State) => Reply);
}

/**
 * A schedule by a cron expression.
 *
 * @example Something to say on working days, and something to look at all the time
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
 *       run: ({ log }) => log.info("nothing to say is fine"),
 *     },
 *   },
 * });
 * ```
 */
export interface CronSchedule<State = unknown> extends ScheduleBase<State> {
  /**
   * Minute, hour, day of the month, month and day of the week, as crontab(5) has them: numbers, `*`,
   * ranges such as `1-5`, either of these with a step such as `/15` behind it, lists with commas, `jan`
   * to `dec`, `sun` to `sat`. Where both days say something, either is enough.
   */
  readonly cron: string;
  /**
   * Whose clocks count, such as `Europe/Brussels`. A time that they leave out when they change is as
   * much later; one that they show twice counts once, unless the hour is `*`. Default: `UTC`.
   */
  readonly timeZone?: string;
  /** A schedule has one of the two. */
  readonly every?: never;
}

/** A schedule at regular intervals. */
export interface IntervalSchedule<State = unknown> extends ScheduleBase<State> {
  /** The interval, from one second: due at its multiples since 1970, UTC, so `5m` is at :00, :05 … */
  readonly every: Duration;
  /** A schedule has one of the two. */
  readonly cron?: never;
}

/** Something that a bot does by the clock. */
export type Schedule<State = unknown> = CronSchedule<State> | IntervalSchedule<State>;
