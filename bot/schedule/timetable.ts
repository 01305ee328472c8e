/**
 * When a schedule is due: by a cron expression in a time zone, or at regular intervals.
 * @module
 */
import type { Cron } from "./cron.ts";

/** Tells one time after the other. */
export interface Timetable {
  /** The first time after `after`; both are milliseconds since 1970. */
  next(after: number): number;
}

/** The multiples of an interval since 1970: a restart does not shift them. */
export function everyInterval(interval: number): Timetable {
  return { next: (after) => (Math.floor(after / interval) + 1) * interval };
}

/**
 * The times of a cron expression on the clocks of a zone. A time that the clocks leave out in spring
 * is as much later as they go forward: 2:30 is 3:30 on that day. One that they show twice in autumn
 * counts once, the first time, unless the hour is `*`: what runs all day long runs through.
 */
export class CronTimetable implements Timetable {
  readonly #cron: Cron;
  readonly #timeZone: string;

  /** `timeZone` is one that exists. */
  constructor(cron: Cron, timeZone: string) {
    this.#cron = cron;
    this.#timeZone = timeZone;
  }

  /** The first time after `after`; both are milliseconds since 1970. */
  next(after: number): number {
    const now = Temporal.Instant.fromEpochMilliseconds(after).toZonedDateTimeISO(this.#timeZone);
    // The clocks may go back past midnight.
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
        // Where the clocks change, a later one on them may come earlier.
        if (isRegular && earliest !== undefined) return earliest;
      }
    }
    return earliest;
  }

  /** The moments at which the clocks show a time. */
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
