import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { SlidingWindow } from "../../../bot/context/sliding_window.ts";

Deno.test("no window exceeds the limit, and no event is refused too early", () => {
  const steps = fc.array(fc.nat(400), { maxLength: 60 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), steps, (limit, gaps) => {
      const window = new SlidingWindow(limit, 1_000);
      const taken: number[] = [];
      let now = 0;
      for (const gap of gaps) {
        now += gap;
        const recent = taken.filter((time) => now - time < 1_000);
        const admission = window.admit("key", now);
        assertEquals(admission.admitted, recent.length < limit);
        if (admission.admitted) taken.push(now);
        else assertEquals(admission.wait, (recent[0] ?? NaN) + 1_000 - now);
      }
    }),
    { seed: 8, numRuns: 10_000 },
  );
});

Deno.test("a flood of made-up keys does not reset the key of a busy device", () => {
  const window = new SlidingWindow(1, 4_000);
  assert(window.admit("laptop", 0).admitted);
  for (let now = 1; now < 3_998; now++) window.admit(`name ${now}`, now);
  assertEquals(window.admit("laptop", 3_998), { admitted: false, wait: 2, first: true });
  assertEquals(window.admit("laptop", 3_999), { admitted: false, wait: 1, first: false });
  for (let now = 4_000; now < 20_000; now++) window.admit(`name ${now}`, now);
  assert(!window.admit("name 19999", 20_000).admitted);
  assert(window.admit("laptop", 20_000).admitted);
});

Deno.test("a flood of made-up keys takes linear time", () => {
  // Quadratic time would be minutes.
  const window = new SlidingWindow(1, 4_000);
  for (let n = 0; n < 300_000; n++) assert(window.admit(`name ${n}`, 0).admitted);
});
