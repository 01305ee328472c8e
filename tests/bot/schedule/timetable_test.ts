import { assertEquals } from "@std/assert";
import { parseCron } from "../../../bot/schedule/cron.ts";
import { CronTimetable } from "../../../bot/schedule/timetable.ts";

function times(cron: string, timeZone: string, after: string, count: number): string[] {
  const timetable = new CronTimetable(parseCron(cron, "cron"), timeZone);
  let time = Date.parse(after);
  return Array.from({ length: count }, () => {
    time = timetable.next(time);
    return new Date(time).toISOString().replace(":00.000Z", "Z");
  });
}

const schedules: readonly [what: string, ...Parameters<typeof times>, expected: string[]][] = [
  ["every minute", "* * * * *", "UTC", "2026-01-01T00:00:30Z", 2, [
    "2026-01-01T00:01Z",
    "2026-01-01T00:02Z",
  ]],
  ["strictly after the given time", "0 9 * * *", "UTC", "2026-01-01T09:00:00Z", 1, [
    "2026-01-02T09:00Z",
  ]],
  ["working days", "0 9 * * 1-5", "UTC", "2026-11-20T09:00:00Z", 2, [
    "2026-11-23T09:00Z",
    "2026-11-24T09:00Z",
  ]],
  ["names, lists and steps", "*/20,55 8 * jan,NOV mon,SUN", "UTC", "2026-11-22T08:10:00Z", 5, [
    "2026-11-22T08:20Z",
    "2026-11-22T08:40Z",
    "2026-11-22T08:55Z",
    "2026-11-23T08:00Z",
    "2026-11-23T08:20Z",
  ]],
  ["a range with steps", "0 8-18/5 * * *", "UTC", "2026-01-01T00:00:00Z", 4, [
    "2026-01-01T08:00Z",
    "2026-01-01T13:00Z",
    "2026-01-01T18:00Z",
    "2026-01-02T08:00Z",
  ]],
  ["the weekend", "0 0 * * sat-sun", "UTC", "2026-11-20T00:00:00Z", 3, [
    "2026-11-21T00:00Z",
    "2026-11-22T00:00Z",
    "2026-11-28T00:00Z",
  ]],
  ["the whole week, from Monday", "0 0 * * mon-sun", "UTC", "2026-11-21T00:00:00Z", 2, [
    "2026-11-22T00:00Z",
    "2026-11-23T00:00Z",
  ]],
  ["the whole week, from Sunday", "0 0 * * sun-sat", "UTC", "2026-11-21T00:00:00Z", 2, [
    "2026-11-22T00:00Z",
    "2026-11-23T00:00Z",
  ]],
  ["Sunday is 0 and 7", "0 0 * * 7", "UTC", "2026-11-22T00:00:00Z", 1, ["2026-11-29T00:00Z"]],
  ["a day of the month or of the week", "0 0 13 * 5", "UTC", "2026-11-07T00:00:00Z", 3, [
    "2026-11-13T00:00Z",
    "2026-11-20T00:00Z",
    "2026-11-27T00:00Z",
  ]],
  ["every other day that is a Monday", "0 0 */2 * 1", "UTC", "2026-11-01T00:00:00Z", 2, [
    "2026-11-09T00:00Z",
    "2026-11-23T00:00Z",
  ]],
  ["the 31st, in months that have one", "0 0 31 * *", "UTC", "2026-01-31T00:00:00Z", 2, [
    "2026-03-31T00:00Z",
    "2026-05-31T00:00Z",
  ]],
  ["29 February", "0 0 29 2 *", "UTC", "2096-02-29T00:00:00Z", 1, ["2104-02-29T00:00Z"]],
  ["a time zone", "0 9 * * *", "Asia/Kolkata", "2026-01-01T00:00:00Z", 1, [
    "2026-01-01T03:30Z",
  ]],

  [
    "Brussels, nine o'clock across the spring change",
    "0 9 * * *",
    "Europe/Brussels",
    "2026-03-28T00:00:00Z",
    3,
    ["2026-03-28T08:00Z", "2026-03-29T07:00Z", "2026-03-30T07:00Z"],
  ],
  [
    "Brussels, a skipped 2:30",
    "30 2 * * *",
    "Europe/Brussels",
    "2026-03-28T00:00:00Z",
    3,
    ["2026-03-28T01:30Z", "2026-03-29T01:00Z", "2026-03-30T00:30Z"],
  ],
  [
    "Brussels, half-hours through the spring change",
    "*/30 * * * *",
    "Europe/Brussels",
    "2026-03-29T00:15:00Z",
    4,
    [
      "2026-03-29T00:30Z",
      "2026-03-29T01:00Z",
      "2026-03-29T01:30Z",
      "2026-03-29T02:00Z",
    ],
  ],
  [
    "Brussels, two times that fall together",
    "30 2,3 * * *",
    "Europe/Brussels",
    "2026-03-28T12:00:00Z",
    2,
    ["2026-03-29T01:30Z", "2026-03-30T00:30Z"],
  ],
  ["Brussels, a repeated 2:30", "30 2 * * *", "Europe/Brussels", "2026-10-24T12:00:00Z", 2, [
    "2026-10-25T00:30Z",
    "2026-10-26T01:30Z",
  ]],
  [
    "Brussels, half-hours through the autumn change",
    "*/30 * * * *",
    "Europe/Brussels",
    "2026-10-24T23:45:00Z",
    6,
    [
      "2026-10-25T00:00Z",
      "2026-10-25T00:30Z",
      "2026-10-25T01:00Z",
      "2026-10-25T01:30Z",
      "2026-10-25T02:00Z",
      "2026-10-25T02:30Z",
    ],
  ],

  [
    "New York, a skipped 2:30",
    "30 2 * * *",
    "America/New_York",
    "2026-03-07T12:00:00Z",
    2,
    ["2026-03-08T07:00Z", "2026-03-09T06:30Z"],
  ],
  ["New York, a repeated 1:30", "30 1 * * *", "America/New_York", "2026-10-31T12:00:00Z", 2, [
    "2026-11-01T05:30Z",
    "2026-11-02T06:30Z",
  ]],
  [
    "New York, every hour through the autumn change",
    "0 * * * *",
    "America/New_York",
    "2026-11-01T04:30:00Z",
    4,
    [
      "2026-11-01T05:00Z",
      "2026-11-01T06:00Z",
      "2026-11-01T07:00Z",
      "2026-11-01T08:00Z",
    ],
  ],
  [
    "Cairo, where clocks go back past midnight",
    "30 23 * * *",
    "Africa/Cairo",
    "2026-10-29T12:00:00Z",
    2,
    ["2026-10-29T20:30Z", "2026-10-30T21:30Z"],
  ],
  [
    "Cairo, every hour through the same change",
    "0 * * * *",
    "Africa/Cairo",
    "2026-10-29T19:30:00Z",
    4,
    [
      "2026-10-29T20:00Z",
      "2026-10-29T21:00Z",
      "2026-10-29T22:00Z",
      "2026-10-29T23:00Z",
    ],
  ],
  [
    "Lord Howe, where clocks change by half an hour",
    "15 2 * * *",
    "Australia/Lord_Howe",
    "2026-10-03T00:00:00Z",
    2,
    ["2026-10-03T15:30Z", "2026-10-04T15:15Z"],
  ],
];
for (const [what, cron, timeZone, after, count, expected] of schedules) {
  Deno.test(`the times of a cron expression: ${what}`, () => {
    assertEquals(times(cron, timeZone, after, count), expected);
  });
}

Deno.test("in every zone, the hours have no gaps or repeats when clocks change", () => {
  const changes = [["2026-03-06", "2026-04-27"], ["2026-10-02", "2026-11-02"]] as const;
  for (
    const zone of ["Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"]
  ) {
    const timetable = new CronTimetable(parseCron("0,30 * * * *", "cron"), zone);
    for (const [start, end] of changes) {
      for (let time = Date.parse(start); time < Date.parse(end);) {
        const next = timetable.next(time);
        assertEquals(next - time, 1_800_000, `${zone} after ${new Date(time).toISOString()}`);
        time = next;
      }
    }
  }
});
