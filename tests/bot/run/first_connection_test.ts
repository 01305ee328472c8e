/**
 * A bot that is started before its server.
 * @module
 */
import {
  AuthenticationError,
  ConfigurationError,
  ConnectionError,
  defineBot,
  type RunSettings,
} from "@roomz/roomz/bot";
import { assertEquals, assertRejects } from "@std/assert";
import { completeSettings } from "../../../bot/run/run_options.ts";
import { RunningBot } from "../../../bot/run/running_bot.ts";
import { RecordingLogger } from "../support/bot_log.ts";
import { FakePlatform } from "../support/fake_platform.ts";
import { ScriptedClient } from "../support/scripted_client.ts";

const bot = defineBot({ name: "helper", commands: { "ping": "pong" } });

/** Starts a bot whose attempts to connect fail with `errors`, and then succeed. */
function start(
  errors: readonly unknown[],
  settings: RunSettings & { readonly reconnectDelay?: number } = {},
) {
  const client = new ScriptedClient();
  const platform = new FakePlatform();
  const logger = new RecordingLogger();
  /** When the bot tried to connect. */
  const attempts: number[] = [];
  client.beforeConnected = () => {
    const error = errors[attempts.length];
    attempts.push(platform.monotonic());
    return error === undefined ? Promise.resolve() : Promise.reject(error);
  };
  const stop = new AbortController();
  const options = completeSettings({ logger, signal: stop.signal, ...settings });
  const running = new RunningBot(bot, client, options, platform).run();
  running.catch(() => {});
  return { client, platform, logger, attempts, running, stop: () => stop.abort() };
}

const transient: readonly ConnectionError[] = [
  new ConnectionError("No answer from http://localhost:8000 (Connection refused)."),
  new ConnectionError("No answer from https://a.example (no such host)."),
  new ConnectionError("https://a.example: bad gateway.", { status: 502 }),
  new ConnectionError("https://a.example: unavailable.", { status: 503 }),
  new ConnectionError("Too many requests.", { status: 429 }),
  new ConnectionError("No answer within 10 s."),
  new ConnectionError("The server is full.", { advice: "Try again later." }),
];
for (const error of transient) {
  Deno.test(`a bot waits for its server, and says so once: ${error.facts}`, async () => {
    const { client, platform, logger, attempts, running, stop } = start([
      error,
      error,
      error,
      error,
    ]);
    await platform.advance(20_000);
    assertEquals(attempts, [0, 1_000, 3_000, 7_000, 15_000]);
    assertEquals(logger.lines, [
      `warn helper: ${error.facts} Waiting for the server.`,
      "info helper: ready for me@example.com",
    ]);
    client.hear("!ping");
    stop();
    await running;
    assertEquals([client.sent, platform.timers], [["pong"], 0]);
  });
}

Deno.test("the delays grow up to 30 s, and a bot never gives up", async () => {
  const { platform, logger, attempts, running, stop } = start(Array(1_000).fill(transient[0]));
  await platform.advance(3_600_000);
  assertEquals(attempts.slice(0, 8), [0, 1_000, 3_000, 7_000, 15_000, 31_000, 61_000, 91_000]);
  assertEquals([attempts.length, logger.lines.length], [124, 1]);
  stop();
  await running;
  assertEquals(platform.timers, 0);
});

Deno.test("the first delay is reconnectDelay", async () => {
  const { platform, attempts, running, stop } = start(Array(4).fill(transient[0]), {
    reconnectDelay: 100,
  });
  await platform.advance(10_000);
  assertEquals(attempts, [0, 100, 300, 700, 1_500]);
  stop();
  await running;
});

Deno.test("a bot does not try again before the time that the server asks for", async () => {
  const busy = (retryAfter: number) => new ConnectionError("Busy.", { status: 503, retryAfter });
  const { platform, attempts, running, stop } = start([busy(60_000), busy(500), busy(0)]);
  await platform.advance(100_000);
  assertEquals(attempts, [0, 60_000, 62_000, 66_000]);
  stop();
  await running;
});

Deno.test("a bot tries again after an hour, whatever the server asks for", async () => {
  const error = new ConnectionError("Busy.", { status: 503, retryAfter: 99_999_999_000 });
  const { platform, attempts, running, stop } = start([error]);
  await platform.advance(3_700_000);
  assertEquals(attempts, [0, 3_600_000]);
  stop();
  await running;
});

const permanent: readonly Error[] = [
  new AuthenticationError("The server does not accept this session."),
  new ConfigurationError("Wrong."),
  new ConnectionError("Not found.", { status: 404 }),
  new ConnectionError("No answer (invalid peer certificate: UnknownIssuer)."),
  new ConnectionError('Requires net access to "localhost:8000"'),
  new TypeError("A bug."),
];
for (const error of permanent) {
  Deno.test(`a bot does not wait for what stays: ${error.message}`, async () => {
    for (const errors of [[error], [transient[0], error]]) {
      const { client, platform, attempts, running } = start(errors);
      await platform.advance(10_000);
      assertEquals(await assertRejects(() => running, Error), error);
      assertEquals([attempts.length, client.disconnects], [errors.length, 1]);
      assertEquals([platform.timers, client.handlers, platform.listeners], [0, 0, 0]);
    }
  });
}

Deno.test("a bot that is not to wait fails at the first attempt", async () => {
  for (const error of transient) {
    const { platform, attempts, running } = start([error], { waitForServer: false });
    await platform.advance(10_000);
    assertEquals(await assertRejects(() => running, Error), error);
    assertEquals(attempts, [0]);
  }
});

Deno.test("a bot that waits for its server can be stopped, and ends without an error", async () => {
  for (const way of ["signal", "SIGTERM", "SIGINT"] as const) {
    const settings = { standalone: way !== "signal" };
    const { client, platform, running, stop } = start(Array(9).fill(transient[0]), settings);
    await platform.advance(1_500);
    if (way === "signal") stop();
    else platform.signal(way);
    await running;
    assertEquals([platform.timers, platform.listeners, client.handlers], [0, 0, 0]);
  }
});
