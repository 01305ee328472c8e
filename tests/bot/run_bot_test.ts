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
  type ServerRunOptions,
} from "@roomz/roomz/bot";
import { AsyncClient, type Session, type SessionCache } from "@roomz/roomz/client";
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

/** A cache with one session, or none. */
function cacheOf(session?: Session): SessionCache {
  return {
    get: () => Promise.resolve(session),
    set: () => Promise.resolve(),
    delete: () => Promise.resolve(),
  };
}

const EXPIRED = `e30.${btoa('{"exp":1}')}.e30`;
const NO_TOKEN = "runBot got no token. Pass a non-empty `token`";
const PASS_TOKEN = "Request a new magic link, and pass its token as `token`.";
const tokens: readonly [what: string, options: Partial<ServerRunOptions>, error: string][] = [
  ["no token", {}, NO_TOKEN],
  ["an empty token", { token: "" }, NO_TOKEN],
  ["a token of spaces", { token: "  " }, NO_TOKEN],
  ["a token that is a line break", { token: "\r\n" }, NO_TOKEN],
  ["an empty token and no cache file", { token: "", sessionCacheFile: null }, NO_TOKEN],
  ["an empty token, to wait for the server", { token: "", waitForServer: true }, NO_TOKEN],
  [
    "an empty cache",
    { sessionCache: cacheOf() },
    `Not logged in to http://localhost:1. ${PASS_TOKEN}`,
  ],
  ["an empty token and an empty cache", { token: "", sessionCache: cacheOf() }, PASS_TOKEN],
  ["an expired session", { token: EXPIRED }, PASS_TOKEN],
  ["an expired session in the cache", { sessionCache: cacheOf({ jwt: EXPIRED }) }, PASS_TOKEN],
];
for (const [what, options, message] of tokens) {
  Deno.test(`runBot says in its own terms what is missing: ${what}`, async () => {
    const logger = new RecordingLogger();
    const error = await assertRejects(
      () => runBot(ping, { server: "http://localhost:1", logger, ...options }),
      AuthenticationError,
      message,
    );
    assertEquals(/login\(|connect\(/.test(error.message), false);
  });
}

Deno.test("a token that ends with a line break is accepted", async () => {
  await using server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
  const token = `${await server.mintSession("me@example.com")}\n`;
  const logger = new RecordingLogger();
  const stop = new AbortController();
  const running = runBot(ping, { server: server.url, token, logger, signal: stop.signal });
  await logger.wrote("helper: ready for me@example.com");
  stop.abort();
  await running;
});

Deno.test("runBot throws ConnectionError at once if it is not to wait for the server", async () => {
  const server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
  const token = await server.mintSession("me@example.com");
  await server.close();
  await assertRejects(
    () => runBot(ping, { server: server.url, token, waitForServer: false }),
    ConnectionError,
  );
});

const servedBefore: Readonly<Record<string, ((request: Request) => Response) | undefined>> = {
  "is down": undefined,
  "is behind a proxy that answers 502": () => new Response("Bad gateway", { status: 502 }),
  "is behind a proxy that answers 503": () =>
    new Response("Soon", { status: 503, headers: { "Retry-After": "0" } }),
};
for (const [what, respond] of Object.entries(servedBefore)) {
  Deno.test(`runBot waits for a server that ${what}, and again when it has gone`, async () => {
    const options = { allowedEmails: ["me@example.com"], jwtSecret: "s".repeat(32) } as const;
    const first = await createDevServer({ port: 0, ...options });
    const port = Number(new URL(first.url).port);
    const token = await first.mintSession("me@example.com");
    await first.close();
    const proxy = respond && Deno.serve({ port, hostname: "127.0.0.1", onListen() {} }, respond);
    const logger = new RecordingLogger();
    const stop = new AbortController();
    const running = runBot(ping, {
      ...{ server: first.url, token, logger, reconnectDelay: 5, signal: stop.signal },
    });
    await logger.wrote(" Waiting for the server.");
    await proxy?.shutdown();
    for (const _start of ["the first", "another"]) {
      await using server = await createDevServer({ port, ...options });
      await logger.wrote(": ready for me@example.com");
      await using me = await AsyncClient.open(server.url, token);
      const answered = Promise.withResolvers<void>();
      me.on("message", ({ content }) => content === "pong" && answered.resolve());
      me.on("display_name_changed", () => me.send("!ping"));
      await me.send("!ping");
      await answered.promise;
    }
    stop.abort();
    await running;
    const warnings = logger.lines.filter((line) => line.endsWith("Waiting for the server."));
    assertEquals(warnings.length, 1);
  });
}

Deno.test("after a reconnect, a bot has its name again and answers", async () => {
  await using server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
  const token = await server.mintSession("me@example.com");
  const stop = new AbortController();
  const options = { server: server.url, token, reconnectDelay: 1, logger: new RecordingLogger() };
  const running = runBot(ping, { ...options, signal: stop.signal });
  await options.logger.wrote(": ready for me@example.com");

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
    await logger.wrote(": ready for me@example.com");
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
