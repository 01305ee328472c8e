import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  BotDefinitionError,
  defineBot,
  MemoryStorage,
  type RunSettings,
  type Schedule,
} from "@roomz/roomz/bot";
import { BotRoom } from "./bot_room.ts";
import { FakeHost } from "./fake_host.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const at: Schedule["run"] = ({ due, clock }) =>
  `due ${due.toISOString().slice(0, 16)}, now ${new Date(clock.time()).toISOString().slice(0, 16)}`;

/** A bot with one schedule, on a machine whose clock begins at `start`. */
async function run(schedule: Schedule, start: string, settings: RunSettings = {}) {
  const host = new FakeHost(start);
  const bot = defineBot({ name: "helper", schedule: { news: schedule } });
  return { host, room: await BotRoom.with(bot, settings, host) };
}

Deno.test("a schedule says its text on time, on the clocks of its zone", async () => {
  const { host, room } = await run(
    { cron: "0 9 * * 1-5", timeZone: "Europe/Brussels", run: "Good morning" },
    "2026-11-23T07:30:00Z",
  );
  await using _ = room;
  await host.advance(HOUR / 2 - 1);
  assertEquals(room.replies, []);
  await host.advance(1);
  assertEquals(room.replies, ["Good morning"]);
  await host.advance(7 * DAY);
  assertEquals(room.replies.length, 6, "not on Saturday and Sunday");
});

Deno.test("an interval is due at its multiples, whenever the bot was started", async () => {
  const { host, room } = await run({ every: "5m", run: at }, "2026-11-23T07:33:20Z");
  await using _ = room;
  await host.advance(12 * MINUTE);
  assertEquals(room.replies, [
    "due 2026-11-23T07:35, now 2026-11-23T07:35",
    "due 2026-11-23T07:40, now 2026-11-23T07:40",
    "due 2026-11-23T07:45, now 2026-11-23T07:45",
  ]);
});

Deno.test("a schedule comes from the bot's own account, and its failure is caught", async () => {
  const host = new FakeHost();
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
  await using room = await BotRoom.with(bot, {}, host);
  await host.advance(MINUTE);
  const user = { id: "user:me@example.com", email: "me@example.com", display_name: null };
  assertEquals(seen, [user, null]);
  assertEquals(room.replies, ["Error: boom undefined"]);
  assert(room.log.lines.includes("error helper: schedule news: failed"));
});

Deno.test("a time that passes without a connection is left out, or made up for once", async () => {
  for (const missed of ["skip", "once"] as const) {
    const { host, room } = await run(
      { every: "1h", missed, run: at },
      "2026-11-23T07:30:00Z",
      { storage: new MemoryStorage() },
    );
    await using _ = room;
    await host.advance(25 * MINUTE);
    room.client.connectionState = "reconnecting";
    await host.advance(10 * MINUTE);
    room.client.connectionState = "connected";
    await host.advance(HOUR);
    const onTime = "due 2026-11-23T09:00, now 2026-11-23T09:00";
    const late = "due 2026-11-23T08:00, now 2026-11-23T08:05";
    assertEquals(room.replies, missed === "skip" ? [onTime] : [late, onTime]);
  }
});

Deno.test("a time that passes while the bot is down is left out, or made up for once", async () => {
  for (const missed of ["skip", "once"] as const) {
    const schedule = { cron: "0 9 * * *", missed, run: at } as const;
    const storage = new MemoryStorage();
    const before = await run(schedule, "2026-11-20T12:00:00Z", { storage });
    await before.host.advance(0);
    await before.room[Symbol.asyncDispose]();
    assertEquals(before.host.timers, [], "a bot that has stopped leaves no timer");

    const { host, room } = await run(schedule, "2026-11-23T12:00:00Z", { storage });
    await host.advance(DAY);
    await room[Symbol.asyncDispose]();
    const onTime = "due 2026-11-24T09:00, now 2026-11-24T09:00";
    const late = "due 2026-11-21T09:00, now 2026-11-23T12:00";
    assertEquals(room.replies, missed === "skip" ? [onTime] : [late, onTime]);
  }
});

Deno.test("what was run is not run again after a restart", async () => {
  const schedule = { cron: "0 9 * * *", missed: "once", run: at } as const;
  const storage = new MemoryStorage();
  for (const [start, said] of [["2026-11-23T08:30:00Z", 1], ["2026-11-23T09:31:00Z", 0]] as const) {
    const { host, room } = await run(schedule, start, { storage });
    await host.advance(HOUR);
    await room[Symbol.asyncDispose]();
    assertEquals(room.replies.length, said);
  }
});

Deno.test("two processes of one bot run what is made up for once between them", async () => {
  const storage = new MemoryStorage();
  const schedule = { every: "1h", missed: "once", run: at } as const;
  const one = await run(schedule, "2026-11-23T07:30:00Z", { storage });
  const other = await run(schedule, "2026-11-23T07:30:00Z", { storage });
  for (let minutes = 0; minutes < 90; minutes++) {
    await Promise.all([one.host.advance(MINUTE), other.host.advance(MINUTE)]);
  }
  await one.room[Symbol.asyncDispose]();
  await other.room[Symbol.asyncDispose]();
  assertEquals([...one.room.replies, ...other.room.replies].length, 2);
});

Deno.test("a storage that fails is in the log, and the schedule goes on", async () => {
  const fail = () => Promise.reject(new Error("disk full"));
  const { host, room } = await run(
    { every: "1h", missed: "once", run: at },
    "2026-11-23T07:30:00Z",
    {
      storage: { read: fail, write: fail, delete: fail },
    },
  );
  await using _ = room;
  await host.advance(HOUR);
  assertEquals(room.replies, ["due 2026-11-23T08:00, now 2026-11-23T08:00"]);
  assertEquals(room.log.errors.map(String), ["Error: disk full", "Error: disk full"]);
});

Deno.test("times that pass while the handler is still busy are left out, or made up for once", async () => {
  for (const missed of ["skip", "once"] as const) {
    const runs: string[] = [];
    const { host, room } = await run(
      {
        every: "10s",
        missed,
        run: ({ due, clock }) => {
          runs.push(due.toISOString().slice(14, 19));
          return new Promise<void>((resolve) => clock.schedule(resolve, 25_000));
        },
      },
      "2026-11-23T07:30:05Z",
      { storage: new MemoryStorage() },
    );
    await host.advance(50_000);
    assertEquals(runs, missed === "skip" ? ["30:10", "30:40"] : ["30:10", "30:20"]);
    const line = "info helper: schedule news: missed 2026-11-23T07:30:20.000Z";
    assertEquals(room.log.lines.includes(line), missed === "skip");
    room.stop();
    await host.advance(MINUTE);
    await room.running;
  }
});

Deno.test("a schedule that there is no room for is logged", async () => {
  const host = new FakeHost();
  const bot = defineBot({
    name: "helper",
    commands: { "hang": () => new Promise<void>(() => {}) },
    schedule: { news: { every: "1m", run: "News" } },
  });
  await using room = await BotRoom.with(bot, { maxPending: 1, drainTimeout: 0 }, host);
  room.say("!hang");
  await host.advance(MINUTE);
  assertEquals(room.replies, []);
  assert(
    room.log.lines.includes("warn helper: too much to do at once: the schedule news was not run"),
  );
  room.stop();
  await host.advance(0);
});

Deno.test("a schedule that makes no sense is an error when the bot is defined", () => {
  const wrong: readonly [Schedule, string][] = [
    [{ cron: "0 25 * * *", run: "" }, '"25" is no hour. It is from 0 to 23.\n  in schedule.x.cron'],
    [{ cron: "0 9 * * *", timeZone: "Europe/Brussel", run: "" }, "schedule.x.timeZone"],
    [{ every: "now and then", run: "" }, "schedule.x.every"],
    [{ every: 999, run: "" }, "A bot does nothing more often than every second."],
  ];
  for (const [schedule, problem] of wrong) {
    assertThrows(
      () => defineBot({ name: "helper", schedule: { x: schedule } }),
      BotDefinitionError,
      problem,
    );
  }
});
