/**
 * Measures the chat under load: memory, message floods, and the time from a key press to its echo.
 * @module
 */
import { ChatProcess } from "./chat_process.ts";
import { median, quantile, report } from "./figures.ts";

const KEYS = 100;
const MEGABYTE = 1_048_576;

/** Measures against the flood server at `url`, with `state` as the state folder of the chats. */
export async function measureChat(url: string, state: string): Promise<void> {
  await measureMemory(url, state);
  await measureFlood(url, state, 1_000, "0, <= 15% of a core");
  await measureFlood(url, state, 10_000, "0, <= 11 s");
  await measureEcho(url, state);
}

async function measureMemory(url: string, state: string): Promise<void> {
  const chat = await ChatProcess.connected(url, state);
  const pid = await chat.pid();
  const sizes = [await residentSize(pid)];
  for (const all of [10_000, 100_000]) {
    await flood(url, all - chat.messages, 5_000);
    await chat.until(() => chat.messages >= all);
    sizes.push(await residentSize(pid));
  }
  await chat.leave();
  const figure = `${sizes.map((size) => size.toFixed(0)).join(" / ")} MB`;
  report("memory idle / 10,000 / 100,000", figure, "<= 80 / 100 / 120 MB");
}

async function measureFlood(
  url: string,
  state: string,
  rate: number,
  wanted: string,
): Promise<void> {
  const chat = await ChatProcess.connected(url, state);
  const pid = await chat.pid();
  const count = rate * 10;
  const before = await cpuTime(pid);
  const started = performance.now();
  const flooding = flood(url, count, rate);
  await chat.until(() => chat.messages >= count);
  const seconds = (performance.now() - started) / 1_000;
  const share = (await cpuTime(pid) - before) / seconds * 100;
  await flooding;
  await chat.leave();
  const lost = count - chat.messages;
  const figure = `${lost} lost, ${seconds.toFixed(2)} s, ${share.toFixed(0)}% of a core`;
  report(`${rate} messages/s for 10 s`, figure, wanted);
}

async function measureEcho(url: string, state: string): Promise<void> {
  const chat = await ChatProcess.connected(url, state);
  const flooding = flood(url, 15_000, 1_000);
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
  await chat.leave();
  const p95 = quantile(times, 0.95);
  const figure = `p50 ${median(times).toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`;
  report("key to echo at 1,000/s", figure, "p95 <= 50 ms");
}

async function flood(url: string, count: number, rate: number): Promise<void> {
  await (await fetch(`${url}/flood?count=${count}&rate=${rate}`)).text();
}

async function residentSize(pid: string): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1_024 / MEGABYTE;
}

/** User and system time of a process, in seconds. */
async function cpuTime(pid: string): Promise<number> {
  const fields = (await Deno.readTextFile(`/proc/${pid}/stat`)).replace(/^.*\) /, "").split(" ");
  // Fields 14 and 15 of proc(5), in clock ticks of 10 ms; the first two were cut off above.
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
