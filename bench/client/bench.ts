/**
 * Compares the client with socket.io-client and a bare native WebSocket, interleaved in one run on one
 * server that is not the bottleneck. Prints a table of ratios, then the same as JSON.
 *
 * `deno task bench:client [ROUNDS]`, at least 20 rounds.
 * @module
 */
import { fromFileUrl } from "@std/path";
import { ServerProcess } from "../server_process.ts";
import type { Contender, Entry } from "./contender.ts";
import { NativeContender } from "./native_contender.ts";
import { RoomzContender } from "./roomz_contender.ts";
import { SocketIoContender } from "./socket_io_contender.ts";

const ROUNDS = Math.max(20, Number(Deno.args[0] ?? 20));
const CONNECTS = 10;
const ACKS = 300;
const PIPELINED = 5_000;
const IN_FLIGHT = 256;
const RECEIVED = 50_000;
const IDLE_CONNECTIONS = 1_000;
const JWT = "e30.e30.bench";

const ENTRIES: readonly Entry[] = [
  { name: "native", create: () => new NativeContender() },
  { name: "roomz", create: () => new RoomzContender() },
  { name: "socket.io", create: () => new SocketIoContender() },
];

const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";
const server = await ServerProcess.start(new URL("raw_server.ts", import.meta.url));

const samples = new Map<string, Map<string, number[]>>();
for (let round = 0; round <= ROUNDS; round++) {
  // The order rotates; the first round is a warm-up and does not count.
  const order = ENTRIES.map((_, i) => ENTRIES[(i + round) % ENTRIES.length]);
  for (const entry of order) {
    if (entry === undefined) continue;
    const result = await measure(entry.create);
    if (round > 0) {
      for (const [what, value] of Object.entries(result)) note(what, entry.name, value);
    }
  }
}
for (let round = 0; round < ROUNDS; round++) {
  for (const { name } of ENTRIES) note("import ms", name, await inProcess("import", name));
}
for (let round = 0; round < 3; round++) {
  for (const { name } of ENTRIES) note("idle KB", name, await inProcess("idle", name));
}
await server[Symbol.asyncDispose]();

const size = await minifiedSize();
report();

/** All measurements of one contender, once. */
async function measure(create: () => Contender): Promise<Record<string, number>> {
  let started = 0;
  let connect = 0;
  for (let i = 0; i < CONNECTS; i++) {
    const contender = create();
    started = performance.now();
    await contender.connect(server.url, JWT);
    connect += (performance.now() - started) / CONNECTS;
    await contender.close();
  }

  const contender = create();
  await contender.connect(server.url, JWT);
  const acks: number[] = [];
  for (let i = 0; i < ACKS; i++) {
    started = performance.now();
    await contender.send("hello");
    acks.push((performance.now() - started) * 1_000);
  }
  acks.sort((a, b) => a - b);

  started = performance.now();
  let left = PIPELINED;
  const sender = async () => {
    while (left-- > 0) await contender.send("hello");
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, sender));
  const sends = PIPELINED / (performance.now() - started) * 1_000;

  const all = Promise.withResolvers<void>();
  let received = 0;
  contender.onMessage(() => {
    if (++received === RECEIVED) all.resolve();
  });
  const cpu = Deno.build.os === "windows" ? undefined : cpuTime();
  started = performance.now();
  contender.send(`flood ${RECEIVED}`);
  await all.promise;
  const receive = RECEIVED / (performance.now() - started) * 1_000;
  const cpuPerMessage = cpu === undefined ? NaN : (cpuTime() - cpu) / RECEIVED * 1_000;
  await contender.close();

  return {
    "connect ms": connect,
    "ack p50 us": quantile(acks, 0.5),
    "ack p99 us": quantile(acks, 0.99),
    "sends/s": sends,
    "receive/s": receive,
    "cpu us/message": cpuPerMessage,
  };
}

/** User and system time of this process, milliseconds. */
function cpuTime(): number {
  const fields = Deno.readTextFileSync("/proc/self/stat").replace(/^.*\) /, "").split(" ");
  // Fields 14 and 15 of proc(5), in clock ticks of 10 ms; the first two were removed above.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Import time (ms) or memory per idle connection (KB), each in a fresh process. */
async function inProcess(what: "import" | "idle", name: string): Promise<number> {
  const file = `./${name.replace(".", "_")}_contender.ts`;
  const module = new URL(file, import.meta.url).href;
  const peer = { native: "", roomz: "@roomz/roomz/client", "socket.io": "socket.io-client" }[name];
  const code = what === "import"
    ? `const t = performance.now(); ${peer ? `await import("${peer}");` : ""}
       console.log(performance.now() - t);`
    : `const [Class] = Object.values(await import("${module}"));
       const clients = []; const before = Deno.memoryUsage().rss;
       for (let i = 0; i < ${IDLE_CONNECTIONS}; i++) {
         const client = new Class(); await client.connect("${server.url}", "${JWT}"); clients.push(client);
       }
       console.log((Deno.memoryUsage().rss - before) / ${IDLE_CONNECTIONS} / 1024); Deno.exit();`;
  const script = await Deno.makeTempFile({
    dir: fromFileUrl(new URL(".", import.meta.url)),
    suffix: ".tmp.ts",
  });
  try {
    await Deno.writeTextFile(script, code);
    return Number(await output(["run", "--allow-all", "--no-check", `--config=${config}`, script]));
  } finally {
    await Deno.remove(script);
  }
}

/** The size of `./client`, minified, and minified and gzipped, bytes. */
async function minifiedSize(): Promise<{ minified: number; gzipped: number }> {
  const entry = fromFileUrl(new URL("../../client/mod.ts", import.meta.url));
  const code = new TextEncoder().encode(
    await output(["bundle", "--minify", `--config=${config}`, entry]),
  );
  const gzip = new Blob([code]).stream().pipeThrough(new CompressionStream("gzip"));
  return { minified: code.length, gzipped: (await new Response(gzip).bytes()).length };
}

async function output(args: readonly string[]): Promise<string> {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), { args: [...args] })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

function note(what: string, who: string, value: number): void {
  const row = samples.get(what) ?? new Map<string, number[]>();
  samples.set(what, row);
  row.set(who, [...(row.get(who) ?? []), value]);
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
}

function report(): void {
  const json: Record<string, unknown> = { rounds: ROUNDS, size };
  console.log(`${ROUNDS} rounds; median [quartiles]; ratios are roomz / other\n`);
  console.log(row("", "native", "roomz", "socket.io", "/native", "/socket.io"));
  for (const [what, byName] of samples) {
    const summary = ENTRIES.map(({ name }) => {
      const sorted = [...(byName.get(name) ?? [])].sort((a, b) => a - b);
      return {
        median: quantile(sorted, 0.5),
        low: quantile(sorted, 0.25),
        high: quantile(sorted, 0.75),
      };
    });
    const [native, roomz, peer] = summary;
    if (native === undefined || roomz === undefined || peer === undefined) continue;
    const toNative = roomz.median / native.median;
    const toPeer = roomz.median / peer.median;
    json[what] = { native, roomz, "socket.io": peer, toNative, toPeer };
    const cells = summary.map(({ median, low, high }) =>
      `${short(median)} [${short(low)}-${short(high)}]`
    );
    console.log(row(what, ...cells, toNative.toFixed(2), toPeer.toFixed(2)));
  }
  console.log(`\nsize of ./client: ${size.minified} bytes minified, ${size.gzipped} gzipped\n`);
  console.log(JSON.stringify(json));
}

function row(what: string, ...cells: string[]): string {
  return what.padEnd(16) + cells.map((cell) => cell.padStart(24)).join("");
}

function short(value: number): string {
  return value >= 1_000 ? `${(value / 1_000).toFixed(1)}k` : value.toPrecision(3);
}
