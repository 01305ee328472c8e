import { defineBot, type Schedule } from "@roomz/roomz/bot";
import { testBot, type TestOptions, type TestRoom } from "@roomz/roomz/testing";
import { assert, assertEquals } from "@std/assert";
import { loggedErrors, logLines } from "../support/bot_log.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const at: Schedule["run"] = ({ due, clock }) =>
  `due ${due.toISOString().slice(0, 16)}, now ${new Date(clock.now()).toISOString().slice(0, 16)}`;

/** Runs a bot with one schedule, from `startTime` on. */
function run(schedule: Schedule, startTime: string, options: TestOptions = {}): Promise<TestRoom> {
  const bot = defineBot({ name: "helper", schedule: { news: schedule } });
  return testBot(bot, { startTime, ...options });
}

Deno.test("a schedule runs on time, in its time zone", async () => {
  await using room = await run(
    { cron: "0 9 * * 1-5", timeZone: "Europe/Brussels", run: "Good morning" },
    "2026-11-23T07:30:00Z",
  );
  assertEquals(await room.advance(HOUR / 2 - 1), []);
  assertEquals(await room.advance(1), ["Good morning"]);
  const week = await room.advance(7 * DAY);
  assertEquals(week, Array(5).fill("Good morning"), "not on Saturday and Sunday");
});

Deno.test("an interval runs at its multiples, whenever the bot was started", async () => {
  await using room = await run({ every: "5m", run: at }, "2026-11-23T07:33:20Z");
  assertEquals(await room.advance(12 * MINUTE), [
    "due 2026-11-23T07:35, now 2026-11-23T07:35",
    "due 2026-11-23T07:40, now 2026-11-23T07:40",
    "due 2026-11-23T07:45, now 2026-11-23T07:45",
  ]);
});

Deno.test("a schedule runs for the bot's own account, and its errors reach catch", async () => {
  const seen: unknown[] = [];
  const bot = defineBot({
    name: "helper",
    schedule: {
      news: {
        every: "1m",
        run: ({ user, device }) => {
          seen.push(user, device);
          throw new Error("boom");
        },
      },
    },
    catch: (error, { message }) => `${error} ${message}`,
  });
  await using room = await testBot(bot);
  assertEquals(await room.advance(MINUTE), ["Error: boom undefined"]);
  const user = { id: "user:me@example.com", email: "me@example.com", display_name: null };
  assertEquals(seen, [user, null]);
  assert(logLines(room).includes("error helper: schedule news: failed"));
});

Deno.test("a tick missed without a connection is skipped, or made up for once", async () => {
  for (const missed of ["skip", "once"] as const) {
    await using room = await run({ every: "1h", missed, run: at }, "2026-11-23T07:30:00Z", {
      maxReconnectAttempts: Infinity,
    });
    await room.advance(25 * MINUTE);
    await room.disconnect();
    assertEquals(await room.advance(10 * MINUTE), []);
    await room.reconnect();
    await room.advanceTo("2026-11-23T09:05:00Z");
    const onTime = "due 2026-11-23T09:00, now 2026-11-23T09:00";
    const late = "due 2026-11-23T08:00, now 2026-11-23T08:05";
    assertEquals(room.answers, missed === "skip" ? [onTime] : [late, onTime]);
  }
});

Deno.test("a tick missed while the bot is down is skipped, or made up for once", async () => {
  for (const missed of ["skip", "once"] as const) {
    await using room = await run({ cron: "0 9 * * *", missed, run: at }, "2026-11-20T12:00:00Z");
    await room.stop();
    assertEquals(room.timers, [], "a stopped bot leaves no timer");
    await room.advanceTo("2026-11-23T12:00:00Z");
    await room.restart();
    const onTime = "due 2026-11-24T09:00, now 2026-11-24T09:00";
    const late = "due 2026-11-21T09:00, now 2026-11-23T12:00";
    assertEquals(room.answers, missed === "skip" ? [] : [late]);
    assertEquals(await room.advance(DAY), [onTime]);
  }
});

Deno.test("a tick that ran does not run again after a restart", async () => {
  const schedule = { cron: "0 9 * * *", missed: "once", run: at } as const;
  await using room = await run(schedule, "2026-11-23T08:30:00Z");
  assertEquals(await room.advance(HOUR), ["due 2026-11-23T09:00, now 2026-11-23T09:00"]);
  room.crash();
  await room.restart();
  await room.advance(HOUR);
  assertEquals(room.answers.length, 1);
});

Deno.test("of two processes of a bot, only one makes up for missed ticks", async () => {
  const bot = defineBot({
    name: "helper",
    schedule: { news: { every: "1h", missed: "once", run: at } },
  });
  await using one = await testBot(bot, { startTime: "2026-11-23T07:30:00Z" });
  await using other = await one.addBot(bot);
  await one.advance(90 * MINUTE);
  assertEquals([...one.answers, ...other.answers].toSorted(), [
    "due 2026-11-23T08:00, now 2026-11-23T08:00",
    "due 2026-11-23T09:00, now 2026-11-23T09:00",
  ]);
});

Deno.test("storage errors are logged, and the schedule continues", async () => {
  const fail = () => Promise.reject(new Error("disk full"));
  await using room = await run({ every: "1h", missed: "once", run: at }, "2026-11-23T07:30:00Z", {
    storage: { read: fail, write: fail, delete: fail },
  });
  assertEquals(await room.advance(HOUR), ["due 2026-11-23T08:00, now 2026-11-23T08:00"]);
  assertEquals(loggedErrors(room).map(String), ["Error: disk full", "Error: disk full"]);
});

Deno.test("ticks missed while the handler is busy are skipped, or made up for once", async () => {
  for (const missed of ["skip", "once"] as const) {
    const runs: string[] = [];
    await using room = await run({
      every: "10s",
      missed,
      run: ({ due, clock }) => {
        runs.push(due.toISOString().slice(14, 19));
        return new Promise<void>((resolve) => clock.schedule(resolve, 25_000));
      },
    }, "2026-11-23T07:30:05Z");
    await room.advance(50_000);
    assertEquals(runs, missed === "skip" ? ["30:10", "30:40"] : ["30:10", "30:20"]);
    const line = "info helper: schedule news: missed 2026-11-23T07:30:20.000Z";
    assertEquals(logLines(room).includes(line), missed === "skip");
  }
});

Deno.test("a tick that comes as the handler ends is skipped, and logged", async () => {
  await using room = await run({
    every: "10s",
    run: ({ clock }) => new Promise<void>((resolve) => clock.schedule(resolve, 10_000)),
  }, "2026-11-23T07:30:05Z");
  await room.advance(20_000);
  assertEquals(logLines(room).filter((line) => line.includes("missed")), [
    "info helper: schedule news: missed 2026-11-23T07:30:20.000Z",
  ]);
});

Deno.test("a tick that a full queue refuses is logged", async () => {
  const bot = defineBot({
    name: "helper",
    commands: { "hang": () => new Promise<void>(() => {}) },
    schedule: { news: { every: "1m", run: "News" } },
  });
  await using room = await testBot(bot, { maxPending: 1, drainTimeout: 0 });
  await room.device("laptop").say("!hang");
  assertEquals(await room.advance(MINUTE), []);
  assert(
    logLines(room).includes("warn helper: too busy: the schedule news was not run"),
  );
});
