/**
 * Connects and disconnects many times, then ends by itself: a socket or a timer that was left would
 * keep the process up.
 *
 * Arguments: the server's URL, a session, and the number of rounds. It writes a
 * {@linkcode RoundsReport} in JSON.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { collectGarbage } from "./garbage.ts";
import { writeLine } from "./lines.ts";

/** What was found after half of the rounds, and after all. */
export interface RoundsReport {
  /** Open TCP sockets while the client was connected. */
  readonly socketsInUse: number | null;
  readonly half: Resources;
  readonly all: Resources;
  /** Sockets that were left behind. */
  readonly abandonedSockets: number;
}

/** What the process holds. */
export interface Resources {
  /** Open TCP sockets; null where the system does not tell. */
  readonly sockets: number | null;
  /** The heap in use after a collection, bytes. */
  readonly heap: number;
  /** The memory of the whole process, bytes. */
  readonly process: number;
  /** Listeners on the signal that every connect() was given. */
  readonly listeners: number;
}

if (import.meta.main) {
  const [url = "", session = "", count = ""] = Deno.args;
  await run(url, session, Number(count));
}

async function run(url: string, session: string, count: number): Promise<void> {
  const { signal } = new AbortController();
  const listeners = countListeners(signal);
  const client = new AsyncClient(url, session, { displayName: "rounds" });
  const round = async () => {
    await client.connect("", { signal });
    await client.send("hello", { signal });
    await client.disconnect();
  };
  const resources = async (): Promise<Resources> => ({
    heap: await heapInUse(),
    process: Deno.memoryUsage().rss,
    sockets: tcpSockets(),
    listeners: listeners(),
  });

  for (let i = 0; i < count / 2; i++) await round();
  await client.connect();
  const socketsInUse = tcpSockets();
  await client.disconnect();
  // By now all is loaded and compiled, and the runtime's heap has grown to what such a load needs.
  const half = await resources();
  for (let i = 0; i < count / 2; i++) await round();
  const all = await resources();
  const { abandonedSockets } = client;
  const report: RoundsReport = { socketsInUse, half, all, abandonedSockets };
  writeLine(JSON.stringify(report));
}

/** Gives how many listeners a signal has that were not removed again. */
function countListeners(signal: AbortSignal): () => number {
  let count = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    count++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    count--;
    remove(...args);
  };
  return () => count;
}

/** The sockets of this process that are TCP: the runtime has others of its own. */
function tcpSockets(): number | null {
  if (Deno.build.os !== "linux") return null;
  const connections = Deno.readTextFileSync("/proc/self/net/tcp").split("\n");
  const inodes = new Set(connections.map((line) => line.trim().split(/\s+/)[9]));
  let count = 0;
  for (const { name } of Deno.readDirSync("/proc/self/fd")) {
    const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/self/fd/${name}`)) ?? [];
    if (inode !== undefined && inodes.has(inode)) count++;
  }
  return count;
}

function linkOf(path: string): string {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return ""; // The one that the folder itself was read through.
  }
}

/** What a collection leaves. What it finds is released in later turns of the event loop. */
async function heapInUse(): Promise<number> {
  collectGarbage();
  await new Promise((resolve) => setTimeout(resolve, 500));
  collectGarbage();
  return Deno.memoryUsage().heapUsed;
}
