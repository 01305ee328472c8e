/**
 * Claims of messages from three processes at once, next to bare Deno.Kv: in a file and on a KV server.
 *
 * `deno task bench:claims [SECONDS]` for each row, 5 by default; ROOMZ_DENOKV names the server's program,
 * else `denokv` is looked for on the PATH. What a host claims it also notes as open, and removes that again;
 * bare Deno.Kv only sets one key for each claim, if it does not exist.
 * @module
 */
import { Denokv, findDenokv, TOKEN } from "../../tests/bot/support/denokv.ts";
import type { Figures, Job } from "./claiming_process.ts";

const PROCESSES = 3;
const seconds = Number(Deno.args[0] ?? 5);
const program = await findDenokv();
if (program === undefined) console.log("denokv is not installed here: a file only");

console.log(`${PROCESSES} processes, ${seconds} s each\n`);
console.log(row("", "claims/s", "p50 ms", "p99 ms", "µs CPU", "failures"));
for (const place of program === undefined ? ["file"] as const : ["denokv", "file"] as const) {
  const bare = place === "denokv"
    ? [["bare, one by one", 1, 1], ["bare, by 4 on 4 handles", 4, 4]] as const
    : [["bare, one by one", 1, 1], ["bare, by 90", 1, 90]] as const;
  const rates = new Map<string, number>();
  for (const outstanding of [4, 10, 30, 100]) {
    await measure(place, `fleet, ${outstanding} at once`, { kind: "fleet", outstanding }, rates);
    for (const [name, handles, batch] of outstanding === 4 ? bare : []) {
      await measure(place, name, { kind: "bare", handles, batch }, rates);
    }
  }
  for (const offered of [1_000, 3_000, place === "denokv" ? 10_000 : 5_000]) {
    const perProcess = offered / PROCESSES;
    await measure(
      place,
      `fleet, ${offered} offered a second`,
      { kind: "offered", perProcess },
      rates,
    );
  }
  const best = Math.max(
    ...[...rates].flatMap(([name, rate]) => name.startsWith("fleet") ? rate : []),
  );
  for (const [name] of bare) {
    console.log(`${place}: ${(best / (rates.get(name) ?? NaN)).toFixed(2)} times ${name}`);
  }
  console.log();
}
// Handles that hang would keep the process up.
Deno.exit();

async function measure(
  place: "denokv" | "file",
  name: string,
  job: Job,
  rates: Map<string, number>,
): Promise<void> {
  const server = place === "denokv" && program !== undefined
    ? await Denokv.start(program)
    : undefined;
  const path = server ? `http://127.0.0.1:${server.port}` : `${await Deno.makeTempDir()}/fleet.kv`;
  const figures = await Promise.all(
    Array.from({ length: PROCESSES }, () => runProcess({ path, seconds, job })),
  );
  await server?.[Symbol.asyncDispose]();
  const sum = (of: (figures: Figures) => number) => figures.reduce((sum, one) => sum + of(one), 0);
  const times = figures.flatMap(({ times }) => times).sort((a, b) => a - b);
  const quantile = (q: number) => (times[Math.floor(times.length * q)] ?? NaN).toFixed(1);
  const rate = sum(({ claims }) => claims) / seconds;
  rates.set(name, rate);
  console.log(row(
    `${place}: ${name}`,
    rate.toFixed(0),
    quantile(0.5),
    quantile(0.99),
    (sum(({ cpu }) => cpu) / sum(({ claims }) => claims)).toFixed(0),
    sum(({ failures }) => failures).toString(),
  ));
}

async function runProcess(
  work: { path: string; seconds: number; job: Job },
): Promise<Figures> {
  const script = new URL("claiming_process.ts", import.meta.url).pathname;
  const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";
  const args = [
    "run",
    "-A",
    "--quiet",
    "--no-check",
    "--unstable-kv",
    `--config=${config}`,
    script,
  ];
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [...args, JSON.stringify(work)],
    env: { DENO_KV_ACCESS_TOKEN: TOKEN },
    stderr: "inherit",
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

function row(name: string, ...cells: string[]): string {
  return name.padEnd(40) + cells.map((cell) => cell.padStart(10)).join("");
}
