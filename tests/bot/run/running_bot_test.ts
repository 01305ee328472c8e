import { ConnectionError, defineBot, flow } from "@roomz/roomz/bot";
import { assertEquals, assertRejects } from "@std/assert";
import { completeSettings } from "../../../bot/run/run_options.ts";
import { RunningBot } from "../../../bot/run/running_bot.ts";
import { RecordingLogger } from "../support/bot_log.ts";
import { FakePlatform } from "../support/fake_platform.ts";
import { ScriptedClient } from "../support/scripted_client.ts";
import { WatchedStorage } from "../support/watched_storage.ts";

const gate = Promise.withResolvers<string>();
const bot = defineBot({
  name: "helper",
  commands: { "hang": () => new Promise(() => {}), "wait": () => gate.promise },
});

async function start(standalone: boolean) {
  const client = new ScriptedClient();
  const platform = new FakePlatform();
  const log = new RecordingLogger();
  const running = new RunningBot(
    bot,
    client,
    completeSettings({ standalone, logger: log }),
    platform,
  )
    .run();
  await log.wrote(": ready for me@example.com");
  return { client, platform, log, running };
}

Deno.test("a signal stops a standalone bot after its running handlers", async () => {
  const { client, platform, running } = await start(true);
  client.hear("!wait");
  platform.signal("SIGTERM");
  gate.resolve("done");
  await running;
  assertEquals(client.sent, ["done"]);
  assertEquals([platform.listeners, client.disconnects, platform.timers], [0, 1, 0]);
});

Deno.test("a stuck handler is interrupted after ten seconds", async () => {
  const { client, platform, log, running } = await start(true);
  let ended = false;
  running.then(() => ended = true);
  client.hear("!hang");
  platform.signal("SIGINT");
  await platform.advance(9_999);
  assertEquals([ended, platform.timers], [false, 1]);
  await platform.advance(1);
  await running;
  assertEquals(log.lines.slice(1), [
    "info helper: waiting for 1 pending handlers",
    "warn helper: 1 pending handlers were interrupted",
  ]);
});

for (
  const [signals, code] of [
    [["SIGINT", "SIGINT"], 130],
    [["SIGTERM", "SIGTERM"], 143],
    [["SIGINT", "SIGTERM"], 143],
    [["SIGTERM", "SIGINT"], 130],
  ] as const
) {
  Deno.test(`the second signal ends the process at once: ${signals.join(", ")}`, async () => {
    const { client, platform, log, running } = await start(true);
    client.hear("!hang");
    platform.signal(signals[0]);
    await platform.advance(250);
    platform.signal(signals[1]);
    assertEquals(platform.exits, [code]);
    assertEquals(
      log.lines.at(-1),
      `warn helper: received ${signals[1]} while stopping; exiting without waiting`,
    );
    await platform.advance(10_000);
    await running;
  });
}

Deno.test("a SIGTERM that arrives twice at once is one request", async () => {
  const { client, platform, running } = await start(true);
  client.hear("!hang");
  platform.signal("SIGTERM");
  platform.signal("SIGTERM");
  assertEquals(platform.exits, []);
  await platform.advance(10_000);
  await running;
});

Deno.test("a standalone bot ends its process if something else keeps it running", async () => {
  const { client, platform, log, running } = await start(true);
  client.hear("!hang");
  platform.signal("SIGTERM");
  await platform.advance(10_000);
  await running;
  assertEquals(platform.leftovers.map(({ delay }) => delay), [750]);
  for (const { callback } of platform.leftovers) callback();
  assertEquals(platform.exits, [undefined]);
  assertEquals(
    log.lines.at(-1),
    "warn helper: something kept the process running, such as a timer or a half-open connection; " +
      "exiting",
  );
});

Deno.test("a standalone bot that fails ends its process with exit code 1", async () => {
  const { client, platform, running } = await start(true);
  client.loseConnection(new ConnectionError("Gave up."));
  await assertRejects(() => running, ConnectionError);
  for (const { callback } of platform.leftovers) callback();
  assertEquals(platform.exits, [1]);
});

Deno.test("a standalone bot logs unhandled rejections and uncaught exceptions", async () => {
  const { platform, log, running } = await start(true);
  assertEquals(platform.reject(new Error("forgotten")), true);
  platform.throw(new Error("in a timer"));
  platform.throw("no error");
  assertEquals(log.errors.map(String), ["Error: forgotten", "Error: in a timer", "no error"]);
  assertEquals(log.lines.slice(-3), [
    'error helper: unhandled rejection (is an "await" missing?)',
    "error helper: uncaught exception, in a timer or an event listener",
    "error helper: uncaught exception, in a timer or an event listener",
  ]);
  platform.signal("SIGTERM");
  await running;
});

Deno.test("a bot that is not standalone ignores signals and unhandled rejections", async () => {
  const { client, platform, running } = await start(false);
  // The listener for rejections takes care of those of next() alone.
  assertEquals(platform.listeners, 1);
  assertEquals(platform.reject(new Error("somebody else's")), false);
  client.loseConnection();
  await running.catch(() => {});
  assertEquals([platform.listeners, platform.leftovers, platform.exits], [0, [], []]);
});

Deno.test("a bot that is stopped before it is ready resumes no flow", async () => {
  const work = flow({
    version: 1,
    state: () => ({}),
    steps: { "work": { run() {} } },
  });
  for (const stops of [false, true]) {
    const storage = new WatchedStorage();
    const stop = new AbortController();
    const client = new ScriptedClient();
    const setDisplayName = client.setDisplayName.bind(client);
    client.setDisplayName = (name) => {
      if (stops) stop.abort();
      return setDisplayName(name);
    };
    const log = new RecordingLogger();
    const settings = completeSettings({ storage, signal: stop.signal, logger: log });
    const worker = defineBot({ name: "worker", flows: { work } });
    const running = new RunningBot(worker, client, settings, new FakePlatform()).run();
    await log.wrote(": ready for me@example.com");
    stop.abort();
    await running;
    assertEquals(storage.reads > 0, !stops);
  }
});
