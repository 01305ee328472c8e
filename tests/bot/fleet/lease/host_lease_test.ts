import { assert, assertEquals } from "@std/assert";
import { FleetKeys } from "../../../../bot/fleet/store/fleet_keys.ts";
import type { FleetStore } from "../../../../bot/fleet/store/fleet_store.ts";
import { HostLease } from "../../../../bot/fleet/lease/host_lease.ts";
import { VirtualClock } from "../../../../testing/virtual_clock.ts";
import { MemoryFleetStore } from "../support/memory_fleet_store.ts";
import { withTimeLimit } from "../support/time_limit.ts";

const keys = new FleetKeys("test");
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const never = new AbortController().signal;

function setUp(wrap: (store: FleetStore) => FleetStore = (store) => store) {
  const clock = new VirtualClock(0);
  const database = new MemoryFleetStore();
  const state = { reachable: true, fenced: 0, restored: 0 };
  const lease = new HostLease({
    clock,
    store: withTimeLimit(wrap(database.view(() => state.reachable)), 2_000, clock),
    keys,
    logger: silent,
    id: "h1",
    capacity: 5,
    length: 6_000,
    name: "tower",
    report: () => ({}),
    onFenced: () => state.fenced++,
    onRestored: () => state.restored++,
  });
  return { clock, lease, state, store: database.view(() => true) };
}

Deno.test("a lease that is renewed stays valid", async () => {
  const { clock, lease } = setUp();
  void lease.join(never);
  await clock.settled();
  for (let second = 0; second < 60; second++) {
    assert(lease.valid);
    await clock.advance(1_000);
  }
});

Deno.test("a lease without an answer runs out before others may take over, and comes back", async () => {
  const { clock, lease, state } = setUp();
  void lease.join(never);
  await clock.settled();
  state.reachable = false;
  await clock.advance(5_600);
  assert(lease.valid);
  await clock.advance(100);
  assert(!lease.valid);
  state.reachable = true;
  const before = state.restored;
  await clock.advance(2_500);
  assert(lease.valid);
  assertEquals([state.fenced, state.restored], [0, before + 1]);
});

Deno.test("it is counted from the sending of a renewal, however late the answer comes", async () => {
  let delay = 0;
  const { clock, lease } = setUp((store) => ({
    ...store,
    async commit(commit) {
      const outcome = await store.commit(commit);
      if (delay > 0) await new Promise<void>((resolve) => clock.schedule(resolve, delay));
      return outcome;
    },
  }));
  void lease.join(never);
  await clock.settled();
  delay = 1_900;
  // Sent at 1,000, answered at 2,900; the next are given up after 2,000.
  await clock.advance(2_800);
  delay = 10_000;
  await clock.advance(1_000 + 5_700 - 2_800 - 1);
  assert(lease.valid);
  await clock.advance(1);
  assert(!lease.valid);
});

Deno.test("a host that others have declared dead is fenced for good", async () => {
  const { clock, lease, state, store } = setUp();
  void lease.join(never);
  await clock.settled();
  const [host] = await store.get([keys.host("h1")]);
  assert(host !== undefined);
  const dead = { ...host.value, state: "dead" };
  await store.commit({ checks: [], sets: [{ key: keys.host("h1"), value: dead }] });
  await clock.advance(1_500);
  assertEquals([lease.valid, lease.fenced, state.fenced], [false, true, 1]);
  await clock.advance(60_000);
  assertEquals([lease.valid, state.fenced], [false, 1]);
});

Deno.test("a host that leaves renews its lease until its end, and leaves no records", async () => {
  const { clock, lease, store } = setUp();
  void lease.join(never);
  await clock.settled();
  void lease.leave();
  await clock.advance(20_000);
  assert(lease.valid);
  assertEquals((await store.get([keys.host("h1")]))[0]?.value.state, "leaving");
  void lease.end();
  await clock.settled();
  assert(!lease.valid);
  assertEquals(await store.get([keys.host("h1"), keys.beat("h1")]), [undefined, undefined]);
});

Deno.test("a join whose answer is lost is not made twice", async () => {
  let lost = false;
  const { clock, lease, store } = setUp((inner) => ({
    ...inner,
    async commit(commit) {
      const outcome = await inner.commit(commit);
      if (!lost) {
        lost = true;
        await new Promise(() => {});
      }
      return outcome;
    },
  }));
  void lease.join(never);
  await clock.advance(3_000);
  assert(lease.valid);
  assertEquals((await store.list(keys.hosts)).length, 1);
});
