import { assertEquals } from "@std/assert";
import { Orphans } from "../../../../bot/fleet/assignment/orphans.ts";
import type { HolderRecord } from "../../../../bot/fleet/store/fleet_records.ts";
import { VirtualClock } from "../../../../testing/virtual_clock.ts";

/** Accounts that are missed for a second are overdue; hosts whose names begin with "dead" do not live. */
function setUp() {
  const clock = new VirtualClock(0);
  const peers = {
    isLive: (host: string) => !host.startsWith("dead"),
    isSuspect: (host: string) => host.startsWith("suspect"),
  };
  return { clock, orphans: new Orphans({ clock, peers, patience: 1_000 }) };
}

/** Records of the accounts a, b, … */
function holdersOf(...records: readonly Omit<HolderRecord, "fence">[]) {
  return new Map(records.map((record, at) => {
    const id = "abcdefgh"[at] ?? "";
    return [id, { record: { fence: 1, ...record }, version: "1" }] as const;
  }));
}

const nobody = holdersOf();

Deno.test("an account is overdue once nobody has answered for it for a while", async () => {
  const { clock, orphans } = setUp();
  assertEquals([orphans.overdue(["a"], nobody), orphans.areWaiting], [[], true]);
  await clock.advance(999);
  assertEquals(orphans.overdue(["a"], nobody), []);
  await clock.advance(1);
  assertEquals(orphans.overdue(["a", "b"], nobody), ["a"]);
  await clock.advance(2_000);
  assertEquals(orphans.areWaiting, false);
});

Deno.test("an account that was held in the meantime has its full time again", async () => {
  const { clock, orphans } = setUp();
  orphans.overdue(["a"], nobody);
  await clock.advance(900);
  orphans.overdue(["a"], holdersOf({ host: "h1" }));
  assertEquals(orphans.areWaiting, false);
  orphans.overdue(["a"], nobody);
  await clock.advance(999);
  assertEquals(orphans.overdue(["a"], nobody), []);
});

Deno.test("an account that was removed is forgotten, and has its full time when it is added again", async () => {
  const { clock, orphans } = setUp();
  orphans.overdue(["a"], nobody);
  await clock.advance(900);
  orphans.overdue([], nobody);
  assertEquals(orphans.areWaiting, false);
  await clock.advance(100);
  assertEquals(orphans.overdue(["a"], nobody), []);
});

Deno.test("an account is missed if its host is dead, or waits for a dead host and may have died as well", async () => {
  const { clock, orphans } = setUp();
  const holders = holdersOf(
    { host: "h1" },
    { host: "suspect" },
    { host: "dead" },
    { host: null },
    { host: "dead", from: "h1" },
    { host: "h1", from: "dead" },
    { host: "suspect", from: "dead" },
    { host: "dead", from: "dead too" },
  );
  orphans.overdue(holders.keys(), holders);
  await clock.advance(1_000);
  assertEquals(orphans.overdue(holders.keys(), holders), ["c", "d", "g", "h"]);
});
