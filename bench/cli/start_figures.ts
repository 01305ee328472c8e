/**
 * Measures startup times on a pseudo-terminal: `roomz` compared with the Python package and bare Deno,
 * interleaved in every round.
 * @module
 */
import { KvSessionCache } from "@roomz/roomz/client";
import { fromFileUrl } from "@std/path";
import { median, quantile, report } from "./figures.ts";
import { module, roomz } from "./roomz_start.ts";
import { type Start, TerminalProcess } from "./terminal_process.ts";

/** The programs to start, by their names in the output. */
type Starts = Readonly<Record<string, Start>>;

/** A chat, and a text in its first frame. */
interface Chat {
  readonly start: Start;
  readonly shows: string;
}

const FRAME = "chat, first frame";

/** Measures `rounds` times; `python` is a Python that has the real package, if there is one. */
export async function measureStart(
  rounds: number,
  url: string,
  state: string,
  python: string | undefined,
): Promise<void> {
  const times = new Map([
    ...await timesToEnd(rounds, state, {
      ...await ours(url, state),
      ...python !== undefined && {
        "Python roomz version": {
          program: python.replace(/python[^/]*$/, "roomz"),
          args: ["version"],
        },
        "Python chat, import": { program: python, args: ["-c", "import roomz.cli.app_tui"] },
      },
    }),
    ...await timesToFrame(rounds, {
      [FRAME]: { start: roomz([], url, state), shows: "○ " },
      ...python !== undefined && {
        "Python chat, first frame": {
          start: { program: python, args: ["-m", "roomz.cli"] },
          shows: "Welcome to Roomz Chat!",
        },
      },
    }),
  ]);
  for (const [name, all] of times) {
    const quartiles = [0.25, 0.75].map((part) => quantile(all, part).toFixed(0)).join("-");
    report(name, `${median(all).toFixed(1)} ms [${quartiles}]`);
  }
  const compare = (name: string, other: string, wanted?: string): void => {
    const ratio = median(times.get(name) ?? []) / median(times.get(other) ?? []);
    report(`${name} / ${other}`, `${ratio.toFixed(2)}x`, wanted);
  };
  console.log();
  compare("Deno and the parser", "bare Deno");
  compare("whoami", "bare Deno", "<= 2.5x");
  compare("whoami, logged in", "bare Deno", "<= 3x");
  compare(FRAME, "bare Deno", "<= 3x");
  if (python === undefined) return;
  compare("whoami", "Python roomz version", "<= 0.3x");
  compare(FRAME, "Python chat, first frame", "<= 0.11x");
  compare(FRAME, "Python chat, import", "<= 0.25x");
}

async function ours(url: string, state: string): Promise<Starts> {
  const loggedIn = `${state}/logged_in`;
  await new KvSessionCache(`${loggedIn}/roomz/sessions.kv`).set(url, { jwt: "e30.e30.bench" });
  const [empty, parser] = [`${state}/empty.ts`, `${state}/parser.ts`];
  await Deno.writeTextFile(empty, "");
  await Deno.writeTextFile(parser, 'import { Command } from "@cliffy/command"; new Command();');
  return {
    "bare Deno": { program: Deno.execPath(), args: ["run", "--no-config", empty] },
    "Deno and the parser": module(parser),
    "whoami": roomz(["whoami"], url, state),
    "whoami, logged in": roomz(["whoami"], url, loggedIn),
  };
}

/** The times until the programs exit. */
async function timesToEnd(
  rounds: number,
  state: string,
  starts: Starts,
): Promise<[name: string, times: number[]][]> {
  const file = `${state}/starts.json`;
  await Deno.writeTextFile(file, JSON.stringify(Object.values(starts)));
  const stopwatch = fromFileUrl(new URL("stopwatch.ts", import.meta.url));
  const args = ["run", "--allow-all", "--no-config", stopwatch, file, `${rounds}`];
  await new TerminalProcess({ program: Deno.execPath(), args }).ended();
  const times: number[][] = JSON.parse(await Deno.readTextFile(file));
  return Object.keys(starts).map((name, at) => [name, times[at] ?? []]);
}

/** The times until the chats show their first frame, each on its own terminal. */
async function timesToFrame(
  rounds: number,
  chats: Readonly<Record<string, Chat>>,
): Promise<[name: string, times: number[]][]> {
  const all = Object.entries(chats).map(([name, chat]) => {
    const times: number[] = [];
    return { name, chat, times };
  });
  for (let round = 0; round <= rounds; round++) {
    for (const { chat, times } of all) {
      const time = await timeToFrame(chat);
      // The first round is a warm-up.
      if (round > 0) times.push(time);
    }
  }
  return all.map(({ name, times }) => [name, times]);
}

async function timeToFrame({ start, shows }: Chat): Promise<number> {
  const started = performance.now();
  const process = new TerminalProcess(start);
  await process.until(() => process.tail.includes(shows));
  const time = performance.now() - started;
  await process.hangUp();
  return time;
}
