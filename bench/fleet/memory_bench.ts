/**
 * What an account costs in a process that holds many: memory, CPU while idle, CPU for each message; and how
 * many messages a second are answered, when all accounts get one at once.
 * Arguments: how many accounts (default: 100 and 5,000), what is held (default: all kinds), the seconds of
 * idleness (30), and the fleet's storage: "file" or "denokv" (file).
 * @module
 */
import { Denokv, findDenokv, TOKEN } from "../../tests/bot/support/denokv.ts";
import { Child } from "./child.ts";

const numbers = (Deno.args[0] ?? "100,5000").split(",").map(Number);
const kinds = (Deno.args[1] ?? "bare,client,bot,fleet").split(",");
const IDLE = Number(Deno.args[2] ?? 30);
const ROUNDS = 5;

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

interface Measure {
  readonly heap: number;
  readonly rss: number;
  readonly cpu: number;
}

console.log(
  "accounts  kind    heap KB  RSS KB  idle CPU ms/min each  CPU us/message  p50 ms  p99 ms  messages/s",
);
for (const count of numbers) {
  for (const kind of kinds) await run(kind, count);
}

async function run(kind: string, count: number): Promise<void> {
  await using server = new Child("room_server.ts");
  const url = `http://127.0.0.1:${await server.line()}`;
  await using subject = new Child("memory_process.ts", [kind, String(count), url, storage], [
    "--v8-flags=--expose-gc",
  ]);
  const measure = async (): Promise<Measure> => {
    await subject.say("measure");
    return JSON.parse(await subject.line());
  };
  await subject.line();
  await sleep(2);
  const say = async (pause: number) => {
    const response = await fetch(`${url}/say?content=!ping&pause=${pause}`);
    return await response.json();
  };
  await say(0); // Everyone is served once.
  await sleep(1);
  const first = await measure();
  await sleep(IDLE);
  const idle = await measure();
  let times = { p50: 0, p99: 0 };
  const rounds = Math.max(1, Math.ceil(ROUNDS * 5_000 / count / 10));
  const begun = performance.now();
  for (let round = 0; round < rounds; round++) times = await say(0);
  const rate = rounds * count / (performance.now() - begun) * 1_000;
  const busy = await measure();
  const seconds = IDLE;
  // A measurement collects garbage itself: that is taken off as what two in a row cost.
  const again = await measure();
  const own = again.cpu - busy.cpu;
  const idleCpu = (idle.cpu - first.cpu - own) / seconds * 60 / count;
  const perMessage = (busy.cpu - idle.cpu - own) * 1_000 / (rounds * count);
  console.log(
    [
      String(count).padStart(8),
      kind.padEnd(6),
      first.heap.toFixed(1).padStart(8),
      first.rss.toFixed(1).padStart(7),
      idleCpu.toFixed(3).padStart(21),
      perMessage.toFixed(0).padStart(15),
      times.p50.toFixed(1).padStart(7),
      times.p99.toFixed(1).padStart(7),
      rate.toFixed(0).padStart(10),
    ].join("  "),
  );
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
}
