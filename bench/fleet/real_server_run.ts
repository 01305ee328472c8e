/**
 * A fleet on the real Roomz server (PyPI, Python 3.10), up to the server's 1,000 connections: everyone is
 * answered, a host is replaced, and the server is restarted. `deno task fleet:real [ACCOUNTS [CAPACITY]]`: how
 * many accounts there are (1,010), and how many of them the fleet may connect (950); hosts share a file.
 * @module
 */
import { FleetAccounts, KvStorage, newFleetKey } from "@roomz/roomz/bot";
import { AsyncClient } from "@roomz/roomz/client";
import { dirname, join } from "@std/path";
import { SignJWT } from "jose";
import { findPythonWithRoomz } from "../../tests/contract/support/python_environment.ts";
import { Child } from "./child.ts";
import type { HostConfig, HostLine } from "./fleet_process.ts";

const SECRET = "the secret of a measurement, 32+ characters";
const FLEET = "helper";
const LEASE = 6_000;
/** Devices that are connected at the same time, beside the fleet. */
const DEVICES = 20;
/** How long a device waits for its answer, milliseconds. */
const PATIENCE = 5_000;

const [accountCount = 1_010, capacity = 950] = Deno.args.map(Number);
const emails = Array.from({ length: accountCount }, (_, index) => `a${index}@example.com`);
const expected = Math.min(accountCount, capacity, 1_000);

const found = await findPythonWithRoomz();
if ("missing" in found) {
  console.error(`The real server cannot be run here: ${found.missing}.`);
  Deno.exit(2);
}
const roomz = join(dirname(await found.python()), "roomz");

await using cleanUp = new AsyncDisposableStack();
const port = freePort();
const url = `http://127.0.0.1:${port}`;
let server = await startServer();
// Not SIGKILL: the worker, a process of its own, would live on.
cleanUp.defer(stopServer);
const storage = `${await Deno.makeTempDir()}/fleet.kv`;
const key = newFleetKey();

/** By address, when each account was last said to be ready. */
const ready = new Map<string, number>();
/** When each account was connected again after a loss, by address. */
let back = new Map<string, number>();
let refusals = 0;
const gaps: { readonly email: string; readonly from: number; readonly to: number }[] = [];
const unknown = new Set<string>();
/** Messages that had no answer in time. */
const silent: { readonly email: string; readonly id: string; readonly sentAt: number }[] = [];
/** Devices that could not connect, because the server was full. */
let excluded = 0;
let hosts: Child[] = [];
cleanUp.defer(async () => {
  await Promise.all(hosts.map((host) => host[Symbol.asyncDispose]()));
});

const sessions = new Map<string, string>();
await report("accounts added", async () => {
  using kv = new KvStorage(storage);
  const accounts = new FleetAccounts({ storage: kv, fleet: FLEET, keys: [key] });
  for (const email of emails) {
    const token = await sessionOf(email);
    sessions.set(email, token);
    await accounts.add({ server: url, token });
  }
  return `${emails.length}`;
});
await report("two hosts connect", async () => {
  hosts = [startHost("h0"), startHost("h1")];
  await until(() => ready.size >= expected);
  return `${ready.size} ready, ${refusals} refusals`;
});
await report("stays so for 15 s", async () => {
  await sleep(15_000);
  return `${ready.size} ready, ${refusals} refusals, ${connections()} connections`;
});
await report("everyone says !ping", pingAll);
await report("a host joins, and one leaves", async () => {
  const [first] = hosts;
  if (first === undefined) throw new Error("There is no host.");
  const before = refusals;
  hosts.push(startHost("h2"));
  first.process.kill("SIGTERM");
  await first.process.status;
  return `${gaps.length} gaps, ${unknown.size} unknown, ${refusals - before} refusals`;
});
await report("everyone says !ping", pingAll);
await report("the server is restarted", async () => {
  back = new Map();
  const begun = Date.now();
  await stopServer();
  const down = Date.now();
  server = await startServer();
  const up = Date.now();
  await until(() => back.size >= expected);
  const times = [...back.values()].map((at) => at - up).sort((a, b) => a - b);
  const part = (share: number) => times[Math.floor((times.length - 1) * share)];
  return `down after ${down - begun} ms, up after ${
    up - begun
  } ms; after that half of them are back ` +
    `in ${part(0.5)} ms, 99% in ${part(0.99)} ms, all ${times.length} in ${part(1)} ms`;
});
await report("everyone says !ping", pingAll);
await report("without an answer", () => Promise.resolve(judge()));
await cleanUp.disposeAsync();
Deno.exit();

function startHost(name: string): Child {
  const config: HostConfig = { name, storage, key, lease: LEASE, serverCapacity: capacity };
  const host = new Child("fleet_process.ts", [JSON.stringify(config)]);
  void (async () => {
    try {
      for (;;) hear(JSON.parse(await host.line()));
    } catch {
      // It has ended.
    }
  })();
  return host;
}

function hear(line: HostLine): void {
  if (line.type === "unknown") unknown.add(line.id);
  else if (line.type === "gap") {
    gaps.push(line);
    back.set(line.email, line.at);
  } else {
    const email = /ready for (\S+)$/.exec(line.text)?.[1];
    if (email !== undefined) ready.set(email, line.at);
    if (/full/.test(line.text)) refusals++;
  }
}

/** Every account that is served asks once, from a device that connects for that. */
async function pingAll(): Promise<string> {
  const served = emails.filter((email) => ready.has(email));
  const times: number[] = [];
  let doubles = 0;
  let next = 0;
  await Promise.all(Array.from({ length: DEVICES }, async () => {
    for (let number = next++; number < served.length; number = next++) {
      const email = served[number] ?? "";
      const options = { displayName: "phone" };
      const device = await AsyncClient.open(url, sessions.get(email), options).catch(() =>
        undefined
      );
      if (device === undefined) {
        excluded++;
        continue;
      }
      await using _device = device;
      let answers = 0;
      const { promise, resolve } = Promise.withResolvers<void>();
      device.on("message", ({ content }) => {
        if (content !== `pong ${number}`) return;
        if (++answers === 1) resolve();
        else doubles++;
      });
      const [begun, sentAt] = [performance.now(), Date.now()];
      const result = await device.send(`!ping ${number}`);
      const timer = setTimeout(resolve, PATIENCE);
      await promise;
      clearTimeout(timer);
      if (answers > 0) times.push(performance.now() - begun);
      else silent.push({ email, id: result.status === "ok" ? result.message_id : "", sentAt });
    }
  }));
  times.sort((a, b) => a - b);
  const part = (share: number) => times[Math.floor((times.length - 1) * share)]?.toFixed(1);
  return `${times.length} of ${served.length} answered, ${doubles} twice; ${DEVICES} at a time, ` +
    `p50 ${part(0.5)} ms, p99 ${part(0.99)} ms, most ${part(1)} ms`;
}

/** What is known of the messages without an answer. */
function judge(): string {
  const reported = silent.filter(({ email, id, sentAt }) => {
    return unknown.has(id) ||
      gaps.some((gap) => gap.email === email && gap.from <= sentAt && sentAt <= gap.to);
  });
  return `${silent.length}, of which hosts have reported ${reported.length}; ` +
    `${excluded} devices could not connect`;
}

async function startServer(): Promise<Deno.ChildProcess> {
  const process = new Deno.Command(roomz, {
    args: ["serve", "--server-bind", `127.0.0.1:${port}`],
    cwd: await Deno.makeTempDir(),
    env: { JWT_SECRET_KEY: SECRET, ALLOWED_EMAILS: emails.join(","), EMAIL_SENDER: "console" },
    stdout: "null",
    stderr: "null",
  }).spawn();
  await until(async () => {
    try {
      const { status, body } = await fetch(`${url}/auth/me`);
      await body?.cancel();
      return status === 401;
    } catch {
      return false;
    }
  });
  return process;
}

async function stopServer(): Promise<void> {
  server.kill("SIGTERM");
  await server.status;
}

/** How many connections the server has. */
function connections(): number {
  const address = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return Deno.readTextFileSync("/proc/net/tcp").split("\n").filter((line) => {
    const [, local, , state] = line.trim().split(/\s+/);
    return local?.endsWith(address) && state === "01";
  }).length;
}

async function sessionOf(email: string): Promise<string> {
  const claims = { sub: `user:${email}`, email, channel_token: "measured", ver: 1 };
  return await new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).setIssuedAt()
    .setExpirationTime("30d").sign(new TextEncoder().encode(SECRET));
}

async function report(what: string, measure: () => Promise<string>): Promise<void> {
  const begun = performance.now();
  const figures = await measure();
  console.log(`${what} (${((performance.now() - begun) / 1_000).toFixed(1)} s): ${figures}`);
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!await isTrue()) await sleep(100);
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
