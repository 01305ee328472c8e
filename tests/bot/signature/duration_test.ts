import { BotDefinitionError, formatDuration, timeout } from "@roomz/roomz/bot";
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { valueTypes } from "../../../bot/signature/value_types.ts";

Deno.test("durations are formatted as people write them", () => {
  const formatted = [0, 0.2, 250, 999, 999.5, 1_000, 59_001, 5_400_000, 90_061_000].map(
    formatDuration,
  );
  assertEquals(formatted, ["0ms", "1ms", "250ms", "999ms", "1s", "1s", "1m", "1h30m", "1d1h1m1s"]);
});

Deno.test("a formatted duration parses back to the same value, rounded up", () => {
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

Deno.test("what is neither text nor a number is not a duration", () => {
  const wrong: readonly [value: unknown, described: string][] = [
    [["10s"], "an array of 1"],
    [undefined, "undefined"],
    [null, "null"],
    [{ limit: "10s" }, "an object"],
    [new Date(0), "a Date"],
    [10n, "10n"],
    [true, "true"],
    [() => "10s", "a function"],
  ];
  for (const [value, described] of wrong) {
    assertThrows(
      () => Reflect.apply(timeout, undefined, [value]),
      BotDefinitionError,
      `and more than 0, not ${described}.\n  in timeout()`,
    );
  }
});
