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

/** The multiples of an interval since 1970, so that a restart does not shift them. */
export function everyInterval(interval: number): Timetable {
  return { next: (after) => (Math.floor(after / interval) + 1) * interval };
}

/**
 * The times of a cron expression in a time zone. When clocks go forward, a skipped time is as much
 * later: 2:30 becomes 3:30. When they go back, only the first occurrence of a repeated time counts,
 * unless the hour is `*`: a schedule that runs all day has no gap.
 */
export class CronTimetable implements Timetable {
  readonly #cron: Cron;
  readonly #timeZone: string;

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
      if (this.#cron.onDay(day.day, day.month, day.dayOfWeek)) {
        const time = this.#nextOfDay(day, after);
        if (time !== undefined) return time;
      }
      day = day.add({ days: 1 });
    }
  }

  #nextOfDay(day: Temporal.PlainDate, after: number): number | undefined {
    const isRegular = day.toZonedDateTime(this.#timeZone).hoursInDay === 24;
    let earliest: number | undefined;
    for (const hour of this.#cron.hours) {
      if (this.#instant(day, hour, 59, "later") <= after) continue;
      for (const minute of this.#cron.minutes) {
        for (const time of this.#times(day, hour, minute)) {
          if (time > after && time < (earliest ?? Infinity)) earliest = time;
        }
        // On a day when clocks change, a later local time may be an earlier instant.
        if (isRegular && earliest !== undefined) return earliest;
      }
    }
    return earliest;
  }

  /** The instants of a local time. */
  #times(day: Temporal.PlainDate, hour: number, minute: number): number[] {
    const first = this.#instant(day, hour, minute, "compatible");
    return this.#cron.anyHour ? [first, this.#instant(day, hour, minute, "later")] : [first];
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
