/**
 * Tries the package as npm gets it from JSR: a client talks to a bot on the development server, and
 * SyncClient's thread starts. A release runs it in a project with the published package:
 * `node try_npm.mjs`. JSR makes its npm package when a version is published, so only then can it be tried.
 */
import { equal, throws } from "node:assert/strict";
import { defineBot, runBot } from "@roomz/roomz/bot";
import { AsyncClient } from "@roomz/roomz/client";
import { createDevServer } from "@roomz/roomz/dev-server";
import { SyncClient } from "@roomz/roomz/sync";

const EMAIL = "me@example.com";

const server = await createDevServer({ port: 0, allowedEmails: [EMAIL] });
const token = await server.mintSession(EMAIL);

const phone = await AsyncClient.open(server.url, token, { displayName: "phone" });
const messages = phone.messages({ signal: AbortSignal.timeout(30_000) });
phone.on("user_joined", () => phone.send("!ping"));
const stop = new AbortController();
const bot = defineBot({ name: "helper", commands: { ping: "pong" } });
const running = runBot(bot, { server: server.url, token, signal: stop.signal });
const { value: answer } = await messages.next();
equal(answer?.content, "!ping");
equal((await messages.next()).value?.content, "pong");
stop.abort();
await running;
await phone.disconnect();
await server.close();

// Nobody listens there. A thread that does not start would never say so.
throws(() => SyncClient.open("http://127.0.0.1:1", token), { name: "ConnectionError" });
console.log("npm's package works");
