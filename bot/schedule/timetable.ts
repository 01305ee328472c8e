/**
 * The times of a schedule: from a cron expression in a time zone, or at a regular interval.
 * @module
 */
import type { Cron } from "./cron.ts";

/** An endless sequence of times. */
export interface Timetable {
  /** The first time after `after`; both are milliseconds since 1970. */
  next(after: number): number;
}

/**
 * Whether a time that a schedule is said to have run at can be true at `now`: it is at most one period of
 * the schedule ahead. Anything later was noted under a wrong clock.
 */
export function isCredible(time: number, now: number, timetable: Timetable): boolean {
  if (time <= now) return true;
  const next = timetable.next(now);
  return time <= now + timetable.next(next) - next;
}

/** The multiples of an interval since 1970, so that a restart does not shift them. */
export function everyInterval(interval: number): Timetable {
  return { next: (after) => (Math.floor(after / interval) + 1) * interval };
}

/**
 * The times of a cron expression in a time zone.
 *
 * A fixed time (one minute, one hour) runs once a day: at the first of two when clocks go back. What
 * repeats follows real time: it runs whenever the clocks show one of its times, in both hours. Times
 * that clocks skip are made up for by one run at the moment of the change, unless the expression has a
 * time of its own shortly after, so that it goes on without a longer wait than its step.
 */
export class CronTimetable implements Timetable {
  readonly #cron: Cron;
  readonly #timeZone: string;
  /** The last day with a change of clocks that was asked for: to compute one takes milliseconds. */
  #change: { readonly day: Temporal.PlainDate; readonly times: readonly number[] } | undefined;

  /** `timeZone` must exist. */
  constructor(cron: Cron, timeZone: string) {
    this.#cron = cron;
    this.#timeZone = timeZone;
  }

  /** The first time after `after`; both are milliseconds since 1970. */
  next(after: number): number {
    const now = Temporal.Instant.fromEpochMilliseconds(after).toZonedDateTimeISO(this.#timeZone);
    // Start a day earlier: clocks may go back past midnight.
    let day = now.toPlainDate().subtract({ days: 1 });
    for (;;) {
      const time = this.#timesOf(day, after);
      if (time !== undefined) return time;
      day = day.add({ days: 1 });
    }
  }

  /** The first time of a day that is later than `after`. */
  #timesOf(day: Temporal.PlainDate, after: number): number | undefined {
    if (day.toZonedDateTime(this.#timeZone).hoursInDay !== 24) {
      return this.#timesOfChange(day).find((time) => time > after);
    }
    if (!this.#runsOn(day)) return undefined;
    for (const hour of this.#cron.hours) {
      if (this.#instant(day, hour, 59, "compatible") <= after) continue;
      for (const minute of this.#cron.minutes) {
        const time = this.#instant(day, hour, minute, "compatible");
        if (time > after) return time;
      }
    }
    return undefined;
  }

  /** All times of a day on which the clocks change, ascending. */
  #timesOfChange(day: Temporal.PlainDate): readonly number[] {
    if (this.#change === undefined || !this.#change.day.equals(day)) {
      const times = [...this.#shownOn(day), ...this.#madeUpFor(day)].sort((a, b) => a - b);
      this.#change = { day, times };
    }
    return this.#change.times;
  }

  #runsOn(day: Temporal.PlainDate): boolean {
    return this.#cron.onDay(day.day, day.month, day.dayOfWeek);
  }

  /** Whenever the clocks show a time of the expression on a day. */
  #shownOn(day: Temporal.PlainDate): number[] {
    if (!this.#runsOn(day)) return [];
    return this.#localTimes(day).flatMap(({ first, last, isSkipped }) => {
      if (isSkipped) return [];
      return this.#cron.repeats && last !== first ? [first, last] : [first];
    });
  }

  /** The moment at which the clocks change on a day, if a run there makes up for skipped times. */
  #madeUpFor(day: Temporal.PlainDate): number[] {
    const start = day.toZonedDateTime(this.#timeZone);
    const change = start.subtract({ nanoseconds: 1 }).getTimeZoneTransition("next");
    if (change === null) return [];
    const at = change.epochMilliseconds;
    const forward = change.offsetNanoseconds -
      change.subtract({ nanoseconds: 1 }).offsetNanoseconds;
    const times = [-1, 0, 1].flatMap((days) => this.#shownOn(day.add({ days })));
    const before = Math.max(...times.filter((time) => time < at));
    const next = Math.min(...times.filter((time) => time >= at));
    const skips = this.#runsOn(day) && this.#localTimes(day).some(({ isSkipped }) => isSkipped);
    if (skips && next - at >= forward / 1e6) return [at];
    const { repeats, step } = this.#cron;
    return repeats && at - before <= step && next - before > step && next > at &&
        next - at <= step
      ? [at]
      : [];
  }

  #localTimes(day: Temporal.PlainDate) {
    return this.#cron.hours.flatMap((hour) =>
      this.#cron.minutes.map((minute) => {
        const time = day.toPlainDateTime({ hour, minute });
        const first = time.toZonedDateTime(this.#timeZone, { disambiguation: "earlier" });
        const last = this.#instant(day, hour, minute, "later");
        const isSkipped = !first.toPlainDateTime().equals(time);
        return { first: first.epochMilliseconds, last, isSkipped };
      })
    );
  }

  #instant(
    day: Temporal.PlainDate,
    hour: number,
    minute: number,
    disambiguation: "compatible" | "later",
  ): number {
    return day.toPlainDateTime({ hour, minute })
      .toZonedDateTime(this.#timeZone, { disambiguation }).epochMilliseconds;
  }
}
