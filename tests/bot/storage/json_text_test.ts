import { StorageError } from "@roomz/roomz/bot";
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { jsonText } from "../../../bot/storage/json_text.ts";

Deno.test("an accepted value survives the round trip", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assertEquals(JSON.parse(jsonText(value, "session")), JSON.parse(JSON.stringify(value)));
    }),
    { seed: 7, numRuns: 10_000 },
  );
  const shared = { a: 1 };
  assertEquals(
    jsonText({ one: shared, two: shared, gone: undefined }, "session"),
    '{"one":{"a":1},"two":{"a":1}}',
  );
  assertEquals(jsonText(Object.create(null), "session"), "{}");
});

Deno.test("a value that JSON would change is rejected, with its path", () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const deep = JSON.parse(`${"[".repeat(9_000)}${"]".repeat(9_000)}`);
  let deeper: unknown = deep;
  for (let level = 0; level < 100_000; level++) deeper = [deeper];
  const refused: readonly [value: unknown, message: string][] = [
    [{ due: new Date(0) }, "session.due is a Date"],
    [{ list: [1, { seen: new Set() }] }, "session.list[1].seen is a Set"],
    [{ n: NaN }, "session.n is NaN"],
    [{ n: -Infinity }, "session.n is -Infinity"],
    [{ n: 1n }, "session.n is a bigint"],
    [{ run: () => {} }, "session.run is a function"],
    [[undefined], "session[0] is undefined"],
    [{ s: Symbol("x") }, "session.s is a symbol"],
    [circle, "session.self is a circular reference"],
    [deeper, "session is nested too deeply"],
  ];
  for (const [value, message] of refused) {
    assertThrows(() => jsonText(value, "session"), StorageError, message);
  }
});
