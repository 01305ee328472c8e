import { assert, assertEquals } from "@std/assert";
import { defineBot } from "@roomz/roomz/bot";
import { FleetWorld } from "../support/fleet_world.ts";
import { StatusReader } from "../../../../bot/fleet/report/status_reader.ts";

const bot = defineBot({ name: "helper", commands: { "ping": "pong" } });

function watch(world: FleetWorld) {
  const reader = new StatusReader(world.store, world.keys, world.clock);
  return {
    read: () => reader.read(),
    async accounts() {
      return (await reader.read()).accounts.map(({ id, state, host }) =>
        [id, state, host?.split(".")[0] ?? "nobody"].join(" ")
      );
    },
    async host(index: number) {
      const host = (await reader.read()).hosts[index];
      assert(host !== undefined);
      return host;
    },
  };
}

Deno.test("accounts without a host are unheld, then held, and unheld again when the others have given their host up", async () => {
  const world = new FleetWorld(bot);
  await world.add("a", "b");
  const status = watch(world);
  assertEquals(await status.accounts(), ["a unheld nobody", "b unheld nobody"]);
  const first = world.start();
  await world.clock.advance(2_000);
  assertEquals(await status.accounts(), ["a held h0", "b held h0"]);
  assertEquals((await status.host(0)).holds, 2);
  first.kill();
  await world.clock.advance(3_000);
  assertEquals(await status.accounts(), ["a held h0", "b held h0"]);
  const second = world.start({ capacity: 1 });
  await world.clock.advance(9_000);
  const states = (await status.accounts()).map((account) => account.slice(2));
  assertEquals(states.toSorted(), ["held h1", "unheld nobody"]);
  second.kill();
});

Deno.test("whether a host renews its lease is unknown at first, then true, and false a lease after it has died", async () => {
  const world = new FleetWorld(bot);
  const host = world.start();
  await world.clock.advance(10_000);
  const status = watch(world);
  assertEquals((await status.host(0)).renews, null);
  await world.clock.advance(2_000);
  const { renews, renewedFor, lease, state } = await status.host(0);
  assertEquals([renews, renewedFor, state], [true, 0, "alive"]);
  host.kill();
  await world.clock.advance(lease - 1);
  assertEquals((await status.host(0)).renews, true);
  await world.clock.advance(1);
  assertEquals((await status.host(0)).renews, false);
  assertEquals((await status.host(0)).renewedFor, lease);
});

Deno.test("a host that had died before the first reading is recognised after a lease", async () => {
  const world = new FleetWorld(bot);
  world.start().kill();
  const lonely = world.start();
  await world.clock.advance(1_000);
  lonely.kill();
  const status = watch(world);
  await status.read();
  await world.clock.advance(5_999);
  for (const { renews } of (await status.read()).hosts) assertEquals(renews, null);
  await world.clock.advance(1);
  for (const { renews } of (await status.read()).hosts) assertEquals(renews, false);
});

Deno.test("accounts whose host has died are unheld after a lease, also if there is no other to notice", async () => {
  const world = new FleetWorld(bot);
  await world.add("a");
  const host = world.start();
  await world.clock.advance(2_000);
  const status = watch(world);
  assertEquals(await status.accounts(), ["a held h0"]);
  host.kill();
  await world.clock.advance(6_000);
  assertEquals(await status.accounts(), ["a unheld nobody"]);
});

Deno.test("a host reports its accounts and counts with its lease", async () => {
  const world = new FleetWorld(bot);
  await world.add("a");
  world.start();
  await world.clock.advance(1_000);
  world.device("a").say("!ping");
  await world.clock.advance(2_000);
  const { accounts, counts, waiting, unreachable } = await watch(world).host(0);
  assertEquals([accounts.answering, accounts.connecting], [1, 0]);
  assertEquals([counts.claimed, counts.unknown, waiting], [1, 0, 0]);
  assertEquals(unreachable, []);
});

Deno.test("an account that is set aside is neither held nor unheld", async () => {
  const world = new FleetWorld(bot);
  await world.add("a");
  const setAside = { reason: "It has expired.", since: 0 };
  const [entry] = await world.store.get([world.keys.account("a")]);
  await world.store.commit({
    checks: [],
    sets: [{ key: world.keys.account("a"), value: { ...entry?.value, setAside } }],
  });
  const { accounts } = await watch(world).read();
  assertEquals(accounts.map(({ state, setAside }) => [state, setAside?.reason]), [[
    "set aside",
    "It has expired.",
  ]]);
});

Deno.test("what a host of another version reports is read as far as it can be", async () => {
  const world = new FleetWorld(bot);
  await world.store.commit({
    checks: [],
    sets: [
      {
        key: world.keys.host("x"),
        value: { state: "alive", capacity: 1, name: "x", lease: 6_000 },
      },
      {
        key: world.keys.beat("x"),
        value: {
          beat: 1,
          report: {
            accounts: [],
            counts: { claimed: "many", lost: "3", unknown: -1, gaps: 2 },
            waiting: -1,
          },
        },
      },
    ],
  });
  const { counts, accounts, waiting } = await watch(world).host(0);
  assertEquals([counts.claimed, counts.lost, counts.unknown, counts.gaps], [0, 0, 0, 2]);
  assertEquals([accounts.answering, waiting], [0, 0]);
});
