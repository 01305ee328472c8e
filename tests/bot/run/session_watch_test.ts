import { defineBot } from "@roomz/roomz/bot";
import { assertEquals } from "@std/assert";
import { completeSettings } from "../../../bot/run/run_options.ts";
import { RunningBot } from "../../../bot/run/running_bot.ts";
import { RecordingLogger } from "../support/bot_log.ts";
import { FakePlatform } from "../support/fake_platform.ts";
import { ScriptedClient } from "../support/scripted_client.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const bot = defineBot({ name: "helper", commands: { "ping": "pong" } });

/** Runs the bot with a session that expires after `expiry` milliseconds. */
async function start(expiry: number | undefined, announceExpiry = true) {
  const client = new ScriptedClient();
  client.expiry = expiry;
  const platform = new FakePlatform(); // It is 1970.
  const log = new RecordingLogger();
  const stop = new AbortController();
  const settings = completeSettings({ announceExpiry, logger: log, signal: stop.signal });
  const running = new RunningBot(bot, client, settings, platform).run();
  await log.wrote(": ready for me@example.com");
  await platform.advance(0);
  return {
    client,
    platform,
    warnings: () => log.lines.filter((line) => line.startsWith("warn ")),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      assertEquals(platform.timers, 0);
    },
  };
}

function notice(left: string, end: string): string {
  return `This bot's session expires in ${left}, on ${end} UTC. After that it cannot reconnect: log in ` +
    "again before then.";
}

const EXPIRED =
  "This bot's session has expired. It stays until its connection is lost, and cannot " +
  "reconnect before a new login.";

Deno.test("a bot says 7, 3 and 1 days and 1 hour before that its session expires, and when it has", async () => {
  await using run = await start(30 * DAY);
  const said: [number, string][] = [];
  for (let hour = 1; hour <= 31 * 24; hour++) {
    await run.platform.advance(HOUR);
    for (const text of run.client.sent.splice(0)) said.push([30 * 24 - hour, text]);
  }
  assertEquals(said, [
    [7 * 24, notice("7 days", "1970-01-31 00:00")],
    [3 * 24, notice("3 days", "1970-01-31 00:00")],
    [24, notice("1 day", "1970-01-31 00:00")],
    [1, notice("1 hour", "1970-01-31 00:00")],
    [0, EXPIRED],
  ]);
  assertEquals(run.warnings(), said.map(([, text]) => `warn helper: ${text}`));
});

Deno.test("a bot that starts in the last week logs it once, and says it at the next notice", async () => {
  await using run = await start(5 * DAY);
  const logged = `warn helper: ${notice("5 days", "1970-01-06 00:00")}`;
  assertEquals([run.client.sent, run.warnings()], [[], [logged]]);
  run.client.emit("connection_state_changed", { state: "connected" });
  await run.platform.advance(2 * DAY - 1);
  assertEquals([run.client.sent, run.warnings()], [[], [logged]]);
  await run.platform.advance(1);
  assertEquals(run.client.sent, [notice("3 days", "1970-01-06 00:00")]);
});

Deno.test("a session that was renewed in the meantime causes no notice", async () => {
  await using run = await start(8 * DAY);
  run.client.expiry = 30 * DAY;
  await run.platform.advance(22 * DAY);
  assertEquals([run.client.sent, run.warnings()], [[], []]);
  await run.platform.advance(2 * DAY);
  assertEquals(run.client.sent, [notice("7 days", "1970-01-31 00:00")]);
});

Deno.test("with announceExpiry: false, only the log has the notices", async () => {
  await using run = await start(8 * DAY, false);
  await run.platform.advance(DAY);
  const logged = `warn helper: ${notice("7 days", "1970-01-09 00:00")}`;
  assertEquals([run.client.sent, run.warnings()], [[], [logged]]);
});

Deno.test("after the computer has slept, there is one notice within an hour", async () => {
  await using run = await start(30 * DAY);
  run.platform.set(28 * DAY);
  await run.platform.advance(HOUR);
  assertEquals(run.client.sent, [notice("2 days", "1970-01-31 00:00")]);
});

Deno.test("a session without an end needs no timer", async () => {
  await using run = await start(undefined);
  assertEquals(run.platform.timers, 0);
});

Deno.test("a notice that cannot be sent is logged", async () => {
  await using run = await start(DAY + HOUR);
  run.client.answer = () =>
    Promise.resolve({ error: "Not authenticated", code: 401, delivery: "rejected" });
  await run.platform.advance(HOUR);
  assertEquals(
    run.warnings().at(-1),
    "warn helper: could not say so in the room: ReplyError: The reply was not acknowledged (401): Not " +
      "authenticated",
  );
});

Deno.test("a run ends when its session cache is read, or half a second later", async () => {
  const run = await start(30 * DAY);
  const read = Promise.withResolvers<Date | null>();
  run.client.sessionExpiry = () => read.promise;
  await run.platform.advance(HOUR);
  let ended = false;
  const end = run[Symbol.asyncDispose]().then(() => void (ended = true));
  await run.platform.advance(499);
  assertEquals(ended, false);
  read.resolve(null);
  await end;

  const other = await start(30 * DAY);
  other.client.sessionExpiry = () => new Promise(() => {});
  await other.platform.advance(HOUR);
  const ends = other[Symbol.asyncDispose]();
  await other.platform.advance(500);
  await ends;
});
