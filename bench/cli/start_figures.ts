/**
 * How long things take to start, on a pseudo-terminal: `roomz` beside the Python package and bare
 * Deno, one after the other in every round.
 * @module
 */
import { KvSessionCache } from "@roomz/roomz/client";
import { median, quantile, report } from "./figures.ts";
import { module, roomz } from "./roomz_start.ts";
import { type Start, TerminalProcess } from "./terminal_process.ts";

interface Contender {
  readonly name: string;
  readonly start: Start;
  /** What it shows when it is there; without it, it is timed until it ends. */
  readonly shows?: string;
}

/** Measures `rounds` times; `python` has the real package, where there is one. */
export async function measureStart(
  rounds: number,
  url: string,
  state: string,
  python: string | undefined,
): Promise<void> {
  const times = new Map<string, number[]>();
  const contenders = await contendersFor(url, state, python);
  for (let round = 0; round <= rounds; round++) {
    for (const at of contenders.keys()) {
      const contender = contenders[(at + round) % contenders.length];
      if (contender === undefined) continue;
      const time = await timeOf(contender);
      // The first round warms up.
      if (round > 0) times.set(contender.name, [...times.get(contender.name) ?? [], time]);
    }
  }
  const terminal = median(times.get("the terminal alone") ?? []);
  for (const [name, all] of times) {
    const quartiles = [0.25, 0.75].map((part) => quantile(all, part).toFixed(0)).join("-");
    report(name, `${median(all).toFixed(1)} ms [${quartiles}]`);
  }
  const ratio = (ours: string, other: string): string => {
    const [a = NaN, b = NaN] = [ours, other].map((name) => median(times.get(name) ?? []));
    return `${((a - terminal) / (b - terminal)).toFixed(2)}x`;
  };
  console.log("\nRatios, without the time of the terminal alone");
  report("whoami / bare Deno", ratio("whoami", "bare Deno"), "<= 4x");
  report("whoami, logged in / bare Deno", ratio("whoami, logged in", "bare Deno"));
  report("Deno and the parser / bare Deno", ratio("Deno and the parser", "bare Deno"));
  report("chat, first frame / bare Deno", ratio("chat, first frame", "bare Deno"));
  if (python === undefined) return;
  report("whoami / Python roomz version", ratio("whoami", "Python roomz version"), "<= 0.3x");
  const chat = "chat, first frame";
  report(`${chat} / Python's`, ratio(chat, "Python chat, first frame"), "<= 0.25x");
  report(`${chat} / its import`, ratio(chat, "Python chat, import"), "<= 0.25x");
}

async function contendersFor(
  url: string,
  state: string,
  python: string | undefined,
): Promise<Contender[]> {
  const loggedIn = `${state}/logged_in`;
  await new KvSessionCache(`${loggedIn}/roomz/sessions.kv`).set(url, { jwt: "e30.e30.bench" });
  const [empty, parser] = [`${state}/empty.ts`, `${state}/parser.ts`];
  await Deno.writeTextFile(empty, "");
  await Deno.writeTextFile(parser, 'import { Command } from "@cliffy/command"; new Command();');
  const bare = { program: Deno.execPath(), args: ["run", "--no-config", empty] };
  const ours: Contender[] = [
    { name: "the terminal alone", start: { program: "true", args: [] } },
    { name: "bare Deno", start: bare },
    { name: "Deno and the parser", start: module(parser) },
    { name: "whoami", start: roomz(["whoami"], url, state) },
    { name: "whoami, logged in", start: roomz(["whoami"], url, loggedIn) },
    { name: "chat, first frame", start: roomz([], url, state), shows: "○ " },
  ];
  if (python === undefined) return ours;
  const command = python.replace(/python[^/]*$/, "roomz");
  return [
    ...ours,
    { name: "Python roomz version", start: { program: command, args: ["version"] } },
    {
      name: "Python chat, import",
      start: { program: python, args: ["-c", "import roomz.cli.app_tui"] },
    },
    {
      name: "Python chat, first frame",
      start: { program: python, args: ["-m", "roomz.cli"] },
      shows: "Welcome to Roomz Chat!",
    },
  ];
}

async function timeOf({ start, shows }: Contender): Promise<number> {
  const started = performance.now();
  const process = new TerminalProcess(start);
  if (shows === undefined) {
    await process.ended();
    return performance.now() - started;
  }
  await process.until(() => process.tail.includes(shows));
  const time = performance.now() - started;
  await process.hangUp();
  return time;
}
