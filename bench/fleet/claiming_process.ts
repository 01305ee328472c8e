/**
 * One process of the benchmark of claims: makes as many as it can, or as many as it is asked for.
 * @module
 */
import { KvStorage } from "@roomz/roomz/bot";
import { cpuUsage } from "node:process";
import { HostClaims } from "../../bot/fleet/claims/claims.ts";
import { newHostId } from "../../bot/fleet/store/fleet_ids.ts";
import { FleetKeys } from "../../bot/fleet/store/fleet_keys.ts";
import { KvFleetStore } from "../../bot/fleet/store/kv_fleet_store.ts";
import { databaseOf } from "../../bot/storage/kv_storage.ts";
import { systemPlatform } from "../../client/base/platform.ts";

/** What the process does. */
export type Job =
  /** A host of a fleet, with so many claims at once. */
  | { readonly kind: "fleet"; readonly outstanding: number }
  /** The same, with so many claims a second, however long they take. */
  | { readonly kind: "offered"; readonly perProcess: number }
  /** Atomic writes of `batch` claims on each of so many handles. */
  | { readonly kind: "bare"; readonly handles: number; readonly batch: number };

/** What it measured. */
export interface Figures {
  readonly claims: number;
  /** How long a sample of the claims took, milliseconds. */
  readonly times: readonly number[];
  /** The CPU time that the process used, microseconds. */
  readonly cpu: number;
  /** Claims that were not won, though nobody else wanted them, and errors. */
  readonly failures: number;
}

/** So many times are reported. */
const MAX_TIMES = 20_000;

/** How long the process runs before it is measured, milliseconds. */
const WARM_UP = 1_500;

class Measured {
  claims = 0;
  failures = 0;
  readonly times: number[] = [];
  readonly #start = performance.now() + WARM_UP;
  readonly #end: number;
  #cpuBefore: ReturnType<typeof cpuUsage> | undefined;
  #cpu: ReturnType<typeof cpuUsage> | undefined;

  constructor(seconds: number) {
    this.#end = this.#start + seconds * 1_000;
  }

  get isOver(): boolean {
    const now = performance.now();
    if (now >= this.#start) this.#cpuBefore ??= cpuUsage();
    if (now < this.#end) return false;
    this.#cpu ??= cpuUsage(this.#cpuBefore);
    return true;
  }

  get cpu(): number {
    return (this.#cpu?.user ?? 0) + (this.#cpu?.system ?? 0);
  }

  async claim(count: number, claim: () => Promise<boolean>): Promise<void> {
    const start = performance.now();
    const won = await claim();
    if (!won) this.failures++;
    if (start < this.#start || this.isOver) return;
    this.claims += count;
    this.times.push(performance.now() - start);
  }
}

async function claimAsHost(
  path: string,
  job: Exclude<Job, { kind: "bare" }>,
  measured: Measured,
): Promise<void> {
  using storage = new KvStorage(path);
  const { database, prefix } = databaseOf(storage);
  const store = new KvFleetStore(database, prefix, 10_000);
  const keys = new FleetKeys("helper");
  const host = newHostId();
  const record = { state: "alive", capacity: 1, name: "bench", lease: 6_000 };
  await store.commit({ checks: [], sets: [{ key: keys.host(host), value: record }] });
  const claims = new HostClaims({
    store,
    keys,
    host,
    clock: systemPlatform,
    logger: {
      debug() {},
      info() {},
      warn: (message) => fail(message),
      error: (message) => fail(message),
    },
    onFenced: () => fail("fenced"),
    onRefused: (_, { id }, why) => fail(`${id}: ${why}`),
  });
  function fail(message: string): void {
    measured.failures++;
    console.error(message);
  }
  const accounts = Array.from({ length: 100 }, (_, n) => {
    return claims.of(`account-${n}`, { server: "https://roomz.example" });
  });
  const one = (n: number) => {
    const account = accounts[n % accounts.length];
    if (account === undefined) throw new Error("There is no account.");
    const effect = {
      account: "user:ada@example.com",
      id: crypto.randomUUID(),
      time: Date.now(),
      clock: "server",
    } as const;
    return measured.claim(1, async () => {
      const won = await account.claim(effect);
      account.finish(effect);
      return won;
    });
  };
  if (job.kind === "fleet") {
    const lanes = Array.from({ length: job.outstanding }, async (_, n) => {
      while (!measured.isOver) await one(n);
    });
    await Promise.all(lanes);
  } else {
    const start = performance.now();
    const pending = new Set<Promise<void>>();
    for (let made = 0; !measured.isOver;) {
      for (; made < (performance.now() - start) / 1_000 * job.perProcess; made++) {
        const claim = one(made).finally(() => pending.delete(claim));
        pending.add(claim);
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(pending);
  }
}

async function claimBare(
  path: string,
  { handles, batch }: Job & { kind: "bare" },
  measured: Measured,
): Promise<void> {
  const lanes = Array.from({ length: handles }, async () => {
    using kv = await Deno.openKv(path);
    while (!measured.isOver) {
      await measured.claim(batch, async () => {
        const write = kv.atomic();
        for (let n = 0; n < batch; n++) {
          const key = ["roomz", "bot", "claim", crypto.randomUUID()];
          write.check({ key, versionstamp: null }).set(key, new Uint8Array(40));
        }
        return await committed(write, measured);
      });
    }
  });
  await Promise.all(lanes);
}

/** A file that others have locked is an error of bare Deno.Kv: counted, and tried again. */
async function committed(write: Deno.AtomicOperation, measured: Measured): Promise<boolean> {
  for (;;) {
    try {
      return (await write.commit()).ok;
    } catch {
      measured.failures++;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
    }
  }
}

if (import.meta.main) {
  const { path, seconds, job }: { path: string; seconds: number; job: Job } = JSON.parse(
    Deno.args[0] ?? "",
  );
  const measured = new Measured(seconds);
  if (job.kind === "bare") await claimBare(path, job, measured);
  else await claimAsHost(path, job, measured);
  const { claims, times, failures, cpu } = measured;
  const every = Math.ceil(times.length / MAX_TIMES);
  const sample = times.filter((_, i) => i % every === 0);
  console.log(
    JSON.stringify({ claims, times: sample, cpu, failures } satisfies Figures),
  );
  Deno.exit();
}
