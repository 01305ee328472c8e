/**
 * Connects and disconnects many times, then ends by itself: a leaked socket or timer would keep the
 * process alive.
 *
 * Arguments: the server's URL, a session, and the number of rounds. It prints a
 * {@linkcode RoundsReport} in JSON.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { collectGarbage } from "./garbage.ts";
import { writeLine } from "./lines.ts";

/** The measurements after half of the rounds, and after all. */
export interface RoundsReport {
  /** Open TCP sockets while the client was connected. */
  readonly socketsInUse: number | null;
  readonly half: Resources;
  readonly all: Resources;
  /** Abandoned sockets. */
  readonly abandonedSockets: number;
}

/** The resources of the process. */
export interface Resources {
  /** Open TCP sockets; null if the system does not report them. */
  readonly sockets: number | null;
  /** The heap in use after a collection, bytes. */
  readonly heap: number;
  /** The memory of the whole process, bytes. */
  readonly process: number;
  /** Listeners on the signal that is passed to every connect(). */
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
  // By now everything is loaded and compiled, and the heap has grown to the size that it needs.
  const half = await resources();
  for (let i = 0; i < count / 2; i++) await round();
  const all = await resources();
  const { abandonedSockets } = client;
  const report: RoundsReport = { socketsInUse, half, all, abandonedSockets };
  writeLine(JSON.stringify(report));
}

/** Counts the listeners of a signal that have not been removed. */
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

/** The TCP sockets of this process: the runtime has others of its own. */
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
    return ""; // The descriptor through which the folder itself was read.
  }
}

/** What a garbage collection leaves; it releases some objects in later turns of the event loop. */
async function heapInUse(): Promise<number> {
  collectGarbage();
  await new Promise((resolve) => setTimeout(resolve, 500));
  collectGarbage();
  return Deno.memoryUsage().heapUsed;
}
