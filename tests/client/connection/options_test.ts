import {
  AsyncClient,
  type ClientOptions,
  ConfigurationError,
  KvSessionCache,
  MemorySessionCache,
} from "@roomz/roomz/client";
import { assertEquals, assertInstanceOf, assertStrictEquals, assertThrows } from "@std/assert";
import { systemPlatform } from "../../../client/base/platform.ts";
import { readOptions, requireTimeout } from "../../../client/connection/options.ts";

Deno.test("omitted options have the defaults of the reference client", () => {
  const { logger: _, platform, ...settings } = readOptions({});
  assertStrictEquals(platform, systemPlatform);
  assertEquals(settings, {
    reconnect: true,
    reconnectDelay: 1_000,
    maxReconnectAttempts: 5,
    connectionTimeout: 10_000,
    ackTimeout: 5_000,
    sessionCache: undefined,
    displayName: null,
  });
});

Deno.test("given options are kept", () => {
  const sessionCache = new MemorySessionCache();
  const settings = readOptions({
    reconnect: false,
    reconnectDelay: 0,
    maxReconnectAttempts: Infinity,
    connectionTimeout: 1,
    ackTimeout: 60_000,
    sessionCache,
    displayName: " <bot> ",
    logger: console,
  });
  assertStrictEquals(settings.sessionCache, sessionCache);
  assertStrictEquals(settings.logger, console);
  assertEquals(settings.reconnect, false);
  assertEquals(settings.maxReconnectAttempts, Infinity);
  assertEquals(settings.displayName, " <bot> ");
});

Deno.test("sessionCacheFile becomes a KvSessionCache, without creating the file", async () => {
  const folder = await Deno.makeTempDir();
  const { sessionCache } = readOptions({ sessionCacheFile: `${folder}/sessions.kv` });
  assertInstanceOf(sessionCache, KvSessionCache);
  assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  await Deno.remove(folder);
});

Deno.test("an empty display name counts as none", () => {
  assertEquals(readOptions({ displayName: "" }).displayName, null);
});

// As untyped code may pass them.
const wrong: readonly [option: string, value: unknown][] = [
  ["reconnect", "yes"],
  ["reconnect", null],
  ["reconnectDelay", -1],
  ["reconnectDelay", NaN],
  ["reconnectDelay", Infinity],
  ["reconnectDelay", "1000"],
  ["maxReconnectAttempts", -1],
  ["maxReconnectAttempts", 1.5],
  ["maxReconnectAttempts", NaN],
  ["maxReconnectAttempts", "5"],
  ["connectionTimeout", 0],
  ["connectionTimeout", NaN],
  ["connectionTimeout", Infinity],
  ["connectionTimeout", null],
  ["ackTimeout", 0],
  ["ackTimeout", -5],
  ["ackTimeout", Infinity],
  ["sessionCacheFile", ""],
  ["sessionCacheFile", 5],
  ["sessionCacheFile", true],
  ["sessionCache", {}],
  ["sessionCache", null],
  ["sessionCache", { get() {}, set() {} }],
  ["displayName", 5],
  ["displayName", null],
  ["logger", {}],
  ["logger", null],
  ["logger", { debug() {}, info() {}, warn: "no" }],
];

for (const [option, value] of wrong) {
  Deno.test(`the option ${option} = ${Deno.inspect(value)} is refused by name`, () => {
    const options: ClientOptions = { [option]: value };
    assertThrows(() => readOptions(options), ConfigurationError, `The option "${option}" must be`);
    assertThrows(() => new AsyncClient("http://a.test", "", options), ConfigurationError, option);
  });
}

Deno.test("sessionCacheFile and sessionCache together are refused", () => {
  const options = { sessionCacheFile: "sessions.kv", sessionCache: new MemorySessionCache() };
  assertThrows(() => readOptions(options), ConfigurationError, '"sessionCache"');
});

Deno.test("a call's timeout is a number of milliseconds, 0 or more", () => {
  for (const timeout of [0, 0.5, 1_000, Infinity]) requireTimeout(timeout);
  for (const timeout of [-1, NaN, -Infinity]) {
    assertThrows(() => requireTimeout(timeout), ConfigurationError, '"timeout"');
  }
});
