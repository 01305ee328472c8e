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

/** What was found before the rounds, and after them. */
export interface RoundsReport {
  readonly before: Resources;
  readonly after: Resources;
  /** Sockets that were left behind. */
  readonly abandonedSockets: number;
}

/** What the process holds. */
export interface Resources {
  /** Open files and sockets, where the system tells. */
  readonly files: number | null;
  /** The heap in use after a collection, bytes. */
  readonly heap: number;
  /** Listeners on the signal that every connect() was given. */
  readonly listeners: number;
}

/** After so many rounds everything is loaded and compiled. */
const WARM_UP = 50;

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
  const resources = (): Resources => ({
    files: openFiles(),
    heap: heapInUse(),
    listeners: listeners(),
  });

  for (let i = 0; i < WARM_UP; i++) await round();
  const before = resources();
  for (let i = 0; i < count; i++) await round();
  const after = resources();
  const report: RoundsReport = { before, after, abandonedSockets: client.abandonedSockets };
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

function openFiles(): number | null {
  return Deno.build.os === "linux" ? [...Deno.readDirSync("/proc/self/fd")].length : null;
}

function heapInUse(): number {
  collectGarbage();
  return Deno.memoryUsage().heapUsed;
}
