import { assertEquals } from "@std/assert";
import { LeftEffects } from "../../../../bot/fleet/host/left_effects.ts";
import { FleetKeys } from "../../../../bot/fleet/store/fleet_keys.ts";
import type { HolderRecord } from "../../../../bot/fleet/store/fleet_records.ts";
import type { FleetStore } from "../../../../bot/fleet/store/fleet_store.ts";
import { VirtualClock } from "../../../../testing/virtual_clock.ts";
import { MemoryFleetStore } from "../support/memory_fleet_store.ts";

const keys = new FleetKeys("test");
const ada = accountOf("ada");
const bob = accountOf("bob");
const accounts = new Map([["a", { record: ada, version: "1" }]]);

function accountOf(name: string) {
  return { server: "http://roomz.test", user: `user:${name}`, email: `${name}@example.com` };
}

/** A host that is dead, and had two messages of the account "a" open and one of "b". */
async function setUp(wrap: (store: FleetStore) => FleetStore = (store) => store) {
  const clock = new VirtualClock(0);
  const database = new MemoryFleetStore();
  const store = database.view(() => true);
  await store.commit({
    checks: [],
    sets: [
      { key: keys.host("dead"), value: { state: "dead" } },
      { key: keys.beat("dead"), value: { beat: 7 } },
      { key: keys.open("dead", "a", "1"), value: { id: "m1" } },
      { key: keys.open("dead", "a", "2"), value: { id: "m2" } },
      { key: keys.open("dead", "b", "3"), value: { id: "m3" } },
      { key: keys.open("other", "a", "4"), value: { id: "m4" } },
    ],
  });
  const reported: string[] = [];
  const left = new LeftEffects({
    clock,
    store: wrap(store),
    keys,
    patience: 12_000,
    onUnknown: ({ account, id }) => void reported.push(`${id} of ${account.email}`),
  });
  const [host] = await store.get([keys.host("dead")]);
  const peers = { keeps: true, dead: [{ host: "dead", version: host?.version ?? "" }] };
  const cleanUp = (holders: readonly HolderRecord[] = [], by: typeof peers = peers) =>
    left.cleanUp(
      by,
      accounts,
      new Map(holders.map((record, at) => [`${at}`, { record, version: "1" }])),
    );
  const stored = () => database.entries.map(({ key }) => key.slice(-3).join("/"));
  return { clock, left, reported, peers, cleanUp, stored };
}

Deno.test("what a dead host left of an account is reported and removed, and nothing else", async () => {
  const { left, reported, stored } = await setUp();
  assertEquals(await left.report("dead", "a", ada), 2);
  assertEquals(reported, ["m1 of ada@example.com", "m2 of ada@example.com"]);
  assertEquals(stored().filter((key) => /[ab]\//.test(key)), ["dead/b/3", "other/a/4"]);
  assertEquals([await left.report("dead", "b", bob), reported.at(-1)], [
    1,
    "m3 of bob@example.com",
  ]);
});

Deno.test("what could not be read is read again for the next account", async () => {
  let fails = true;
  const { left, reported } = await setUp((store) => ({
    ...store,
    list: (prefix) => fails ? Promise.reject(new Error("down")) : store.list(prefix),
  }));
  assertEquals(await left.report("dead", "a", ada).catch(() => "failed"), "failed");
  fails = false;
  assertEquals([await left.report("dead", "b", bob), reported], [1, ["m3 of bob@example.com"]]);
});

Deno.test("the records of a dead host go once nobody has named it for a while, after what is left was reported", async () => {
  const { clock, reported, cleanUp, stored } = await setUp();
  const named: HolderRecord = { host: "h1", from: "dead", fence: 2 };
  await cleanUp([named]);
  await clock.advance(12_000);
  await cleanUp([named]);
  await cleanUp();
  await clock.advance(11_999);
  await cleanUp();
  assertEquals([reported, stored().length], [[], 6]);
  await clock.advance(1);
  await cleanUp();
  // The account "b" was removed: nobody waits for an answer.
  assertEquals(reported, ["m1 of ada@example.com", "m2 of ada@example.com"]);
  assertEquals(stored().map((key) => key.replace(/.*test\//, "")), ["other/a/4", "revision"]);
});

Deno.test("a dead host that is named again in the meantime keeps its records for the whole time", async () => {
  const { clock, cleanUp, stored } = await setUp();
  await cleanUp();
  await clock.advance(6_000);
  await cleanUp([{ host: "dead", fence: 1 }]);
  await cleanUp();
  await clock.advance(11_999);
  await cleanUp();
  assertEquals(stored().length, 6);
});

Deno.test("one host removes the records of dead ones", async () => {
  const { clock, peers, cleanUp, stored } = await setUp();
  const other = { ...peers, keeps: false };
  await cleanUp([], other);
  await clock.advance(12_000);
  await cleanUp([], other);
  assertEquals(stored().length, 6);
});
