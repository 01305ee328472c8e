import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { SlidingWindow } from "../../../bot/context/sliding_window.ts";

Deno.test("no stretch of the window's length holds more than the limit, and none is refused early", () => {
  const steps = fc.array(fc.nat(400), { maxLength: 60 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), steps, (limit, gaps) => {
      const window = new SlidingWindow(limit, 1_000);
      const taken: number[] = [];
      let now = 0;
      for (const gap of gaps) {
        now += gap;
        const recent = taken.filter((time) => now - time < 1_000);
        const taking = window.take("key", now);
        assertEquals(taking.taken, recent.length < limit);
        if (taking.taken) taken.push(now);
        else assertEquals(taking.wait, (recent[0] ?? NaN) + 1_000 - now);
      }
    }),
    { seed: 8, numRuns: 10_000 },
  );
});

Deno.test("keys that are made up do not make it forget one that is refused", () => {
  const window = new SlidingWindow(1, 4_000);
  assert(window.take("laptop", 0).taken);
  for (let now = 1; now < 3_998; now++) window.take(`name ${now}`, now);
  assertEquals(window.take("laptop", 3_998), { taken: false, wait: 2, first: true });
  assertEquals(window.take("laptop", 3_999), { taken: false, wait: 1, first: false });
  for (let now = 4_000; now < 20_000; now++) window.take(`name ${now}`, now);
  assert(!window.take("name 19999", 20_000).taken);
  assert(window.take("laptop", 20_000).taken);
});

Deno.test("a flood of made-up keys takes time in proportion to their number", () => {
  // By the square it would be minutes.
  const window = new SlidingWindow(1, 4_000);
  for (let n = 0; n < 300_000; n++) assert(window.take(`name ${n}`, 0).taken);
});
