/**
 * How a running bot uses its client.
 * @module
 */
import {
  AuthenticationError,
  ClientError,
  ConnectionError,
  defineBot,
  runBot,
} from "@roomz/roomz/bot";
import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { RecordingLogger } from "../support/bot_log.ts";
import { ScriptedClient } from "../support/scripted_client.ts";

const ping = defineBot({ name: "helper", commands: { "ping": "pong" } });

/** A running bot, and the controller that stops it. */
async function start(client = new ScriptedClient(), bot = ping) {
  const log = new RecordingLogger();
  const stop = new AbortController();
  const running = runBot(bot, { client, logger: log, signal: stop.signal });
  await log.wrote(": ready for me@example.com");
  return { client, log, running, stop: () => stop.abort() };
}

/** A connected client. */
function connectedClient(): ScriptedClient {
  const client = new ScriptedClient();
  client.connectionState = "connected";
  return client;
}

Deno.test("the client is connected, named, and disconnected at the end", async () => {
  const { client, running, stop } = await start();
  assertEquals([client.connected, client.displayName], [true, "helper"]);
  assert(client.handlers > 0);
  stop();
  await running;
  assertEquals([client.connected, client.disconnects, client.handlers], [false, 1, 0]);
});

Deno.test("a connected client stays connected, and gets the bot's name", async () => {
  const client = connectedClient();
  client.displayName = "somebody";
  const { running, stop } = await start(client);
  stop();
  await running;
  assertEquals([client.connected, client.displayName], [true, "helper"]);
  assertEquals([client.disconnects, client.handlers], [0, 0]);
});

Deno.test("a bot that is stopped before it is connected ends without an error", async () => {
  const client = new ScriptedClient();
  const logger = new RecordingLogger();
  await runBot(ping, { client, logger, signal: AbortSignal.abort() });
  assertEquals([client.connectionState, client.disconnects], ["disconnected", 0]);

  const stop = new AbortController();
  client.beforeConnected = (signal) =>
    new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  const running = runBot(ping, { client, logger, signal: stop.signal });
  stop.abort();
  await running;
  assertEquals([client.disconnects, client.handlers, logger.lines], [1, 0, []]);
});

Deno.test("a refused session ends the run with the client's error", async () => {
  const client = new ScriptedClient();
  const refused = new AuthenticationError("refused");
  client.beforeConnected = () => Promise.reject(refused);
  const error = await assertRejects(
    () => runBot(ping, { client, logger: new RecordingLogger() }),
    AuthenticationError,
  );
  assertStrictEquals(error, refused);
  assertEquals(client.handlers, 0);
});

for (const cause of [new ConnectionError("Gave up."), new AuthenticationError("Revoked.")]) {
  Deno.test(`if reconnecting fails with ${cause.name}, the run ends with it`, async () => {
    const events: string[] = [];
    const bot = defineBot({
      name: "helper",
      commands: {
        "hang": ({ signal }) => {
          events.push("begins");
          signal.addEventListener("abort", () => events.push("aborted"));
          return new Promise(() => {});
        },
      },
    });
    const { client, running } = await start(new ScriptedClient(), bot);
    client.hear("!hang");
    client.loseConnection(cause);
    assertStrictEquals(await assertRejects(() => running, ClientError), cause);
    assertEquals(events, ["begins", "aborted"], "the bot does not wait for the handler");
  });
}

Deno.test("if reconnecting fails with another error, the run ends with ConnectionError", async () => {
  const { client, running } = await start();
  const cause = new TypeError("No certificate.");
  client.loseConnection(cause);
  const error = await assertRejects(() => running, ConnectionError, "No certificate.");
  assertStrictEquals(error.cause, cause);
});

Deno.test("a client that connects after the bot was stopped is disconnected at once", async () => {
  const client = new ScriptedClient();
  const connected = Promise.withResolvers<void>();
  client.beforeConnected = () => connected.promise;
  const logger = new RecordingLogger();
  const stop = new AbortController();
  const running = runBot(ping, { client, logger, signal: stop.signal });
  stop.abort();
  client.hear("!ping");
  connected.resolve();
  await running;
  assertEquals([client.connected, client.disconnects, client.sent], [false, 1, []]);
});

Deno.test("if something else disconnects the client, the run ends with an error", async () => {
  const { client, running } = await start();
  client.loseConnection();
  await assertRejects(() => running, ConnectionError, "To stop a bot, abort the signal");
});

Deno.test("other errors of the client are logged", async () => {
  const { client, log, running, stop } = await start();
  client.emit("error", { error: "The display name was not set.", code: 400 });
  client.hear("!ping");
  stop();
  await running;
  assertEquals(client.sent, ["pong"]);
  assert(log.lines.includes("warn helper: The display name was not set."));
});

const problems = [
  [{ error: "Not that one.", code: 400 }, "Not that one."],
  [new ConnectionError("Not connected."), "ConnectionError: Not connected."],
] as const;
for (const [nameResult, problem] of problems) {
  Deno.test(`a bot still runs if its display name cannot be set (${problem})`, async () => {
    const client = connectedClient();
    client.nameResult = nameResult;
    const { log, running, stop } = await start(client);
    client.hear("!ping");
    stop();
    await running;
    assertEquals(client.sent, ["pong"]);
    assert(log.lines.includes(`warn helper: could not set the display name: ${problem}`));
  });
}
