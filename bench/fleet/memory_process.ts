/**
 * A process that holds connections, and says what they cost. Arguments: what it holds (`bare`, `client`,
 * `bot` or `fleet`), how many, and the server's URL. Run with `--v8-flags=--expose-gc`.
 *
 * It reads commands from stdin, one a line: `measure` is answered with a line of JSON.
 * @module
 */
import { FleetHost } from "../../bot/fleet/fleet_host.ts";
import { FleetKeys } from "../../bot/fleet/fleet_keys.ts";
import { systemPlatform } from "../../bot/run/platform.ts";
import { completeSettings } from "../../bot/run/run_options.ts";
import { AsyncClient } from "../../client/async_client.ts";
import { systemPlatform as clientPlatform } from "../../client/base/platform.ts";
import { defineBot, MemoryStorage, runBot } from "../../bot/mod.ts";
import { MemoryFleetStore } from "../../tests/bot/fleet/support/memory_fleet_store.ts";

const [kind = "", number = "", url = ""] = Deno.args;
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
else await openFleet();
console.log(JSON.stringify({ ready: true }));

const decoder = new TextDecoder();
for await (const chunk of Deno.stdin.readable) {
  for (const line of decoder.decode(chunk).trim().split("\n")) {
    if (line !== "measure") continue;
    const now = measure();
    console.log(JSON.stringify({
      heap: (now.heap - before.heap) / 1024 / count,
      rss: (now.rss - before.rss) / 1024 / count,
      cpu: cpuTime(),
      held: held.length,
    }));
  }
}

function measure(): { readonly heap: number; readonly rss: number } {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (collect instanceof Function) { for (let round = 0; round < 5; round++) collect(); }
  const { heapUsed, external, rss } = Deno.memoryUsage();
  return { heap: heapUsed + external, rss };
}

/** CPU time of this process so far, milliseconds. */
function cpuTime(): number {
  const fields = Deno.readTextFileSync("/proc/self/stat").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
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
  void runBot(bot, { client, storage, logger: quiet });
}

async function openFleet(): Promise<void> {
  const database = new MemoryFleetStore();
  const store = database.view(() => true, 100);
  const keys = new FleetKeys("bench");
  for (let index = 0; index < count; index++) {
    const email = `a${index}@example.com`;
    await store.commit({
      checks: [],
      sets: [{
        key: keys.account(String(index)),
        value: { server: url, user: `user:${email}`, email },
      }],
    });
  }
  let ready = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const host = new FleetHost({
    bot,
    fleet: "bench",
    platform: systemPlatform,
    store,
    settings: completeSettings({ storage, logger: quiet }),
    lease: 6_000,
    capacity: 100_000,
    serverCapacity: 100_000,
    hostName: "bench",
    newHostId: () => crypto.randomUUID(),
    openClient(id) {
      const client = new AsyncClient(url, sessionOf(Number(id)), {
        displayName: bot.name,
        reconnect: false,
      });
      client.on("authenticated", () => ++ready === count && resolve());
      return Promise.resolve(client);
    },
    onUnknown: ({ id, reason }) => console.error(`unknown: ${id}, ${reason}`),
    onGap: () => {},
    onSetAside: (account, reason) => console.error(`set aside: ${account.email}, ${reason}`),
  });
  held.push(host);
  void host.run();
  await promise;
}
