/**
 * Timestamps in Python's format.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { isoformat, systemClock } from "../../../dev_server/base/clock.ts";

const START = Date.UTC(2026, 10, 22, 10, 0, 0);

Deno.test("a time is formatted like Python's isoformat", () => {
  assertEquals(isoformat(START + 123.456), "2026-11-22T10:00:00.123456+00:00");
  assertEquals(isoformat(START + 0.001), "2026-11-22T10:00:00.000001+00:00");
  assertEquals(isoformat(START + 1_500), "2026-11-22T10:00:01.500000+00:00");
  assertEquals(isoformat(-0.001), "1969-12-31T23:59:59.999999+00:00");
});

Deno.test("whole seconds have no fraction, as in Python", () => {
  assertEquals(isoformat(START), "2026-11-22T10:00:00+00:00");
  assertEquals(isoformat(START - 0.0001), "2026-11-22T10:00:00+00:00");
});

Deno.test("the system clock agrees with Date and has microseconds", () => {
  const before = Date.now();
  const now = systemClock();
  assert(before <= now && now <= Date.now() + 1);
  const times = Array.from({ length: 100 }, systemClock);
  assert(times.some((time) => !Number.isInteger(time)));
});
