import { assert, assertEquals } from "@std/assert";
import { Backoff, STABLE_AFTER } from "../../../client/connection/backoff.ts";

function bounds(backoff: Backoff, count: number): number[] {
  return Array.from({ length: count }, () => backoff.next());
}

/** Maximum jitter, which makes the bound visible. */
const whole = () => 1;

Deno.test("the bound of the delay doubles with every attempt, up to 30 seconds", () => {
  assertEquals(
    bounds(new Backoff(1_000, whole), 8),
    [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000],
  );
});

Deno.test("a first delay above 30 seconds is kept, and does not grow", () => {
  assertEquals(bounds(new Backoff(45_000, whole), 3), [45_000, 45_000, 45_000]);
});

Deno.test("a first delay of 0 means no delay at all", () => {
  assertEquals(bounds(new Backoff(0, whole), 3), [0, 0, 0]);
});

Deno.test("the jitter is full: a delay is any part of its bound, from 0", () => {
  const parts = [0, 0.25, 0.999];
  const backoff = new Backoff(1_000, () => parts.shift() ?? 0);
  assertEquals(bounds(backoff, 3), [0, 500, 3_996]);
});

Deno.test("a connection that lasted a minute resets the delay", () => {
  const backoff = new Backoff(1_000, whole);
  bounds(backoff, 4);
  backoff.connectionLasted(STABLE_AFTER);
  assertEquals(STABLE_AFTER, 60_000);
  assertEquals(backoff.next(), 1_000);
});

Deno.test("a connection that lasted less than a minute does not", () => {
  const backoff = new Backoff(1_000, whole);
  bounds(backoff, 3);
  backoff.connectionLasted(STABLE_AFTER - 1);
  assertEquals(backoff.next(), 8_000);
});

Deno.test("after ten thousand attempts the delay is still within its bound", () => {
  const backoff = new Backoff(1, whole);
  for (let i = 0; i < 10_000; i++) assert(backoff.next() <= 30_000);
});
