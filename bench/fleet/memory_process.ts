/**
 * A process that holds connections, and says what they cost. Arguments: what it holds (`bare`, `client`,
 * `bot`, `fleet`, or `unclaimed`: a fleet that claims nothing), how many, the server's URL, and the fleet's
 * storage. Run with `--v8-flags=--expose-gc`.
 *
 * It reads commands from stdin, one a line, and answers with a line of JSON: `memory` collects garbage, which
 * stops the process for some seconds if it holds thousands; `cpu` is the time used so far, milliseconds.
 * @module
 */
import { cpuUsage } from "node:process";
import { accountId } from "../../bot/fleet/store/fleet_ids.ts";
import { FleetKeys } from "../../bot/fleet/store/fleet_keys.ts";
import { KvFleetStore } from "../../bot/fleet/store/kv_fleet_store.ts";
import { HostClaims } from "../../bot/fleet/claims/claims.ts";
import { SessionVault } from "../../bot/fleet/accounts/session_vault.ts";
import {
  defineBot,
  KvStorage,
  MemoryStorage,
  newFleetKey,
  runBot,
  runFleet,
} from "../../bot/mod.ts";
import { databaseOf } from "../../bot/storage/kv_storage.ts";
import { AsyncClient } from "../../client/async_client.ts";
import { systemPlatform as clientPlatform } from "../../client/base/platform.ts";

const [kind = "", number = "", url = "", path = ""] = Deno.args;
const count = Number(number);
const bot = defineBot({ name: "helper", commands: { "ping": "pong" } });
const quiet = { debug() {}, info() {}, warn: console.error, error: console.error };
const storage = new MemoryStorage();
const held: unknown[] = [];

measure(); // What is compiled and loaded by now belongs to the process.
const before = measure();
if (kind === "bare") await inTens(openSocket);
else if (kind === "client") await inTens(openClient);
else if (kind === "bot") await inTens(openBot);
else {
  if (kind === "unclaimed") {
    HostClaims.prototype.claim = () => Promise.resolve(true);
    HostClaims.prototype.finish = () => {};
  }
  await openFleet();
}
console.log(JSON.stringify({ ready: true }));

const decoder = new TextDecoder();
for await (const chunk of Deno.stdin.readable) {
  for (const line of decoder.decode(chunk).trim().split("\n")) {
    if (line === "memory") {
      const now = measure();
      const each = (bytes: number) => bytes / 1024 / count;
      console.log(JSON.stringify({
        heap: each(now.heap - before.heap),
        rss: each(now.rss - before.rss),
        held: held.length,
      }));
    } else if (line === "cpu") {
      const { user, system } = cpuUsage();
      console.log(JSON.stringify({ user: user / 1_000, system: system / 1_000 }));
    }
  }
}

function measure(): { readonly heap: number; readonly rss: number } {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (collect instanceof Function) { for (let round = 0; round < 5; round++) collect(); }
  const { heapUsed, external, rss } = Deno.memoryUsage();
  return { heap: heapUsed + external, rss };
}

function sessionOf(index: number): string {
  const email = `a${index}@example.com`;
  return `e30.${btoa(JSON.stringify({ sub: `user:${email}`, email })).replaceAll("=", "")}.x`;
}

async function inTens(open: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < count) await open(next++);
  };
  await Promise.all(Array.from({ length: 10 }, work));
}

async function openSocket(index: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const address = `${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`;
  const socket = clientPlatform.openSocket(address, `session_token=${sessionOf(index)}`);
  let sent = 0;
  socket.onmessage = ({ data }) => {
    if (data[0] === "0") socket.send("40");
    else if (data === "2") socket.send("3");
    else if (data.startsWith("40")) resolve();
    else if (data.includes("!ping")) socket.send(`42${sent++}["message",{"content":"pong"}]`);
  };
  held.push(socket);
  await promise;
}

async function openClient(index: number): Promise<void> {
  const client = new AsyncClient(url, sessionOf(index));
  client.on("message", (message) => {
    if (message.content === "!ping") void client.send("pong");
  });
  held.push(client);
  await client.connect();
}

async function openBot(index: number): Promise<void> {
  const client = new AsyncClient(url, sessionOf(index), { displayName: bot.name });
  held.push(client);
  await client.connect();
  void runBot(bot, { client, storage, logger: quiet, loopGuard: false });
}

async function openFleet(): Promise<void> {
  const storage = new KvStorage(path);
  const { database, prefix } = databaseOf(storage);
  const store = new KvFleetStore(database, prefix, 10_000);
  // Each run has a fleet of its own.
  const fleet = crypto.randomUUID();
  const keys = new FleetKeys(fleet);
  const key = newFleetKey();
  const vault = new SessionVault(fleet, [key]);
  for (let index = 0; index < count; index++) {
    const email = `a${index}@example.com`;
    const user = `user:${email}`;
    const id = accountId(url, user);
    await store.commit({
      checks: [],
      sets: [
        { key: keys.account(id), value: { server: url, user, email } },
        { key: keys.session(id), value: { ...await vault.seal(id, sessionOf(index)) } },
      ],
    });
  }
  let ready = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const logger = {
    ...quiet,
    info: (text: string) => {
      if (text.endsWith("@example.com") && ++ready === count) resolve();
    },
  };
  void runFleet(bot, {
    storage,
    fleet,
    keys: [key],
    logger,
    serverCapacity: 100_000,
    loopGuard: false,
  });
  await promise;
}
