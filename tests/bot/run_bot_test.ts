/**
 * Runs a bot against a real server.
 * @module
 */
import {
  AuthenticationError,
  ConfigurationError,
  ConnectionError,
  defineBot,
  runBot,
} from "@roomz/roomz/bot";
import { AsyncClient } from "@roomz/roomz/client";
import { createDevServer } from "@roomz/roomz/dev-server";
import { assertEquals, assertRejects } from "@std/assert";
import { RecordingLogger } from "./support/bot_log.ts";
import { ScriptedClient } from "./support/scripted_client.ts";

const ping = defineBot({ name: "helper", commands: { "ping": "pong" } });

Deno.test("a bot answers others under its name, and ignores itself", async () => {
  await using server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
  const token = await server.mintSession("me@example.com");
  await using me = await AsyncClient.open(server.url, token);
  const renamed = me.waitFor("display_name_changed");
  const echo = defineBot({
    name: "echo <1>",
    commands: { "say <text...>": ({ args }) => `!say ${args.text}` },
  });
  const stop = new AbortController();
  const running = runBot(echo, { server: server.url, token, signal: stop.signal });
  assertEquals((await renamed).display_name, "echo <1>");
  const messages = me.messages();
  await me.send("!say don't & won't");
  const said: string[] = [];
  for await (const { content, user } of messages) {
    said.push(`${user.display_name}: ${content}`);
    if (said.length === 2) break;
  }
  assertEquals(said, ["null: !say don't & won't", "echo <1>: !say don't & won't"]);
  stop.abort();
  await running;
});

Deno.test("runBot throws AuthenticationError if the server refuses the session", async () => {
  await using server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
  await assertRejects(() => runBot(ping, { server: server.url, token: "no" }), AuthenticationError);
});

Deno.test("runBot asks for a token if there is neither one nor a session cache", async () => {
  const server = "http://localhost:1";
  for (const options of [{ server }, { server, token: "" }]) {
    await assertRejects(
      () => runBot(ping, options),
      AuthenticationError,
      "runBot got no token. Pass a non-empty `token`",
    );
  }
});

Deno.test("runBot throws ConnectionError if the server is unreachable", async () => {
  const server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
  const token = await server.mintSession("me@example.com");
  await server.close();
  await assertRejects(() => runBot(ping, { server: server.url, token }), ConnectionError);
});

Deno.test("after a reconnect, a bot has its name again and answers", async () => {
  await using server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
  const token = await server.mintSession("me@example.com");
  const stop = new AbortController();
  const options = { server: server.url, token, reconnectDelay: 1, logger: new RecordingLogger() };
  const running = runBot(ping, { ...options, signal: stop.signal });
  await options.logger.wrote(": ready");

  server.disconnectAll();
  await using me = await AsyncClient.open(server.url, token);
  const messages = me.messages();
  // Either the bot or this client may reconnect first.
  me.on("display_name_changed", () => me.send("!ping"));
  await me.send("!ping");
  for await (const { own, user, content } of messages) {
    if (own) continue;
    assertEquals([user.display_name, content], ["helper", "pong"]);
    break;
  }
  stop.abort();
  await running;
});

const losses: readonly [what: string, kind: typeof ConnectionError | typeof AuthenticationError][] =
  [
    ["goes away for good", ConnectionError],
    ["refuses the session later", AuthenticationError],
  ];
for (const [what, kind] of losses) {
  Deno.test(`runBot throws ${kind.name} if the server ${what}`, async () => {
    const server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
    const logger = new RecordingLogger();
    const running = runBot(ping, {
      server: server.url,
      token: await server.mintSession("me@example.com"),
      reconnectDelay: 1,
      maxReconnectAttempts: 2,
      logger,
    });
    const ended = assertRejects(() => running, kind);
    await logger.wrote(": ready");
    if (kind === ConnectionError) {
      await server.close();
    } else {
      server.setAllowedEmails([]);
      server.disconnectAll();
    }
    await ended;
    await server.close();
  });
}

Deno.test("runBot refuses a value that is not a bot", async () => {
  const client = new ScriptedClient();
  const notABot: unknown = { name: "helper", manifest: {} };
  await assertRejects(
    () => Reflect.apply(runBot, undefined, [notABot, { client }]),
    ConfigurationError,
    "requires a bot made by defineBot of the same version",
  );
});
