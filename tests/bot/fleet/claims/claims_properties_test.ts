/**
 * Claims on random bad lines, of random hosts that are given up: at most one host gets an effect, everyone
 * hears what became of a claim, and afterwards nothing is open. TEST_RUNS sets the number of runs.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { effectId } from "../../../../bot/fleet/store/fleet_ids.ts";
import { BUCKET_LENGTH } from "../../../../bot/fleet/store/fleet_keys.ts";
import {
  ACCOUNT,
  type ClaimingHost,
  ClaimingHosts,
  effect,
  NOON,
} from "../support/claiming_hosts.ts";
import type { Fault } from "../support/simulated_kv.ts";

const HOSTS = ["a", "b", "c"];

const host = fc.nat(HOSTS.length - 1);
const step = fc.oneof(
  // Most of them arrive at several hosts, as during a hand-over, and some twice.
  {
    weight: 12,
    arbitrary: fc.record({ arrive: fc.nat(30), at: fc.array(host, { minLength: 1 }) }),
  },
  { weight: 2, arbitrary: fc.record({ cut: host }) },
  { weight: 3, arbitrary: fc.record({ mend: host }) },
  { weight: 1, arbitrary: fc.record({ giveUp: host }) },
  { weight: 1, arbitrary: fc.record({ leave: host }) },
  { weight: 1, arbitrary: fc.constantFrom({ server: "stop" }, { server: "start" }) },
  { weight: 1, arbitrary: fc.record({ hours: fc.integer({ min: 1, max: 5 }) }) },
);
const scenario = fc.record({
  steps: fc.array(fc.tuple(step, fc.nat(400)), { maxLength: 60 }),
  delays: fc.infiniteStream(fc.integer({ min: 0, max: 80 })),
  faults: fc.infiniteStream(fc.option(
    fc.oneof(
      fc.constant<Fault>("response lost"),
      fc.record({ firstCopyLate: fc.nat(6_000) }),
    ),
    { freq: 5 },
  )),
  maxChecks: fc.constantFrom(10, 100),
});

Deno.test("whatever happens, one host at most gets an effect, and every claim is answered", async () => {
  const runs = Number(Deno.env.get("TEST_RUNS") ?? 150);
  await fc.assert(fc.asyncProperty(scenario, play), { numRuns: runs });
});

interface Claimed {
  readonly id: string;
  readonly by: ClaimingHost;
  /** Its host had been given up before. */
  readonly late: boolean;
  won?: boolean;
}

async function play(
  { steps, delays, faults, maxChecks }: typeof scenario extends fc.Arbitrary<infer T> ? T : never,
): Promise<void> {
  let isBad = true;
  const fleet = new ClaimingHosts({
    maxChecks,
    delay: () => delays.next().value ?? 0,
    fault: (call) => call === "commit" && isBad ? faults.next().value ?? undefined : undefined,
  });
  const hosts = await Promise.all(HOSTS.map((id) => fleet.join(id)));
  const claimed: Claimed[] = [];
  const givenUp = new Set<ClaimingHost>();
  let time = NOON;
  const times = new Map<string, number>();
  const at = (index: number) => hosts[index] ?? hosts[0];
  for (const [step, pause] of steps) {
    if ("arrive" in step) {
      const id = `m${step.arrive}`;
      if (!times.has(id)) times.set(id, time);
      for (const by of step.at.map(at)) if (by !== undefined) claim(id, by);
    } else if ("cut" in step) at(step.cut)?.line.cut();
    else if ("mend" in step) at(step.mend)?.line.mend();
    else if ("giveUp" in step || "leave" in step) {
      const one = at("giveUp" in step ? step.giveUp : step.leave);
      if (one === undefined || givenUp.has(one)) continue;
      if ("giveUp" in step) givenUp.add(one);
      fleet.setStateNow(one, "giveUp" in step ? "dead" : "leaving");
    } else if ("server" in step) {
      if (step.server === "stop") fleet.kv.stop();
      else fleet.kv.start();
    } else {
      time += step.hours * BUCKET_LENGTH;
      fleet.clock.freeze(step.hours * BUCKET_LENGTH);
    }
    await fleet.clock.advance(pause);
  }
  isBad = false;
  for (const { line } of hosts) line.mend();
  fleet.kv.start();
  // A call waits for its time limit of 2 s and is repeated; this is a hundred times that.
  await fleet.clock.advance(200_000);
  await check();

  function claim(id: string, by: ClaimingHost): void {
    const one: Claimed = { id, by, late: fleet.isDead(by) };
    claimed.push(one);
    const it = effect(id, times.get(id));
    by.ofAccount.claim(it).then(async (won) => {
      one.won = won;
      if (!won) return;
      await new Promise<void>((resolve) => fleet.clock.schedule(resolve, 30));
      by.ofAccount.finish(it);
    });
  }

  async function check(): Promise<void> {
    await Promise.all(hosts.map((one) => fleet.until(one.claims.flush(), 1)));
    const open = new Set(fleet.stored("open").map((key) => `${key[4]} ${key[6]}`));
    for (const [id, claims] of Map.groupBy(claimed, ({ id }) => id)) {
      assert(claims.every(({ won }) => won !== undefined), `${id} was never answered`);
      const winners = claims.filter(({ won }) => won);
      assert(winners.length <= 1, `${id} was won by ${winners.map(({ by }) => by.id)}`);
      assert(!winners.some(({ late }) => late), `${id} was won by a host that was given up`);
      if (winners.length === 1) continue;
      // Nobody carries it out: then each host says so, or one that was given up has left a note.
      const isNoted = hosts.some((one) => open.has(`${one.id} ${effectId(ACCOUNT, id)}`));
      const isSaid = claims.every(({ by }) => by.refused.some((line) => line.startsWith(`${id}:`)));
      assert(isNoted || isSaid, `${id} is lost`);
    }
    const healthy = hosts.filter((one) => !givenUp.has(one)).map(({ id }) => id);
    assertEquals([...open].filter((note) => healthy.includes(note.split(" ")[0] ?? "")), []);
    for (const one of hosts) assert(!one.fenced || givenUp.has(one), `${one.id} is fenced`);
  }
}
