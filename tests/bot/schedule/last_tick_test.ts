import { MemoryStorage } from "@roomz/roomz/bot";
import { assertEquals } from "@std/assert";
import { LastTick } from "../../../bot/schedule/last_tick.ts";
import { Records } from "../../../bot/storage/records.ts";

function lastTick(records: Records): LastTick {
  return new LastTick(records, ["bot", "schedule", "user", "news"]);
}

Deno.test("the first read stores and returns the current time", async () => {
  const records = new Records(new MemoryStorage(), () => 0);
  assertEquals(await lastTick(records).read(1_000), 1_000);
  assertEquals(await lastTick(records).read(5_000), 1_000);
});

Deno.test("a tick can be claimed once", async () => {
  const records = new Records(new MemoryStorage(), () => 0);
  const [one, other] = [lastTick(records), lastTick(records)];
  assertEquals(await one.claim(1_000), true);
  assertEquals(await other.claim(1_000), false);
  assertEquals(await other.claim(2_000), true);
  assertEquals(await one.read(9_000), 2_000);
});

Deno.test("of two simultaneous claims, one succeeds", async () => {
  const records = new Records(new MemoryStorage(), () => 0);
  const claims = await Promise.all([lastTick(records).claim(1), lastTick(records).claim(1)]);
  assertEquals(claims.toSorted(), [false, true]);
});
