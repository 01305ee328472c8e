/**
 * The chat on a pseudo-terminal (`script` of util-linux): first frame beside bare Deno and Python's
 * chat, memory, floods of messages, and the time from a key to its echo. Linux only.
 *
 * `tools/deno.ts run -A bench/cli/chat_bench.ts [ROUNDS]`; ROOMZ_PYTHON names a Python with the real
 * package (`pip install roomz==0.4.0`), to compare with.
 * @module
 */
import { fromFileUrl } from "@std/path";
import { ChatProcess, output } from "./chat_process.ts";

const ROUNDS = Number(Deno.args[0] ?? 20);
const KEYS = 100;
const MEGABYTE = 1_048_576;

const server = await startServer();
const state = await Deno.makeTempDir();

try {
  await measureStart();
  await measureMemory();
  await measureFlood(1_000);
  await measureFlood(10_000);
  await measureEcho();
} finally {
  server.process.kill();
  await Deno.remove(state, { recursive: true });
}

async function measureStart(): Promise<void> {
  const python = Deno.env.get("ROOMZ_PYTHON");
  const empty = `${state}/empty.ts`;
  await Deno.writeTextFile(empty, "");
  const times: Record<string, number[]> = { "first frame": [], "bare deno": [], "python": [] };
  for (let round = 0; round <= ROUNDS; round++) {
    const frame = await timed(async () => {
      const chat = new ChatProcess(server.url, state);
      await chat.until(() => chat.tail.includes("○ "));
      return () => chat.end();
    });
    const bare = await timed(() => output(Deno.execPath(), ["run", "-A", "--no-config", empty]));
    const peer = python === undefined
      ? NaN
      : await timed(() => output(python, ["-c", "import roomz.cli.app_tui"]));
    if (round === 0) continue; // Warms up.
    times["first frame"]?.push(frame);
    times["bare deno"]?.push(bare);
    times["python"]?.push(peer);
  }
  const [frame = NaN, bare = NaN, peer = NaN] = Object.values(times).map(median);
  report("first frame", `${frame.toFixed(0)} ms`);
  report("bare deno", `${bare.toFixed(0)} ms, the chat takes ${(frame / bare).toFixed(1)}x`);
  report("python import", `${peer.toFixed(0)} ms, the chat takes ${(frame / peer).toFixed(2)}x`);
}

async function measureMemory(): Promise<void> {
  const chat = await connected();
  const pid = await chat.pid();
  const sizes = [await residentSize(pid)];
  for (const count of [10_000, 90_000]) {
    await flood(count, 5_000);
    const all = count === 10_000 ? 10_000 : 100_000;
    await chat.until(() => chat.messages >= all);
    sizes.push(await residentSize(pid));
  }
  await chat.end();
  report(
    "memory idle / 10,000 / 100,000",
    `${sizes.map((size) => size.toFixed(0)).join(" / ")} MB`,
  );
}

async function measureFlood(rate: number): Promise<void> {
  const chat = await connected();
  const pid = await chat.pid();
  const count = rate * 10;
  const before = await cpuTime(pid);
  const started = performance.now();
  void flood(count, rate);
  await chat.until(() => chat.messages >= count);
  const seconds = (performance.now() - started) / 1_000;
  const share = (await cpuTime(pid) - before) / seconds * 100;
  await chat.end();
  report(
    `${rate} messages/s for 10 s`,
    `${chat.messages - count} too many or few, ${seconds.toFixed(2)} s, ${
      share.toFixed(0)
    }% of a core`,
  );
}

async function measureEcho(): Promise<void> {
  const chat = await connected();
  const flooding = flood(15_000, 1_000);
  await chat.until(() => chat.messages > 500);
  const times: number[] = [];
  for (let i = 0; i < KEYS; i++) {
    const key = String.fromCharCode(97 + i % 26);
    const started = performance.now();
    await chat.press(key);
    await chat.until(() =>
      chat.tail.lastIndexOf(`> ${key}`) > chat.tail.lastIndexOf("\x1b[?2026h")
    );
    times.push(performance.now() - started);
    await chat.press("\x15");
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 30));
  }
  await flooding;
  await chat.end();
  times.sort((a, b) => a - b);
  const p95 = times[Math.floor(times.length * 0.95)] ?? NaN;
  report("key to echo at 1,000/s", `p50 ${median(times).toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`);
}

async function connected(): Promise<ChatProcess> {
  const chat = new ChatProcess(server.url, state);
  await chat.until(() => chat.tail.includes("● connected"));
  return chat;
}

async function startServer(): Promise<{ url: string; process: Deno.ChildProcess }> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-net",
      "--no-config",
      fromFileUrl(new URL("flood_server.ts", import.meta.url)),
    ],
    stdout: "piped",
  }).spawn();
  const { value } = await process.stdout.getReader().read();
  return { url: `http://127.0.0.1:${Number(new TextDecoder().decode(value))}`, process };
}

async function flood(count: number, rate: number): Promise<void> {
  await (await fetch(`${server.url}/flood?count=${count}&rate=${rate}`)).text();
}

/** Milliseconds until `work` is done; what it returns runs after the clock was read. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  const after = await work();
  const time = performance.now() - started;
  if (typeof after === "function") await after();
  return time;
}

async function residentSize(pid: string): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1_024 / MEGABYTE;
}

/** User and system time of a process, seconds. */
async function cpuTime(pid: string): Promise<number> {
  const fields = (await Deno.readTextFile(`/proc/${pid}/stat`)).replace(/^.*\) /, "").split(" ");
  // Fields 14 and 15 of proc(5), in clock ticks of 10 ms; two were cut off above.
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function report(what: string, figure: string): void {
  console.log(`${what.padEnd(32)}${figure}`);
}
