/**
 * How long acknowledgements take on the real server, for messages below and above 1,024 bytes, one by one
 * and ten at once: this client beside socket.io-client, interleaved in one run, directly, over a line of 20 ms
 * and over TLS. Prints milliseconds: median, 95th and 99th percentile.
 *
 * `deno task bench:large [ROUNDS]`, at least 20 rounds. Needs Python with PyPI, and openssl.
 * @module
 */
import { findPythonWithRoomz } from "../../tests/contract/support/python_environment.ts";
import { realTarget } from "../../tests/contract/support/real_server.ts";
import { mintSession, TEST_EMAILS } from "../../tests/contract/support/target.ts";
import type { Entry } from "./contender.ts";
import { openLine } from "../line.ts";
import { RoomzContender } from "./roomz_contender.ts";
import { SocketIoContender } from "./socket_io_contender.ts";

const ROUNDS = Math.max(20, Number(Deno.args[0] ?? 20));
const SENDS = 20;
const BURST = 10;
/** By the bytes of their frames. */
const MESSAGES = { "900 bytes": "x".repeat(860), "1,040 bytes": "x".repeat(1_000) };

const found = await findPythonWithRoomz();
if ("missing" in found) {
  console.log(`Not measured: ${found.missing}.`);
  Deno.exit();
}
const server = await realTarget(found.python).start({});
const port = Number(new URL(server.url).port);
const lines = {
  direct: await openLine(port, { delay: 0, tls: false }),
  "20 ms": await openLine(port, { delay: 10, tls: false }),
  TLS: await openLine(port, { delay: 0, tls: true }),
};
const contenders: readonly Entry[] = [
  { name: "roomz", create: () => new RoomzContender() },
  { name: "socket.io", create: () => new SocketIoContender() },
];

const samples = new Map<string, number[]>();
for (let round = 0; round <= ROUNDS; round++) {
  for (const [line, url] of Object.entries(lines)) {
    for (const contender of contenders) {
      // npm's ws knows no way around the unknown certificate that works on Deno.
      if (line === "TLS" && contender.name !== "roomz") continue;
      await measure(`${line}, ${contender.name}`, contender, url);
    }
  }
  if (round === 0) samples.clear(); // The warm-up.
}
for (const [what, times] of samples) {
  times.sort((a, b) => a - b);
  const quantiles = [0.5, 0.95, 0.99].map((q) => times[Math.floor(q * times.length)] ?? NaN);
  console.log(what.padEnd(40), ...quantiles.map((time) => time.toFixed(2).padStart(8)));
}
await server.stop();
Deno.exit(); // The lines are open.

async function measure(what: string, { create }: Entry, url: string): Promise<void> {
  const contender = create();
  await contender.connect(url, await mintSession(TEST_EMAILS[0] ?? ""));
  for (const [size, content] of Object.entries(MESSAGES)) {
    for (let i = 0; i < SENDS; i++) {
      await time(`${what}, ${size}`, () => contender.send(content));
    }
    await time(
      `${what}, ten of ${size}`,
      () => Promise.all(Array.from({ length: BURST }, () => contender.send(content))),
    );
  }
  await contender.close();
}

async function time(what: string, run: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  await run();
  const elapsed = performance.now() - started;
  const times = samples.get(what);
  if (times === undefined) samples.set(what, [elapsed]);
  else times.push(elapsed);
}
