/**
 * What an account costs in a process that holds many: memory, CPU while idle, and CPU for each message, when
 * one comes each millisecond and when all accounts get one at once.
 * Arguments: how many accounts (default: 100 and 5,000), what is held (default: all kinds), the seconds of
 * idleness (50, two of the server's pings), the fleet's storage: "file" or "denokv" (file), and how many
 * times all of it is measured in turn (1).
 * @module
 */
import { Denokv, findDenokv, TOKEN } from "../../tests/bot/support/denokv.ts";
import { Child } from "./child.ts";

const numbers = (Deno.args[0] ?? "100,5000").split(",").map(Number);
const kinds = (Deno.args[1] ?? "bare,client,bot,fleet").split(",");
const IDLE = Number(Deno.args[2] ?? 50);
const TURNS = Number(Deno.args[4] ?? 1);
/** So many messages are sent each way. */
const MESSAGES = 10_000;

const program = Deno.args[3] === "denokv" ? await findDenokv() : undefined;
if (Deno.args[3] === "denokv" && program === undefined) {
  console.error("There is no denokv here: set ROOMZ_DENOKV.");
  Deno.exit(2);
}
await using denokv = program === undefined ? undefined : await Denokv.start(program);
const storage = denokv === undefined
  ? `${await Deno.makeTempDir()}/fleet.kv`
  : `http://127.0.0.1:${denokv.port}`;
Deno.env.set("DENO_KV_ACCESS_TOKEN", TOKEN);

interface Memory {
  readonly heap: number;
  readonly rss: number;
}

interface Cpu {
  readonly user: number;
  readonly system: number;
}

const columns = [
  ["accounts", 8],
  ["kind", 6],
  ["heap KB", 8],
  ["RSS KB", 7],
  ["idle ms/min", 12],
  ["paced µs (user)", 16],
  ["p99 ms", 8],
  ["burst µs (user)", 16],
  ["p50 ms", 8],
  ["p99 ms", 8],
  ["messages/s", 10],
] as const;
console.log(columns.map(([name, width]) => name.padStart(width)).join("  "));
for (let turn = 0; turn < TURNS; turn++) {
  for (const kind of kinds) for (const count of numbers) await run(kind, count);
}

async function run(kind: string, count: number): Promise<void> {
  await using server = new Child("room_server.ts");
  const url = `http://127.0.0.1:${await server.line()}`;
  await using subject = new Child("memory_process.ts", [kind, String(count), url, storage], [
    "--v8-flags=--expose-gc",
  ]);
  const ask = async <T>(what: "memory" | "cpu"): Promise<T> => {
    await subject.say(what);
    return JSON.parse(await subject.line());
  };
  /** The CPU time that the process uses meanwhile. */
  const cpuOf = async (work: () => Promise<void>): Promise<Cpu> => {
    const before = await ask<Cpu>("cpu");
    await work();
    const after = await ask<Cpu>("cpu");
    return { user: after.user - before.user, system: after.system - before.system };
  };
  const rounds = Math.max(1, Math.round(MESSAGES / count));
  let times = { p50: 0, p99: 0 };
  const sayAll = async (pause: number) => {
    for (let round = 0; round < rounds; round++) {
      const response = await fetch(`${url}/say?content=!ping&pause=${pause}`);
      times = await response.json();
    }
  };
  await subject.line();
  await sleep(2);
  await sayAll(0); // What is compiled at first, and grows once.
  await sleep(1);
  const memory = await ask<Memory>("memory");
  await sleep(2);
  const idle = await cpuOf(() => sleep(IDLE));
  const paced = await cpuOf(() => sayAll(1));
  const pacedTimes = times;
  const begun = performance.now();
  const burst = await cpuOf(() => sayAll(0));
  const seconds = (performance.now() - begun) / 1_000;
  const messages = rounds * count;
  const perMessage = ({ user, system }: Cpu) => {
    const micros = (time: number) => (time * 1_000 / messages).toFixed(0);
    return `${micros(user + system)} (${micros(user)})`;
  };
  const cells = [
    String(count),
    kind.padEnd(6),
    memory.heap.toFixed(1),
    memory.rss.toFixed(1),
    IDLE === 0 ? "-" : ((idle.user + idle.system) / IDLE * 60 / count).toFixed(3),
    perMessage(paced),
    pacedTimes.p99.toFixed(1),
    perMessage(burst),
    times.p50.toFixed(1),
    times.p99.toFixed(1),
    (messages / seconds).toFixed(0),
  ];
  console.log(cells.map((cell, i) => cell.padStart(columns[i]?.[1] ?? 0)).join("  "));
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
}
