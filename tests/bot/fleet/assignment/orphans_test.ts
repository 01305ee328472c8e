import { assertEquals } from "@std/assert";
import { Orphans } from "../../../../bot/fleet/assignment/orphans.ts";
import { VirtualClock } from "../../../../testing/virtual_clock.ts";

Deno.test("an account is overdue once nobody has answered for it for a while", async () => {
  const clock = new VirtualClock(0);
  const orphans = new Orphans(clock, 1_000);
  assertEquals([orphans.isOverdue("a"), orphans.areWaiting], [false, true]);
  await clock.advance(999);
  assertEquals(orphans.isOverdue("a"), false);
  await clock.advance(1);
  assertEquals([orphans.isOverdue("a"), orphans.isOverdue("b")], [true, false]);
  await clock.advance(2_000);
  assertEquals(orphans.areWaiting, false);
});

Deno.test("an account that was found in the meantime has its full time again", async () => {
  const clock = new VirtualClock(0);
  const orphans = new Orphans(clock, 1_000);
  orphans.isOverdue("a");
  await clock.advance(900);
  orphans.found("a");
  assertEquals(orphans.areWaiting, false);
  orphans.isOverdue("a");
  await clock.advance(999);
  assertEquals(orphans.isOverdue("a"), false);
});
