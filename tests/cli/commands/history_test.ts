import { main } from "@roomz/roomz/cli";
import { AsyncClient, type Message } from "@roomz/roomz/client";
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { CommandInput } from "../../../cli/command_line/command_spec.ts";
import { readConfiguration } from "../../../cli/config/configuration.ts";
import { keepHistory } from "../../../cli/messages/keep_history.ts";
import {
  keptMessages,
  LONGEST_KEPT,
  MessageHistory,
  MOST_KEPT,
} from "../../../cli/messages/message_history.ts";
import { TestHome } from "../support/test_home.ts";
import { roomz, TestIo } from "../support/test_io.ts";
import { TestServer } from "../support/test_server.ts";

const SERVER = "http://roomz.test";

function message(id: number, time: number, content = `message ${id}`): Message {
  const user = { id: "user:ada@example.com", email: "ada@example.com", display_name: null };
  const timestamp = new Date(time).toISOString();
  const raw = {};
  return { id: `m${id}`, user, content, timestamp, own: false, maybeTruncated: false, raw };
}

async function keep(path: string, messages: readonly Message[], now?: number): Promise<void> {
  await using history = await MessageHistory.open(path, SERVER, (error) => {
    throw error;
  }, now);
  for (const one of messages) history.add(one);
}

async function ids(path: string): Promise<string[]> {
  return await Array.fromAsync(keptMessages(path, SERVER), ({ id }) => id);
}

Deno.test("tail keeps what it shows only with consent, for its owner only, and history finds it", async () => {
  await using home = await TestHome.make();
  await using server = await TestServer.start();
  await using other = await AsyncClient.open(server.url, await server.session());
  const env = { ...await server.token(), ...home.env };
  const seen = async (text: string, settings: Record<string, string>) => {
    const io = new TestIo({ env: { ...env, ...settings } });
    const ended = main(["tail", "--count", "1"], io);
    await io.stderr.until(/Listening/);
    await other.send(text);
    assertEquals(await ended, 0);
  };

  await seen("without consent", {});
  const none = await roomz(["history"], { env });
  assertEquals([none.exitCode, none.stdout], [0, ""]);
  assertMatch(none.stderr, /To save them, set history = true/);
  assertEquals(await Array.fromAsync(Deno.readDir(home.path)), []);

  const consent = { ROOMZ_HISTORY: "true" };
  await other.setDisplayName("Laptop");
  await seen("Deploy of A\x1b[2J\nforged", consent);
  await seen("lunch", consent);
  const all = await roomz(["history"], { env });
  const [first = "", second = "", third = ""] = all.stdout.split("\n");
  assertMatch(first, /^\d{4}-\d\d-\d\d \d\d:\d\d Laptop \(ada@example\.com\): Deploy of A␛\[2J$/);
  assertEquals(second, "    forged");
  assertMatch(third, /: lunch$/);
  const found = await roomz(["history", "--json", "^deploy"], { env });
  assertEquals(JSON.parse(found.stdout).content, "Deploy of A\x1b[2J\nforged");
  if (Deno.build.os !== "windows") {
    const { mode } = await Deno.stat(`${home.path}/state/roomz/history.kv`);
    assertEquals((mode ?? 0) & 0o777, 0o600);
  }

  const elsewhere = await roomz(["history", "-s", "http://other.test"], { env });
  assertEquals(elsewhere.stdout, "");
  assertEquals((await roomz(["history", "--clear"], { env })).exitCode, 0);
  assertEquals((await roomz(["history"], { env })).stdout, "");
  assertEquals(await Array.fromAsync(Deno.readDir(`${home.path}/state/roomz`)), []);
});

Deno.test("messages are kept in the order of their time, each once, whoever else keeps them", async () => {
  await using home = await TestHome.make();
  const path = `${home.path}/history.kv`;
  const now = Date.now();
  const messages = Array.from({ length: 250 }, (_, at) => message(at, now + at));
  await Promise.all([keep(path, messages), keep(path, messages.toReversed())]);
  assertEquals(await ids(path), messages.map(({ id }) => id));
});

Deno.test("a message is kept for 90 days, to the millisecond", async () => {
  await using home = await TestHome.make();
  const path = `${home.path}/history.kv`;
  const now = Date.now();
  await keep(path, [message(1, now), message(2, now + 1)], now);
  await keep(path, [], now + LONGEST_KEPT);
  assertEquals(await ids(path), ["m1", "m2"]);
  await keep(path, [], now + LONGEST_KEPT + 1);
  assertEquals(await ids(path), ["m2"]);
});

Deno.test("the newest 10,000 messages are kept", async () => {
  await using home = await TestHome.make();
  const path = `${home.path}/history.kv`;
  const now = Date.now();
  await keep(path, Array.from({ length: MOST_KEPT + 3 }, (_, at) => message(at, now + at)));
  await keep(path, []);
  const kept = await ids(path);
  assertEquals([kept.length, kept[0]], [MOST_KEPT, "m3"]);

  // Also within one long run, not only at the next start.
  await keep(path, Array.from({ length: 2 * MOST_KEPT }, (_, at) => message(at, now + 1e6 + at)));
  assertEquals((await ids(path)).length, MOST_KEPT);
});

Deno.test("a history that cannot be kept is told once, and costs nothing else", async () => {
  await using home = await TestHome.make({ "state/roomz/history.kv": "no database ".repeat(100) });
  await using server = await TestServer.start();
  await using other = await AsyncClient.open(server.url, await server.session());
  const env = { ...await server.token(), ...home.env, ROOMZ_HISTORY: "1" };
  const io = new TestIo({ env });
  const ended = main(["tail", "--count", "2"], io);
  await io.stderr.until(/Listening/);
  await other.send("one");
  await other.send("two");
  assertEquals(await ended, 0);
  assertStringIncludes(io.stdout.text, "two");
  assert(
    [...io.stderr.text.matchAll(/Messages are not being saved: /g)].length === 1,
    io.stderr.text,
  );
});

Deno.test("what a client still sees when the history is closed is neither kept nor a problem", async () => {
  await using home = await TestHome.make();
  await using server = await TestServer.start();
  await using client = await AsyncClient.open(server.url, await server.session());
  const problems: string[] = [];
  const io = new TestIo({ env: { ...home.env, ROOMZ_HISTORY: "true" } });
  const configuration = await readConfiguration(io, new CommandInput([], new Map()));
  const keeper = await keepHistory(io, configuration, client, (problem) => problems.push(problem));
  await keeper[Symbol.asyncDispose]();
  const seen = client.waitFor("message", { timeout: 10_000 });
  await client.send("late");
  await seen;
  // This writes what waits, before it fails as well.
  await assertRejects(async () => await keeper.history?.search("late", 1), Error);
  assertEquals(problems, []);
});
