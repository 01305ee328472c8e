import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type AccountToHold,
  assign,
  type HostToFill,
} from "../../../../bot/fleet/assignment/assignment.ts";

const RUNS = { numRuns: Number(Deno.env.get("TEST_RUNS") ?? 300) };

const hosts = fc.uniqueArray(fc.constantFrom("h0", "h1", "h2", "h3", "h4"), { minLength: 1 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((host) =>
        fc.record({ capacity: fc.nat(20) }).map(({ capacity }): HostToFill => ({
          host,
          capacity,
          unreachable: new Set(),
        }))
      ),
    )
  );
const accounts = fc.array(
  fc.record({ holder: fc.constantFrom(undefined, "h0", "h1", "h2", "h3", "h4", "gone") }),
  { maxLength: 60 },
).map((all) =>
  all.map(({ holder }, index): AccountToHold => ({ account: `a${index}`, server: "s", holder }))
);

Deno.test("accounts are shared out within one of each other, as far as capacities allow", () => {
  fc.assert(
    fc.property(hosts, accounts, (hosts, accounts) => {
      const counts = countsOf(assign(accounts, hosts, Infinity));
      const space = hosts.reduce((sum, { capacity }) => sum + capacity, 0);
      assertEquals(sum(counts), Math.min(space, accounts.length));
      const most = Math.max(0, ...counts.values());
      for (const { host, capacity } of hosts) {
        const count = counts.get(host) ?? 0;
        assert(count <= capacity);
        assert(count === capacity || count >= most - 1, `${host} has ${count} of ${most}`);
      }
    }),
    RUNS,
  );
});

Deno.test("no fewer moves would do", () => {
  fc.assert(
    fc.property(hosts, accounts, (hosts, accounts) => {
      const assigned = assign(accounts, hosts, Infinity);
      const kept = accounts.filter(({ account, holder }) => assigned.get(account) === holder);
      const counts = countsOf(assigned);
      // With the counts of an optimal assignment, each host keeps as many as it can.
      let most = 0;
      for (const { host } of hosts) {
        const held = accounts.filter(({ holder }) => holder === host).length;
        most += Math.min(held, counts.get(host) ?? 0);
      }
      assertEquals(kept.filter(({ holder }) => holder !== undefined).length, most);
      // And those with the most accounts have the larger shares.
      for (const one of hosts) {
        for (const other of hosts) {
          const [few, many] = [counts.get(one.host) ?? 0, counts.get(other.host) ?? 0];
          if (few !== many - 1 || few >= one.capacity) continue;
          const held = (id: string) => accounts.filter(({ holder }) => holder === id).length;
          assert(held(one.host) <= few || held(other.host) >= many);
        }
      }
    }),
    RUNS,
  );
});

Deno.test("every host comes to the same assignment, which is stable", () => {
  fc.assert(
    fc.property(hosts, accounts, fc.infiniteStream(fc.nat()), (hosts, accounts, random) => {
      const assigned = assign(accounts, hosts, Infinity);
      const shuffle = <T>(items: readonly T[]) =>
        items.map((item) => ({ item, by: random.next().value })).toSorted((a, b) => a.by - b.by)
          .map(({ item }) => item);
      assertEquals(assign(shuffle(accounts), shuffle(hosts), Infinity), assigned);
      const settled = accounts.map((account) => ({
        ...account,
        holder: assigned.get(account.account),
      }));
      assertEquals(assign(settled, hosts, Infinity), assigned);
    }),
    RUNS,
  );
});

Deno.test("a server gets no more connections than it takes, and those that have one keep it", () => {
  const accounts = Array.from({ length: 10 }, (_, index) => ({
    account: `a${index}`,
    server: "s",
    holder: index >= 6 ? "h0" : undefined,
  }));
  const hosts = [{ host: "h0", capacity: 100, unreachable: new Set<string>() }];
  assertEquals([...assign(accounts, hosts, 5).keys()].sort(), ["a0", "a6", "a7", "a8", "a9"]);
});

Deno.test("accounts leave a host that cannot reach their server, unless no host can", () => {
  const account = { account: "a", server: "s", holder: "h0" };
  const other = { account: "b", server: "t", holder: "h0" };
  const reaching = { host: "h1", capacity: 10, unreachable: new Set<string>() };
  const cut = { host: "h0", capacity: 10, unreachable: new Set(["s"]) };
  assertEquals(assign([account, other], [cut, reaching], 10).get("a"), "h1");
  assertEquals(assign([other, account], [cut, reaching], 10).get("b"), "h0");
  const allCut = { ...reaching, unreachable: new Set(["s"]) };
  assertEquals(assign([account], [cut, allCut], 10).get("a"), "h0");
});

function countsOf(assigned: ReadonlyMap<string, string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const host of assigned.values()) counts.set(host, (counts.get(host) ?? 0) + 1);
  return counts;
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}
