/**
 * `KvStorage` on a real KV server next to Deno's own handle: small and large values, one call and several at
 * once, directly and over a line of 20 ms.
 *
 * `deno task bench:kv [ROUNDS]`, 20 by default; ROOMZ_DENOKV names the server's program, else `denokv` is
 * looked for on the PATH.
 * @module
 */
import { KvStorage } from "@roomz/roomz/bot";
import { writeSize } from "../../bot/storage/kv_request.ts";
import { Denokv, findDenokv, TOKEN } from "../../tests/bot/support/denokv.ts";
import { quartiles } from "../bot/contest.ts";
import { openLine } from "../line.ts";

const rounds = Number(Deno.args[0] ?? 20);
const program = await findDenokv();
if (program === undefined) {
  console.error("denokv is not installed here: set ROOMZ_DENOKV to its path");
  Deno.exit(1);
}
Deno.env.set("DENO_KV_ACCESS_TOKEN", TOKEN);
const server = await Denokv.start(program);

console.log(`${rounds} rounds, interleaved; ms, median [quartiles] and the longest\n`);
console.log(row("", "KvStorage", "one Deno.Kv handle", "ratio"));
for (const [line, delay] of [["directly", 0], ["over 20 ms", 10]] as const) {
  const url = await openLine(server.port, { delay, tls: false });
  using storage = new KvStorage(url);
  using kv = await Deno.openKv(url);
  for (const bytes of [100, 900, 1_100, 5_000, 15_000, 60_000]) {
    await compare(
      `${line}: read, write ${bytes} bytes`,
      () => overwrite(storage, ["bench", "x"], "x".repeat(bytes)),
      async () => {
        await kv.get(["bench", "x"]);
        await kv.set(["bench", "x"], new Uint8Array(bytes));
      },
    );
  }
  for (const calls of [2, 8, 20]) {
    const keys = Array.from({ length: calls }, (_, i) => ["bench", `${i}`]);
    await compare(
      `${line}: ${calls} reads at once`,
      () => Promise.all(keys.map((key) => storage.read(key))),
      () => Promise.all(keys.map((key) => kv.get(key))),
    );
  }
}
await aroundTheLimit();
await server[Symbol.asyncDispose]();
// Handles that hang would keep the process up.
Deno.exit();

async function overwrite(storage: KvStorage, key: string[], text: string): Promise<void> {
  const stored = await storage.read(key);
  await storage.write(key, text, { version: stored?.version });
}

async function compare(
  name: string,
  ours: () => Promise<unknown>,
  theirs: () => Promise<unknown>,
): Promise<void> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    for (const side of round % 2 === 0 ? [0, 1] as const : [1, 0] as const) {
      const start = performance.now();
      await (side === 0 ? ours() : theirs());
      if (round > 0) times[side].push(performance.now() - start);
    }
  }
  const [own, other] = times;
  const ratio = quartiles(own).median / quartiles(other).median;
  console.log(row(name, spread(own), spread(other), ratio.toFixed(2)));
}

/** Where the size of a request is computed wrongly, a write takes 44 ms: none may, for any key. */
async function aroundTheLimit(): Promise<void> {
  using storage = new KvStorage(`http://127.0.0.1:${server.port}`);
  let slow = 0;
  let writes = 0;
  for (const length of [1, 30, 60, 84, 85, 86, 98, 99, 100, 105, 120, 300]) {
    const key = ["bench", `${"k".repeat(length)}\0`];
    const full = ["roomz", "bot", ...key];
    for (let body = 1_018; body <= 1_030; body++) {
      const { version } = await storage.read(key) ?? {};
      // The mark of the writer is 13 bytes of the value.
      const marked = writeSize({
        checks: [{ key: full, version: version ?? null }],
        sets: [{ key: full, bytes: 13 }],
      });
      const text = "x".repeat(body - marked);
      const start = performance.now();
      await storage.write(key, text, { version });
      writes++;
      if (performance.now() - start > 20) slow++;
    }
  }
  console.log(`\nwrites within 6 bytes of the limit that took over 20 ms: ${slow} of ${writes}`);
}

function spread(times: readonly number[]): string {
  const { low, median, high } = quartiles(times);
  const [l, m, h, max] = [low, median, high, Math.max(...times)].map((time) => time.toFixed(1));
  return `${m} [${l}-${h}] ${max}`;
}

function row(name: string, ...cells: string[]): string {
  return name.padEnd(34) + cells.map((cell) => cell.padStart(26)).join("");
}
