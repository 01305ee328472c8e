/**
 * The two nights of the clock change, as docs/schedules.md shows them.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { parseCron } from "../../../bot/schedule/cron.ts";
import { CronTimetable, everyInterval, isCredible } from "../../../bot/schedule/timetable.ts";

function timetableOf(cron: string, timeZone: string): CronTimetable {
  return new CronTimetable(parseCron(cron, "cron"), timeZone);
}

/** The times of a zone's clocks at which it runs on a day up to `until`; `+` marks winter time. */
function runs(cron: string, timeZone: string, day: string, until: string): string {
  const timetable = timetableOf(cron, timeZone);
  const date = Temporal.PlainDate.from(day);
  const start = date.toZonedDateTime(timeZone);
  const end = date.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds;
  const shown: string[] = [];
  for (let time = start.epochMilliseconds - 1;;) {
    time = timetable.next(time);
    const local = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timeZone);
    const clock = local.toPlainTime().toString({ smallestUnit: "minute" });
    if (time >= end || clock > until) return shown.join(" ");
    const isRepeated = local.subtract({ hours: 1 }).toPlainTime().equals(local.toPlainTime());
    shown.push(isRepeated ? `${clock}+` : clock);
  }
}

const ZONE = "Europe/Brussels";
const SPRING = "2026-03-29";
const AUTUMN = "2026-10-25";

const nights: readonly [cron: string, day: string, expected: string][] = [
  ["30 2 * * *", SPRING, "03:00"],
  ["0 3 * * *", SPRING, "03:00"],
  ["0 2,3 * * *", SPRING, "03:00"],
  ["30 2,3 * * *", SPRING, "03:30"],
  ["30 2,5 * * *", SPRING, "03:00 05:30"],
  ["0,30 2 * * *", SPRING, "03:00"],
  ["*/15 2 * * *", SPRING, "03:00"],
  ["15,45 1-3 * * *", SPRING, "01:15 01:45 03:15 03:45"],
  ["0 */2 * * *", SPRING, "00:00 03:00 04:00"],
  ["*/30 0-4 * * *", SPRING, "00:00 00:30 01:00 01:30 03:00 03:30 04:00 04:30"],
  ["0 * * * *", SPRING, "00:00 01:00 03:00 04:00 05:00"],
  ["30 2 * * *", AUTUMN, "02:30"],
  ["0 3 * * *", AUTUMN, "03:00"],
  ["0 2,3 * * *", AUTUMN, "02:00 02:00+ 03:00"],
  ["0,30 2 * * *", AUTUMN, "02:00 02:30 02:00+ 02:30+"],
  ["*/15 2 * * *", AUTUMN, "02:00 02:15 02:30 02:45 02:00+ 02:15+ 02:30+ 02:45+"],
  ["15,45 1-3 * * *", AUTUMN, "01:15 01:45 02:15 02:45 02:15+ 02:45+ 03:15 03:45"],
  ["0 */2 * * *", AUTUMN, "00:00 02:00 02:00+ 04:00"],
  ["*/30 1-3 * * *", AUTUMN, "01:00 01:30 02:00 02:30 02:00+ 02:30+ 03:00 03:30"],
  ["0 1-23/2 * * *", AUTUMN, "01:00 03:00 05:00"],
];
for (const [cron, day, expected] of nights) {
  Deno.test(`"${cron}" on ${day} in Brussels runs at ${expected}`, () => {
    assertEquals(runs(cron, ZONE, day, "05:59"), expected);
  });
}

const elsewhere: readonly [cron: string, zone: string, day: string, expected: string][] = [
  // Lord Howe goes from 2:00 to 2:30 and back: half an hour.
  ["15 2 * * *", "Australia/Lord_Howe", "2026-10-04", "02:30"],
  ["*/20 1-2 * * *", "Australia/Lord_Howe", "2026-10-04", "01:00 01:20 01:40 02:30 02:40"],
  ["0 2 * * *", "Australia/Lord_Howe", "2026-10-04", "02:30"],
  ["40 1 * * *", "Australia/Lord_Howe", "2026-04-05", "01:40"],
  // Beirut and Cairo change at midnight.
  ["30 0 * * *", "Asia/Beirut", "2026-03-29", "01:00"],
  ["0 0 * * *", "Asia/Beirut", "2026-03-29", "01:00"],
  ["*/30 0-1 * * *", "Asia/Beirut", "2026-03-29", "01:00 01:30"],
  ["0 0 * * *", "Africa/Cairo", "2026-04-24", "01:00"],
  ["30 0 * * *", "Africa/Cairo", "2026-04-24", "01:00"],
  ["30 23 * * *", "Africa/Cairo", "2026-10-29", "23:30"],
  ["*/30 2 * * *", "America/New_York", "2026-03-08", "03:00"],
  ["30 1 * * *", "America/New_York", "2026-11-01", "01:30"],
];
for (const [cron, zone, day, expected] of elsewhere) {
  Deno.test(`"${cron}" on ${day} in ${zone} runs at ${expected}`, () => {
    assertEquals(runs(cron, zone, day, "23:59").replaceAll("+", ""), expected);
  });
}

/** Some hours before each change of a zone's clocks in 2026. */
const changes = [ZONE, "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Beirut"]
  .flatMap((zone) => {
    const start = Temporal.ZonedDateTime.from(`2026-01-01T00:00[${zone}]`);
    const first = start.getTimeZoneTransition("next");
    const second = first?.getTimeZoneTransition("next");
    return [first, second].map((change) => ({
      zone,
      time: (change?.epochMilliseconds ?? 0) - 9e6,
    }));
  });

Deno.test("what runs every so many minutes never waits longer when clocks change", () => {
  for (const { zone, time: from } of changes) {
    for (const step of [5, 10, 15, 20, 30]) {
      for (let offset = 0; offset < 5; offset++) {
        const timetable = timetableOf(`${offset}-59/${step} * * * *`, zone);
        const longest = Math.max(step, 60 - Math.floor((59 - offset) / step) * step);
        for (let time = timetable.next(from); time < from + 2e7;) {
          const next = timetable.next(time);
          const what = `${offset}-59/${step} in ${zone} after ${new Date(time).toISOString()}`;
          assert(next > time && next - time <= longest * 60_000, what);
          time = next;
        }
      }
    }
  }
});

Deno.test("a fixed time runs once on each day of ten years, in any zone", () => {
  for (
    const zone of [ZONE, "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Beirut"]
  ) {
    const timetable = timetableOf("30 2 * * *", zone);
    const seen = new Set<string>();
    let time = Date.parse("2026-01-02T00:00:00Z");
    for (let day = 0; day < 3_650; day++) {
      time = timetable.next(time);
      const date = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone);
      seen.add(date.toPlainDate().toString());
    }
    assertEquals(seen.size, 3_650, zone);
  }
});

const DAY = 86_400_000;
const HOUR = 3_600_000;
const credible: readonly [time: number, period: number, expected: boolean][] = [
  [-400 * DAY, HOUR, true],
  [0, HOUR, true],
  [HOUR / 2, HOUR, true],
  [HOUR, HOUR, true],
  [HOUR + 1, HOUR, false],
  [400 * DAY, HOUR, false],
  [DAY, DAY, true],
  [2 * DAY, DAY, false],
];
for (const [time, period, expected] of credible) {
  Deno.test(`a time ${time} ms ahead is ${expected ? "" : "not "}credible every ${period} ms`, () => {
    assertEquals(isCredible(1e12 + time, 1e12, everyInterval(period)), expected);
  });
}
