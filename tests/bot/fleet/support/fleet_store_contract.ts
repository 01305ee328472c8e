/**
 * The contract of a fleet's store, as tests. The model of a KV server passes the same as the real one.
 * @module
 */
import { StorageError } from "@roomz/roomz/bot";
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { FleetStore } from "../../../../bot/fleet/store/fleet_store.ts";

/** An empty store to test. */
export interface TestedStore extends AsyncDisposable {
  readonly store: FleetStore;
  /** The response of the next commit is lost; absent where none can be lost. */
  readonly loseNextResponse?: () => void;
  /** Writes a value as another program would, below the store's prefix. */
  readonly writeForeign: (key: readonly string[]) => Promise<void>;
}

/** Declares the tests that every store must pass; `open` creates an empty one. */
export function testFleetStoreContract(name: string, open: () => Promise<TestedStore>): void {
  const test = (title: string, run: (tested: TestedStore) => Promise<void>) =>
    Deno.test(`${name}: ${title}`, async () => {
      await using tested = await open();
      await run(tested);
    });
  const numbered = (count: number, prefix = "n") =>
    Array.from({ length: count }, (_, n) => [prefix, String(n).padStart(4, "0")]);

  test("records are read in the order of the keys that were asked for", async ({ store }) => {
    const keys = numbered(25);
    const sets = keys.map((key, n) => ({ key, value: { n } }));
    assertEquals(await store.commit({ checks: [], sets }), "done");
    const asked = [...keys.toReversed(), ["n", "none"]];
    const entries = await store.get(asked);
    assertEquals(entries.map((entry) => entry?.value.n), [
      ...Array.from({ length: 25 }, (_, n) => 24 - n),
      undefined,
    ]);
    assertEquals(entries.map((entry) => entry?.key), [...asked.slice(0, 25), undefined]);
    assertEquals(await store.get([]), []);
  });

  test("a commit is made as a whole, or not at all if a check fails", async ({ store }) => {
    const [a, b, c] = [["x", "a"], ["x", "b"], ["x", "c"]];
    const absent = { key: a, version: null };
    const values = [{ key: a, value: { text: "one – ☃" } }, { key: b, value: { list: [1, null] } }];
    assertEquals(await store.commit({ checks: [absent], sets: values }), "done");
    assertEquals(
      await store.commit({ checks: [absent], sets: [{ key: c, value: {} }], deletes: [b] }),
      "conflict",
    );
    const [first, second, third] = await store.get([a, b, c]);
    assertEquals([first?.value, second?.value, third], [
      values[0]?.value,
      values[1]?.value,
      undefined,
    ]);
    const checks = [{ key: a, version: first?.version ?? "" }, { key: c, version: null }];
    const change = { checks, sets: [{ key: a, value: { n: 2 } }], deletes: [b] };
    assertEquals(await store.commit(change), "done");
    const [changed, deleted] = await store.get([a, b]);
    assertEquals([changed?.value, deleted], [{ n: 2 }, undefined]);
    assert(changed?.version !== first?.version);
    assertEquals(await store.commit(change), "conflict", "the version is outdated");
    assertEquals(await store.commit({ checks: [{ key: b, version: null }], sets: [] }), "done");
  });

  test("a list has what is below a prefix, in order, however much it is", async ({ store }) => {
    const keys = numbered(1_203);
    for (let at = 0; at < keys.length; at += 401) {
      const sets = keys.slice(at, at + 401).map((key) => ({ key, value: { id: key[1] } }));
      await store.commit({ checks: [], sets: sets.toReversed() });
    }
    const neighbours = [["m"], ["n"], ["n0"], ["n", "0001", "deep"], ["o", "0"]];
    await store.commit({ checks: [], sets: neighbours.map((key) => ({ key, value: {} })) });
    const below = [...keys.slice(0, 2), ["n", "0001", "deep"], ...keys.slice(2)];
    const listed = await store.list(["n"]);
    assertEquals(listed.map(({ key }) => key), below);
    assertEquals(listed[1]?.value, { id: "0001" });
    assertEquals((await store.list(["n"], 3)).map(({ key }) => key), below.slice(0, 3));
    assertEquals((await store.list(["n"], 700)).length, 700);
    assertEquals((await store.list(["none"])).length, 0);
  });

  test("as many checks as it says are accepted, and no more", async ({ store }) => {
    const set = { key: ["x"], value: {} };
    const absent = (count: number) => numbered(count).map((key) => ({ key, version: null }));
    assertEquals(await store.commit({ checks: absent(store.maxChecks), sets: [set] }), "done");
    const checks = absent(store.maxChecks + 1);
    await assertRejects(() => store.commit({ checks, sets: [set] }), Error, "Too many checks");
  });

  test("a large commit is made whole, and one that is too large not at all", async ({ store }) => {
    const keys = numbered(500);
    const text = "x".repeat(1_500);
    const sets = keys.map((key) => ({ key, value: { text } }));
    assertEquals(await store.commit({ checks: [], sets }), "done");
    assertEquals((await store.list(["n"])).length, 500);
    assertEquals(await store.commit({ checks: [], sets: [], deletes: keys }), "done");
    assertEquals(await store.list(["n"]), []);
    const huge = [...sets, ...sets].map(({ value }, n) => ({ key: ["h", `${n}`], value }));
    await assertRejects(
      () => store.commit({ checks: [], sets: huge }),
      Error,
      "Total mutation size",
    );
    const value = { text: "x".repeat(65_536) };
    await assertRejects(
      () => store.commit({ checks: [], sets: [...sets, { key: ["h", "one"], value }] }),
      StorageError,
      "exceeds the limit of 65536",
    );
    assertEquals([...await store.list(["n"]), ...await store.list(["h"])], []);
  });

  test("of commits at the same time that check the same key, one is made", async ({ store }) => {
    const key = ["x"];
    const outcomes = await Promise.all(
      Array.from(
        { length: 40 },
        (_, n) => store.commit({ checks: [{ key, version: null }], sets: [{ key, value: { n } }] }),
      ),
    );
    assertEquals(outcomes.filter((outcome) => outcome === "done").length, 1);
    const [entry] = await store.get([key]);
    assertEquals(entry?.value.n, outcomes.indexOf("done"));
  });

  test("a record that no fleet wrote is an error that names it", async ({ store, writeForeign }) => {
    await writeForeign(["foreign", "x"]);
    await assertRejects(() => store.get([["foreign", "x"]]), StorageError, "foreign/x was not");
    await assertRejects(() => store.list(["foreign"]), StorageError, "foreign/x was not");
  });

  test("a commit whose response is lost is done, and one of others is not one's own", async (tested) => {
    const { store, loseNextResponse } = tested;
    if (loseNextResponse === undefined) return;
    const key = ["x"];
    let version: string | null = null;
    for (let n = 0; n < 5; n++) {
      const commit = { checks: [{ key, version }], sets: [{ key, value: { n } }] };
      loseNextResponse();
      assertEquals(await store.commit(commit), "done", `commit ${n}`);
      loseNextResponse();
      assertEquals(await store.commit(commit), "conflict", `the same as commit ${n}, once more`);
      const [entry] = await store.get([key]);
      assertEquals(entry?.value, { n });
      version = entry?.version ?? null;
    }
  });
}
