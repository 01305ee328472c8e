/**
 * What schedules do about clocks that are wrong, or set.
 * @module
 */
import { defineBot, type Schedule } from "@roomz/roomz/bot";
import { testBot, type TestRoom } from "@roomz/roomz/testing";
import { assert, assertEquals } from "@std/assert";
import { logLines } from "../support/bot_log.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse("2026-11-23T07:30:00Z");

const shown: Schedule["run"] = ({ due }) => due.toISOString().slice(0, 16);

function newBot(schedule: Schedule) {
  return defineBot({ name: "helper", schedule: { news: schedule } });
}

function linesWith(room: TestRoom, text: string): string[] {
  return logLines(room).filter((line) => line.includes(text));
}

const hourly = { every: "1h", run: shown } as const;
const daily = { cron: "0 9 * * *", run: shown } as const;
const EIGHT_AND_NINE = ["2026-11-23T08:00", "2026-11-23T09:00"];

const ahead: readonly [what: string, schedule: Schedule, days: number, next: string[]][] = [
  ["400 days, hourly", { ...hourly, missed: "once" }, 400, EIGHT_AND_NINE],
  ["2 days, hourly", { ...hourly, missed: "once" }, 2, EIGHT_AND_NINE],
  ["400 days, daily", { ...daily, missed: "once" }, 400, ["2026-11-23T09:00"]],
  ["30 days, daily", { ...daily, missed: "once" }, 30, ["2026-11-23T09:00"]],
  ["3 days, daily", { ...daily, missed: "once" }, 3, ["2026-11-23T09:00"]],
  ["10 years, hourly", { ...hourly, missed: "once" }, 3_650, EIGHT_AND_NINE],
];
for (const [what, schedule, days, next] of ahead) {
  Deno.test(`a bot that ran under a clock ${what} ahead runs again when it is right`, async () => {
    await using room = await testBot(newBot(schedule), { startTime: new Date(START + days * DAY) });
    await room.advance(25 * HOUR);
    await room.stop();
    room.setClock(new Date(START));
    await room.restart();
    const before = room.answers.length;
    await room.advance(2 * HOUR);
    assertEquals(room.answers.slice(before), next);
    assertEquals(linesWith(room, "in the future").length, 1);
    await room.stop();
    await room.restart();
    assertEquals(linesWith(room, "in the future").length, 1, "the stored time is repaired");
  });
}

Deno.test("a time that was stored a little ahead costs one tick at the most, and no word", async () => {
  const bot = newBot({ ...hourly, missed: "once" });
  await using room = await testBot(bot, { startTime: new Date(START) });
  await room.advance(HOUR); // It has run at 8:00, and it is 8:30.
  await room.stop();
  room.setClock("2026-11-23T07:50:00Z");
  await room.restart();
  await room.advance(2 * HOUR);
  assertEquals(room.answers, EIGHT_AND_NINE);
  assertEquals(linesWith(room, "in the future"), []);
});

const jumps: readonly [what: string, by: number][] = [
  ["a year back", -365 * DAY],
  ["a day back", -DAY],
  ["90 minutes back", -1.5 * HOUR],
  ["10 minutes back", -HOUR / 6],
  ["10 minutes forward", HOUR / 6],
  ["a day forward", DAY],
  ["a year forward", 365 * DAY],
];
for (const missed of ["skip", "once"] as const) {
  for (const [what, by] of jumps) {
    Deno.test(`a clock that is set ${what} loses one tick at the most (${missed})`, async () => {
      const bot = newBot({ ...hourly, missed });
      await using room = await testBot(bot, { startTime: new Date(START) });
      await room.advance(2 * HOUR);
      const before = room.answers.length;
      room.setClock(new Date(START + 2 * HOUR + by));
      await room.advance(5 * HOUR);
      const runs = room.answers.length - before;
      assert(runs >= 4 && runs <= 6, `${runs} runs in 5 hours: ${room.answers}`);
      assert(linesWith(room, `the clock went ${by > 0 ? "forward" : "back"} by`).length > 0);
    });
  }
}

Deno.test("a small correction of the clock is not worth a word", async () => {
  await using room = await testBot(newBot(hourly), { startTime: new Date(START) });
  for (const correction of [-900, 500, 999, -1]) {
    await room.advance(HOUR / 4);
    room.setClock(new Date(room.clock.now() + correction));
  }
  await room.advance(2 * HOUR);
  assertEquals(linesWith(room, "the clock went"), []);
  assertEquals(room.answers, ["2026-11-23T08:00", "2026-11-23T09:00", "2026-11-23T10:00"]);
});
