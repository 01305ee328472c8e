import { BotHealth, ConfigurationError, defineBot, runBot } from "@roomz/roomz/bot";
import { AsyncClient } from "@roomz/roomz/client";
import { createDevServer } from "@roomz/roomz/dev-server";
import { assertEquals, assertThrows } from "@std/assert";
import { RecordingLogger } from "../support/bot_log.ts";
import { FakePlatform } from "../support/fake_platform.ts";
import { ScriptedClient } from "../support/scripted_client.ts";

/** A client whose connection is lost, as its events report it. */
function lose(client: ScriptedClient, attempt?: number): void {
  client.connectionState = "reconnecting";
  client.emit("connection_state_changed", {
    state: "reconnecting",
    reason: "Connection lost: \x1b[2J the server's own words",
    ...(attempt !== undefined && { attempt, retryIn: 1_000 }),
  });
}

function restore(client: ScriptedClient): void {
  client.connectionState = "connected";
  client.emit("connection_state_changed", { state: "connected" });
}

Deno.test("a bot is healthy while it is connected, and only then", async () => {
  const health = new BotHealth();
  const notConnected = { healthy: false, state: "disconnected", text: "not connected" } as const;
  assertEquals(health.report(), notConnected);

  const client = new ScriptedClient();
  const connecting = Promise.withResolvers<void>();
  client.beforeConnected = () => connecting.promise;
  const logger = new RecordingLogger();
  const stop = new AbortController();
  const bot = defineBot({ name: "helper", commands: {} });
  const running = runBot(bot, { client, logger, health, signal: stop.signal });
  assertEquals(health.report(), { ...notConnected, state: "connecting" });

  connecting.resolve();
  await logger.wrote(": ready for me@example.com");
  assertEquals(health.report(), { healthy: true, state: "connected", text: "connected" });

  stop.abort();
  await running;
  assertEquals(health.report(), notConnected);
  assertEquals(client.handlers, 0);
});

Deno.test("a lost connection is healthy within the grace time, counted from the loss", async () => {
  const client = new ScriptedClient();
  const clock = new FakePlatform();
  const health = new BotHealth({ grace: 30_000 });
  health.observe(client, clock);
  restore(client);
  lose(client);
  await clock.advance(20_000);
  lose(client, 1); // An attempt to reconnect does not start the time again.
  assertEquals(health.report(), {
    healthy: true,
    state: "reconnecting",
    lostFor: 20_000,
    text: "connection lost 20 s ago, reconnecting",
  });
  await clock.advance(10_000);
  const { healthy, text } = health.report();
  assertEquals([healthy, text], [false, "connection lost 30 s ago, reconnecting"]);

  restore(client);
  await clock.advance(60_000);
  assertEquals(health.report().healthy, true);
  lose(client);
  assertEquals(health.report().lostFor, 0);
});

Deno.test("a bot that has given up is not healthy, whatever the grace time", () => {
  const client = new ScriptedClient();
  const health = new BotHealth({ grace: Infinity });
  health.observe(client, new FakePlatform());
  restore(client);
  lose(client);
  assertEquals(health.report().healthy, true);
  client.loseConnection(new Error("Gave up."));
  assertEquals([health.report().healthy, health.report().text], [false, "not connected"]);
});

Deno.test("when a bot is reloaded, the end of the old run does not end the health of the new one", () => {
  const client = new ScriptedClient();
  const clock = new FakePlatform();
  const health = new BotHealth();
  const stopOld = health.observe(client, clock);
  restore(client);
  lose(client);
  health.observe(client, clock);
  stopOld();
  assertEquals(health.report().text, "connection lost 0 s ago, reconnecting");
});

Deno.test("a client that is reconnecting already is followed from then on", () => {
  const client = new ScriptedClient();
  client.connectionState = "reconnecting";
  const health = new BotHealth();
  health.observe(client, new FakePlatform());
  assertEquals(health.report().healthy, true);
});

Deno.test("the health follows a real connection", async () => {
  const server = await createDevServer({ port: 0, allowedEmails: "*", log() {} });
  const client = await AsyncClient.open(server.url, await server.mintSession("ada@example.com"), {
    reconnectDelay: 20,
    maxReconnectAttempts: Infinity,
  });
  const health = new BotHealth();
  const stop = health.observe(client, performanceClock);
  assertEquals(health.report().state, "connected");
  const states: string[] = [];
  client.on("connection_state_changed", () => void states.push(health.report().text));
  const back = client.waitFor("authenticated");
  server.disconnectAll();
  await back;
  assertEquals(states[0], "connection lost 0 s ago, reconnecting");
  stop();
  await client.disconnect();
  await server.close();
});

const performanceClock = { monotonic: () => performance.now() };

for (const grace of [-1, NaN]) {
  Deno.test(`a grace time of ${grace} is refused`, () => {
    assertThrows(() => new BotHealth({ grace }), ConfigurationError, 'The option "grace" must be');
  });
}
