/**
 * Hosts of a fleet in one process, against the development server and a database file.
 * @module
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  ConfigurationError,
  defineBot,
  FleetAccounts,
  type FleetOptions,
  KvStorage,
  newFleetKey,
  runFleet,
} from "@roomz/roomz/bot";
import { AsyncClient } from "@roomz/roomz/client";
import { createDevServer } from "@roomz/roomz/dev-server";
import { FleetKeys } from "../../bot/fleet/store/fleet_keys.ts";
import { KvFleetStore } from "../../bot/fleet/store/kv_fleet_store.ts";
import { databaseOf } from "../../bot/storage/kv_storage.ts";
import { RecordingLogger } from "./support/bot_log.ts";

const bot = defineBot({
  name: "helper",
  session: { initial: () => ({ count: 0 }) },
  commands: { "count": ({ session }) => `${++session.count}` },
});
const keys = [newFleetKey()];

/** What the tests share: a server, a database file, and hosts that end with the test. */
async function setUp(...names: readonly string[]) {
  const emails = names.map((name) => `${name}@example.com`);
  const server = await createDevServer({ port: 0, allowedEmails: emails, maxConnections: 100 });
  const folder = await Deno.makeTempDir();
  const path = `${folder}/fleet.kv`;
  const storage = new KvStorage(path);
  const accounts = new FleetAccounts({ storage, fleet: bot.name, keys });
  const { database, prefix } = databaseOf(storage);
  const hosts = new Set<{ readonly stop: () => void; readonly ended: Promise<void> }>();
  const start = (options: Partial<FleetOptions> = {}) => {
    const stop = new AbortController();
    const logger = new RecordingLogger();
    const settings = { storage: path, keys, lease: 1_200, logger, signal: stop.signal };
    const ended = runFleet(bot, { ...settings, ...options });
    const host = { stop: () => stop.abort(), ended, logger };
    hosts.add(host);
    return host;
  };
  const add = async (name: string) => {
    const token = await server.mintSession(`${name}@example.com`);
    await accounts.add({ server: server.url, token });
    return await AsyncClient.open(server.url, token, { displayName: "phone" });
  };
  return {
    server,
    accounts,
    store: new KvFleetStore(database, prefix, 10_000),
    keys: new FleetKeys(bot.name),
    start,
    add,
    async [Symbol.asyncDispose]() {
      for (const { stop } of hosts) stop();
      await Promise.all(Array.from(hosts, ({ ended }) => ended));
      storage[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Says a text until there is an answer; a bot that is not there yet does not hear it. */
async function ask(client: AsyncClient, text: string): Promise<string> {
  for (;;) {
    const answer = client.waitFor("message", { timeout: 500 });
    const own = (await client.send(text)).status;
    assertEquals(own, "ok");
    try {
      let { content } = await answer;
      while (content === text) ({ content } = await client.waitFor("message", { timeout: 500 }));
      return content;
    } catch {
      // Nobody has answered yet.
    }
  }
}

Deno.test("an account that is added while a host runs is answered for, and its sessions follow it", async () => {
  await using world = await setUp("ada");
  const first = world.start();
  await using ada = await world.add("ada");
  const before = Number(await ask(ada, "!count"));
  const second = world.start();
  first.stop();
  await first.ended;
  assertEquals(Number(await ask(ada, "!count")), before + 1);
  assert(second.logger.lines.some((line) => line.includes("ada@example.com: helper: ready")));
});

Deno.test("an account that the server refuses is set aside with the reason, until it is added again", async () => {
  await using world = await setUp("ada", "bob");
  const refused: string[] = [];
  await using ada = await world.add("ada");
  world.server.setAllowedEmails(["bob@example.com"]);
  const { promise, resolve } = Promise.withResolvers<void>();
  world.start({
    onSetAside: ({ account, reason }) => {
      refused.push(`${account.email}: ${reason}`);
      resolve();
    },
  });
  await promise;
  const [account] = await world.accounts.list();
  assertEquals(refused.length, 1);
  assertEquals(`ada@example.com: ${account?.setAside?.reason}`, refused[0]);
  world.server.setAllowedEmails(["ada@example.com", "bob@example.com"]);
  await using again = await world.add("ada");
  assertEquals(await ask(again, "!count"), "1");
  assertEquals(refused.length, 1);
  void ada;
});

Deno.test("a session is sent to the server that it is for, whatever else a changed record says", async () => {
  await using world = await setUp("ada");
  await using _ada = await world.add("ada");
  const requests: string[] = [];
  await using other = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    requests.push(url);
    return new Response(null, { status: 404 });
  });
  const { store, keys } = world;
  const [entry] = await store.list(keys.accounts);
  assert(entry);
  const server = `http://127.0.0.1:${other.addr.port}`;
  const changed = { key: entry.key, value: { ...entry.value, server } };
  await store.commit({ checks: [], sets: [changed, { key: keys.revision, value: {} }] });
  const { promise, resolve } = Promise.withResolvers<string>();
  world.start({ onSetAside: ({ reason }) => resolve(reason) });
  assertStringIncludes(await promise, "names another server or user");
  assertEquals(requests, []);
});

Deno.test("an account that is removed is answered for no longer", async () => {
  await using world = await setUp("ada");
  world.start();
  await using ada = await world.add("ada");
  await ask(ada, "!count");
  const left = ada.waitFor("user_left");
  await world.accounts.remove("ada@example.com");
  assertEquals((await left).user.display_name, "helper");
});

Deno.test("a call to a storage that does not answer is given up after a third of a lease", async () => {
  // Nobody accepts its connections.
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const token = Deno.env.get("DENO_KV_ACCESS_TOKEN");
  Deno.env.set("DENO_KV_ACCESS_TOKEN", "0123456789abcdef");
  try {
    const stop = new AbortController();
    const { promise, resolve } = Promise.withResolvers<string>();
    const running = runFleet(bot, {
      storage: `http://127.0.0.1:${listener.addr.port}`,
      keys,
      lease: 1_500,
      logger: { debug() {}, info() {}, warn: resolve, error() {} },
      signal: stop.signal,
    });
    assertStringIncludes(await promise, "did not answer within 500 ms");
    stop.abort();
    await running;
  } finally {
    if (token === undefined) Deno.env.delete("DENO_KV_ACCESS_TOKEN");
    else Deno.env.set("DENO_KV_ACCESS_TOKEN", token);
  }
});

Deno.test({
  name:
    "a standalone host that SIGTERM stops ends with exit code 0, although a timer keeps its process running",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(
      `${folder}/host.ts`,
      `
      import { defineBot, newFleetKey, runFleet } from "@roomz/roomz/bot";
      setInterval(() => {}, 10);
      const logger = { debug() {}, info: console.log, warn: console.log, error: console.log };
      const keys = [newFleetKey()];
      await runFleet(defineBot({ name: "helper" }), {
        storage: ${JSON.stringify(`${folder}/fleet.kv`)}, keys, logger, standalone: true,
      });
      `,
    );
    const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-check", "-A", "--unstable-kv", `--config=${config}`],
        `${folder}/host.ts`,
      ],
      stdout: "piped",
    }).spawn();
    let output = "";
    let stopped = false;
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      output += chunk;
      if (stopped || !output.includes("joined the fleet")) continue;
      stopped = true;
      child.kill("SIGTERM");
    }
    assertEquals((await child.status).code, 0, output);
    assertStringIncludes(output, "something kept the process running");
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test("what is not a bot, or not an option, is refused", async () => {
  const storage = new KvStorage(":memory:");
  await assertRejects(
    // @ts-expect-error: Untyped code can pass anything.
    () => runFleet({}, { storage, keys }),
    ConfigurationError,
    "runFleet requires a bot",
  );
  await assertRejects(
    () => runFleet(bot, { storage, keys: ["too short"] }),
    ConfigurationError,
    "Key 1 of the fleet is not 32 bytes",
  );
});
