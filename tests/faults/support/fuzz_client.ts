/**
 * A client under attack. It checks every event that it receives, and keeps sending.
 *
 * Arguments: the server's URL and a session. It answers the line "memory" with the heap in use after
 * a garbage collection, in bytes, and the line "finish" with a {@linkcode FuzzReport} in JSON, once the
 * client has proved that it still works. Then the process ends by itself.
 * @module
 */
import { AsyncClient, type EventMap, type User } from "@roomz/roomz/client";
import { collectGarbage } from "./garbage.ts";
import { readLines, writeLine } from "./lines.ts";

/** What happened to the client. */
export interface FuzzReport {
  /** Uncaught errors, and events that do not match their type. */
  readonly failures: readonly string[];
  /** How many events were emitted. */
  readonly events: number;
  /** How many frames were skipped. */
  readonly skipped: number;
  /** How many sends were started, and how many have settled. */
  readonly sends: number;
  readonly settled: number;
}

if (import.meta.main) await attackedClient(Deno.args[0] ?? "", Deno.args[1] ?? "");

async function attackedClient(url: string, session: string): Promise<void> {
  const failures: string[] = [];
  const tally = { events: 0, skipped: 0, sends: 0, settled: 0 };
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    failures.push(`uncaught: ${event.message}`);
  });
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    failures.push(`unhandled: ${event.reason}`);
  });

  const client = new AsyncClient(url, session, {
    reconnectDelay: 0,
    maxReconnectAttempts: Infinity,
    connectionTimeout: 5_000,
    logger: { debug: () => void tally.skipped++, info() {}, warn() {} },
  });
  const check = <K extends keyof EventMap>(name: K, isSound: (event: EventMap[K]) => boolean) =>
    client.on(name, (event) => {
      tally.events++;
      if (!isSound(event)) failures.push(`malformed ${name}: ${JSON.stringify(event)}`);
    });
  check("authenticated", ({ user, channel }) => isUser(user) && isText(channel));
  check(
    "message",
    ({ id, user, content, timestamp, own }) =>
      isText(id, content, timestamp) && isUser(user) &&
      ["boolean", "undefined"].includes(typeof own),
  );
  check("user_joined", (event) => isUser(event.user) && Number.isFinite(event.total_connections));
  check("user_left", (event) => isUser(event.user) && Number.isFinite(event.remaining_connections));
  check("display_name_changed", ({ user, timestamp }) => isUser(user) && isText(timestamp));
  client.on("error", ({ error }) => void failures.push(`error event: ${error}`));

  await client.connect();
  const sender = setInterval(() => {
    if (!client.connected) return;
    tally.sends++;
    client.send("hello", { timeout: 100 }).then(() => tally.settled++);
  }, 2);

  for await (const order of readLines(Deno.stdin.readable)) {
    if (order === "memory") {
      collectGarbage();
      writeLine(Deno.memoryUsage().heapUsed);
      continue;
    }
    clearInterval(sender);
    if (!client.connected) await client.waitFor("authenticated", { timeout: 10_000 });
    const result = await client.send("still here");
    if (result.status !== "ok") failures.push(`the last send: ${result.error}`);
    await client.disconnect();
    const report: FuzzReport = { failures, ...tally };
    writeLine(JSON.stringify(report));
    return;
  }
}

function isText(...values: unknown[]): boolean {
  return values.every((value) => typeof value === "string");
}

function isUser({ id, email, display_name }: User): boolean {
  return isText(id, email) && (display_name === null || isText(display_name));
}
