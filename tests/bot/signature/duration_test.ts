import { formatDuration } from "@roomz/roomz/bot";
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { valueTypes } from "../../../bot/signature/value_types.ts";

Deno.test("a duration is told as people write it", () => {
  const told = [0, 0.2, 250, 999, 999.5, 1_000, 59_001, 5_400_000, 90_061_000].map(formatDuration);
  assertEquals(told, ["0ms", "1ms", "250ms", "999ms", "1s", "1s", "1m", "1h30m", "1d1h1m1s"]);
});

Deno.test("a duration that is told is read back as it was, rounded up", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e15, noNaN: true }), (milliseconds) => {
      const unit = milliseconds <= 999 ? 1 : 1_000;
      assertEquals(valueTypes.duration.read(formatDuration(milliseconds)), {
        value: Math.ceil(milliseconds / unit) * unit,
      });
    }),
    { seed: 7, numRuns: 10_000 },
  );
});
