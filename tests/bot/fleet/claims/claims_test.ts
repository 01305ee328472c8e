/**
 * Claims: who gets an effect, what is done when nobody can say, and what remains stored.
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { HostClaims } from "../../../../bot/fleet/claims/claims.ts";
import { effectId, serverId } from "../../../../bot/fleet/store/fleet_ids.ts";
import { BUCKET_LENGTH, bucketOf } from "../../../../bot/fleet/store/fleet_keys.ts";
import { ACCOUNT, ClaimingHosts, effect, NOON, SERVER } from "../support/claiming_hosts.ts";

const count = (won: readonly boolean[]) => won.filter((one) => one).length;

for (const maxChecks of [10, 100]) {
  Deno.test(`of two hosts one gets each effect, in commits of up to ${maxChecks} checks`, async () => {
    const fleet = new ClaimingHosts({ maxChecks });
    const [a, b] = [await fleet.join("a"), await fleet.join("b")];
    const effects = Array.from({ length: 300 }, (_, n) => effect(`m${n}`));
    const wins = await fleet.until(Promise.all(effects.map(async (one) => {
      return count(await Promise.all([a, b].map(({ ofAccount }) => ofAccount.claim(one))));
    })));
    assertEquals(wins, effects.map(() => 1));
    assertEquals([a.refused, b.refused, a.claims.pending], [[], [], 0]);
  });
}

Deno.test("claims of one turn are made together, and those that come meanwhile with the next commit", async () => {
  const fleet = new ClaimingHosts({ maxChecks: 100 });
  const { ofAccount } = await fleet.join("a");
  await fleet.until(ofAccount.claim(effect("first")));
  const before = fleet.kv.commits;
  const claims = Array.from({ length: 50 }, (_, n) => ofAccount.claim(effect(`m${n}`)));
  await fleet.clock.advance(1);
  claims.push(...Array.from({ length: 30 }, (_, n) => ofAccount.claim(effect(`n${n}`))));
  assertEquals(count(await fleet.until(Promise.all(claims))), 80);
  assertEquals(fleet.kv.commits - before, 2);
});

Deno.test("an effect is carried out once by the same host too, however often it comes", async () => {
  const fleet = new ClaimingHosts();
  const { ofAccount } = await fleet.join("a");
  const same = () => ofAccount.claim(effect("m"));
  assertEquals(await fleet.until(Promise.all([same(), same()])), [true, false]);
  assertEquals(await fleet.until(same()), false);
  ofAccount.finish(effect("m"));
  await fleet.clock.advance(1_000);
  assertEquals(await fleet.until(same()), false);
});

Deno.test("the same effect of two accounts is two effects", async () => {
  const fleet = new ClaimingHosts();
  const { claims } = await fleet.join("a");
  const [one, other] = ["one", "other"].map((id) => claims.of(id, { server: SERVER }));
  assertEquals(
    await fleet.until(Promise.all([one, other].map((own) => own?.claim(effect("tick"))))),
    [true, true],
  );
});

Deno.test("accounts of several servers share commits", async () => {
  const fleet = new ClaimingHosts();
  const { claims } = await fleet.join("a");
  const wanted = Array.from({ length: 24 }, (_, n) => {
    return claims.of(`a${n}`, { server: `https://${n % 12}.example` }).claim(effect(`m${n}`));
  });
  assertEquals(count(await fleet.until(Promise.all(wanted))), 24);
});

Deno.test("what was claimed is open until it has ended, with the id that it had", async () => {
  const fleet = new ClaimingHosts();
  const { ofAccount, store } = await fleet.join("a");
  assert(await fleet.until(ofAccount.claim(effect("message-1"))));
  const open = await fleet.until(store.list(fleet.keys.opened("a")));
  assertEquals(open.map(({ key, value }) => [key, value]), [
    [fleet.keys.open("a", ACCOUNT, effectId(ACCOUNT, "message-1")), { id: "message-1" }],
  ]);
  ofAccount.finish(effect("message-1"));
  await fleet.clock.advance(60);
  assertEquals(fleet.stored("open"), []);
  assertEquals(fleet.stored("claim").length, 1);
});

Deno.test("what has ended is removed with the next claims, without a commit of its own", async () => {
  const fleet = new ClaimingHosts();
  const { ofAccount } = await fleet.join("a");
  await fleet.until(ofAccount.claim(effect("m1")));
  ofAccount.finish(effect("m1"));
  const before = fleet.kv.commits;
  await fleet.until(ofAccount.claim(effect("m2")));
  await fleet.clock.advance(100);
  assertEquals([fleet.kv.commits - before, fleet.stored("open").length], [1, 1]);
});

Deno.test("two flushes at once wait for a claim that is being made", async () => {
  const fleet = new ClaimingHosts();
  const { ofAccount, claims } = await fleet.join("a");
  const claimed = ofAccount.claim(effect("m1"));
  const flushed = Promise.all([claims.flush(), claims.flush()]);
  assertEquals(await fleet.until(claimed), true);
  await fleet.until(flushed);
  assertEquals(claims.pending, 0);
});

Deno.test("after a flush nothing is left to be stored", async () => {
  const fleet = new ClaimingHosts();
  const { ofAccount, claims } = await fleet.join("a");
  const effects = Array.from({ length: 100 }, (_, n) => effect(`m${n}`));
  for (const one of effects) void ofAccount.claim(one).then(() => ofAccount.finish(one));
  await fleet.until(claims.flush(), 45);
  assertEquals([fleet.stored("claim").length, fleet.stored("open")], [100, []]);
  await fleet.until(claims.flush(), 1);
});

Deno.test("a commit whose response is lost is one's own, and so is one that arrives late", async () => {
  const faults = ["response lost", { firstCopyLate: 500 }] as const;
  let asked = 0;
  const fleet = new ClaimingHosts({
    fault: (call) => call === "commit" ? faults[asked++ % 2] : undefined,
  });
  const [a, b] = [await fleet.join("a"), await fleet.join("b")];
  for (let n = 0; n < 20; n++) {
    assertEquals(await fleet.until(a.ofAccount.claim(effect(`m${n}`))), true);
    assertEquals(await fleet.until(b.ofAccount.claim(effect(`m${n}`))), false);
  }
});

Deno.test("while the store does not answer a claim waits, and says so once in the log", async () => {
  const fleet = new ClaimingHosts();
  const host = await fleet.join("a");
  await fleet.until(host.ofAccount.claim(effect("m0")));
  host.line.cut();
  const claims = Promise.all([1, 2].map((n) => host.ofAccount.claim(effect(`m${n}`))));
  await fleet.clock.advance(60_000);
  assertEquals(host.claims.pending, 2);
  assertEquals(host.log.lines.length, 1);
  assertMatch(host.log.lines[0] ?? "", /^warn could not store claims, so messages wait/);
  host.line.mend();
  assertEquals(await fleet.until(claims), [true, true]);
  await fleet.clock.advance(5_000);
  assertEquals(host.log.lines.slice(1), ["info claims are stored again"]);
  assertEquals(fleet.stored("claim").length, 3);
});

Deno.test("a host that was given up claims nothing, and says what it had not claimed", async () => {
  const fleet = new ClaimingHosts();
  const [a, b] = [await fleet.join("a"), await fleet.join("b")];
  await fleet.until(a.ofAccount.claim(effect("m0")));
  await fleet.setState(a, "dead");
  await fleet.until(b.ofAccount.claim(effect("m2")));
  const claims = ["m1", "m2", "m3"].map((id) => a.ofAccount.claim(effect(id)));
  assertEquals(await fleet.until(Promise.all(claims)), [false, false, false]);
  assert(a.fenced);
  assertEquals(a.refused, ["m1: not claimed", "m3: not claimed"], "another host has m2");
  assertEquals(await a.ofAccount.claim(effect("m4")), false);
  a.ofAccount.finish(effect("m0"));
  await fleet.clock.advance(1_000);
  assertEquals(
    fleet.stored("open").map((key) => key[4]),
    ["a", "b"],
    "others report what it had open",
  );
  await fleet.until(a.claims.flush());
});

Deno.test("a host that was given up does not get what nobody else wants", async () => {
  const fleet = new ClaimingHosts();
  const a = await fleet.join("a");
  await fleet.until(a.ofAccount.claim(effect("m0")));
  await fleet.setState(a, "dead");
  assertEquals(await fleet.until(a.ofAccount.claim(effect("m1"))), false);
  assertEquals(a.refused, ["m1: not claimed"]);
});

Deno.test("a host whose records are gone was given up", async () => {
  const fleet = new ClaimingHosts();
  const a = await fleet.join("a");
  const left = a.store.commit({ checks: [], sets: [], deletes: [fleet.keys.host("a")] });
  await fleet.until(left);
  assertEquals(await fleet.until(a.ofAccount.claim(effect("m1"))), false);
  assert(a.fenced);
});

Deno.test("a claim that landed before its host was given up, unknown to it, is not carried out", async () => {
  const fleet = new ClaimingHosts();
  const a = await fleet.join("a");
  await fleet.until(a.ofAccount.claim(effect("m0")));
  const claim = a.ofAccount.claim(effect("m1"));
  await fleet.clock.advance(1);
  a.line.cut();
  await fleet.setState(a, "dead");
  await fleet.clock.advance(10_000);
  a.line.mend();
  assertEquals(await fleet.until(claim), false);
  assertEquals(a.refused, ["m1: unknown"]);
  assertEquals(fleet.stored("open").length, 2);
});

Deno.test("a host that leaves claims until it has left", async () => {
  const fleet = new ClaimingHosts();
  const a = await fleet.join("a");
  await fleet.until(a.ofAccount.claim(effect("m0")));
  await fleet.setState(a, "leaving");
  assertEquals(await fleet.until(a.ofAccount.claim(effect("m1"))), true);
});

Deno.test("when a host ends, what it could not find out is unknown", async () => {
  const fleet = new ClaimingHosts();
  const a = await fleet.join("a");
  await fleet.until(a.ofAccount.claim(effect("m0")));
  a.line.cut();
  const claims = Promise.all(
    Array.from({ length: 40 }, (_, n) => a.ofAccount.claim(effect(`m${n + 1}`))),
  );
  await fleet.clock.advance(3_000);
  a.claims.close();
  assertEquals(count(await fleet.until(claims)), 0);
  const refused = Map.groupBy(a.refused, (line) => line.replace(/.*: /, ""));
  assertEquals(refused.get("unknown")?.length, 32, "four commits were under way");
  assertEquals(refused.get("not claimed")?.length, 8);
});

Deno.test("what is so old that its claims are deleted is refused, and the reason said", async () => {
  const fleet = new ClaimingHosts();
  const a = await fleet.join("a");
  await fleet.write(fleet.keys.horizon(serverId(SERVER)), { bucket: bucketOf(NOON) });
  const claims = [
    a.ofAccount.claim(effect("old", NOON - 1)),
    a.ofAccount.claim(effect("new", NOON)),
  ];
  assertEquals(await fleet.until(Promise.all(claims)), [false, true]);
  assertEquals(a.refused, ["old: too old"]);
});

Deno.test("a horizon that another host moves is noticed by the next claim", async () => {
  const fleet = new ClaimingHosts();
  const a = await fleet.join("a");
  assert(await fleet.until(a.ofAccount.claim(effect("m0", NOON))));
  await fleet.write(fleet.keys.horizon(serverId(SERVER)), { bucket: bucketOf(NOON) + 1 });
  assertEquals(await fleet.until(a.ofAccount.claim(effect("m1", NOON))), false);
  assertEquals(await fleet.until(a.ofAccount.claim(effect("m2", NOON + BUCKET_LENGTH))), true);
});

Deno.test("claims that are old by the server's clock are deleted", async () => {
  const fleet = new ClaimingHosts();
  const { ofAccount } = await fleet.join("a");
  for (let n = 0; n < 72; n++) {
    await fleet.until(ofAccount.claim(effect(`${n}`, NOON + n * 600_000)));
    await fleet.clock.advance(600_000);
  }
  const buckets = new Set(fleet.stored("claim").map((key) => Number(key[5]) - bucketOf(NOON)));
  assertEquals([...buckets], [9, 10, 11]);
});

Deno.test("a host's clock that is ahead by days makes no message too old", async () => {
  const fleet = new ClaimingHosts();
  const { ofAccount } = await fleet.join("a");
  for (let n = 0; n < 10; n++) {
    const tick = effect(`tick ${n}`, NOON + 9 * 24 * BUCKET_LENGTH, "host");
    assert(await fleet.until(ofAccount.claim(tick)));
    await fleet.clock.advance(600_000);
  }
  assert(await fleet.until(ofAccount.claim(effect("m1"))));
});

Deno.test("a server's clock that is ahead for some minutes makes no message too old", async () => {
  const fleet = new ClaimingHosts();
  const { ofAccount } = await fleet.join("a");
  for (let n = 0; n < 30; n++) {
    const time = NOON + n * 60_000;
    const wrong = n >= 10 && n < 15 ? 24 * BUCKET_LENGTH : 0;
    assert(await fleet.until(ofAccount.claim(effect(`m${n}`, time + wrong))), `minute ${n}`);
    await fleet.clock.advance(60_000);
  }
});

Deno.test("a claim has a key in its own bucket, and says whose it is", async () => {
  const fleet = new ClaimingHosts();
  const { ofAccount, store } = await fleet.join("a");
  await fleet.until(ofAccount.claim(effect("m1")));
  const key = fleet.keys.claim(serverId(SERVER), bucketOf(NOON), effectId(ACCOUNT, "m1"));
  const [claim] = await fleet.until(store.get([key]));
  assertEquals(claim?.value, { h: "a", n: 1 });
});

Deno.test("a host that has claimed nothing has asked the store nothing", async () => {
  const fleet = new ClaimingHosts();
  const { claims, line } = await fleet.join("a");
  line.cut();
  assert(claims instanceof HostClaims);
  await fleet.until(claims.flush(), 0);
});
