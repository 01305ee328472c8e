import { defineBot } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { RecentIds } from "../../../bot/run/recent_ids.ts";

Deno.test("a duplicate message is handled once", async () => {
  const bot = defineBot({ name: "helper", commands: { "say <text...>": ({ args }) => args.text } });
  await using room = await testBot(bot);
  room.hold();
  await room.device("laptop").say("!say once");
  await room.device("laptop").say("!say again");
  const twice = <T>(held: readonly T[]) => [...held, ...held];
  assertEquals(await room.release(twice), ["once", "again"]);
});

Deno.test("the latest ids are remembered, up to the limit", () => {
  const ids = new RecentIds(3);
  for (const id of ["a", "b", "c"]) assert(ids.add(id));
  assert(!ids.add("a"));
  assert(ids.add("d"), "evicts a");
  assertEquals(["b", "c", "d", "a"].map((id) => ids.add(id)), [false, false, false, true]);
});

Deno.test("the set matches a list of the latest ids, however similar the ids are", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.array(fc.constantFrom("", "a", "b", "1-same end", "2-same end", "3-same end", "\0", "é")),
      (limit, sequence) => {
        const ids = new RecentIds(limit);
        const latest: string[] = [];
        for (const id of sequence) {
          const isNew = !latest.includes(id);
          if (isNew && latest.push(id) > limit) latest.shift();
          assertEquals(ids.add(id), isNew);
        }
      },
    ),
    { seed: 5, numRuns: 2_000 },
  );
});

Deno.test("the set grows with what it holds, and forgets nothing when it does", () => {
  for (const limit of [10, 100, 1_000]) {
    const ids = new RecentIds(limit);
    const all = Array.from({ length: 3 * limit }, (_, n) => `message ${n * 7_919}`);
    for (const [n, id] of all.entries()) {
      assert(ids.add(id));
      const oldest = all[Math.max(0, n + 1 - limit)] ?? "";
      assert(!ids.add(oldest), `${oldest} is forgotten after ${n} of ${limit}`);
    }
  }
});
