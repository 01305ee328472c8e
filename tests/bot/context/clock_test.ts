import { assertEquals, assertRejects } from "@std/assert";
import { atMost } from "../../../bot/context/clock.ts";
import { VirtualClock } from "../../../testing/virtual_clock.ts";

Deno.test("a task that ends in time is waited for, and its failure is passed on", async () => {
  const clock = new VirtualClock(0);
  await atMost(1_000, Promise.resolve(), clock);
  await atMost(1_000, undefined, clock);
  await assertRejects(() => atMost(1_000, Promise.reject(new TypeError("bad")), clock), TypeError);
  assertEquals(await clock.advanceToNextTimer(), false, "no timer is left");
});

Deno.test("a task that takes longer is not waited for", async () => {
  const clock = new VirtualClock(0);
  let isOver = false;
  const waiting = atMost(1_000, new Promise(() => {}), clock).then(() => isOver = true);
  await clock.advance(999);
  assertEquals(isOver, false);
  await clock.advance(1);
  await waiting;
});
