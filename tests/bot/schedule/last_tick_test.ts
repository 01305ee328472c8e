import { MemoryStorage } from "@roomz/roomz/bot";
import { assertEquals } from "@std/assert";
import { LastTick } from "../../../bot/schedule/last_tick.ts";
import { everyInterval } from "../../../bot/schedule/timetable.ts";
import { Records } from "../../../bot/storage/records.ts";

const KEY = ["helper", "schedule", "id", "news"];
const HOUR = 3_600_000;

function lastTick(storage = new MemoryStorage()): LastTick {
  return new LastTick(new Records(storage, () => 0), KEY, everyInterval(HOUR));
}

/** The offsets of the clocks of some processes, in milliseconds, in the order in which they wake up. */
const processes: readonly (readonly number[])[] = [
  [0, 0, 0],
  [0, 700, -700],
  [-700, 0, 700],
  [700, -700, 0],
  [2_000, -2_000, 59_000],
  [0, 5 * 60_000, -5 * 60_000],
];
for (const clocks of processes) {
  Deno.test(`of processes whose clocks are off by ${clocks} ms, one runs each tick`, async () => {
    const storage = new MemoryStorage();
    await lastTick(storage).read(0, () => {});
    for (let due = HOUR; due <= 8 * HOUR; due += HOUR) {
      // Each process wakes up when its own clock says so, one after the other.
      const claims: boolean[] = [];
      for (const offset of clocks) {
        claims.push(await lastTick(storage).claim(due, due + Math.max(0, offset)));
      }
      assertEquals(claims.filter((claimed) => claimed).length, 1, `due ${due}`);
    }
  });
}

Deno.test("a run that makes up for missed ticks counts for all of them", async () => {
  const tick = lastTick();
  await tick.read(0, () => {});
  assertEquals(await tick.claim(HOUR, 5 * HOUR + 1), true);
  assertEquals([await tick.claim(5 * HOUR, 5 * HOUR), await tick.claim(6 * HOUR, 6 * HOUR)], [
    false,
    true,
  ]);
});

Deno.test("a time that is not credible is reported and replaced, another one is kept", async () => {
  const tick = lastTick();
  await tick.read(400 * HOUR, () => {});
  const distrusted: number[] = [];
  const read = (now: number) => tick.read(now, (time) => distrusted.push(time));
  assertEquals([await read(500 * HOUR), await read(HOUR), await read(2 * HOUR)], [
    400 * HOUR,
    HOUR,
    HOUR,
  ]);
  assertEquals(distrusted, [400 * HOUR]);
});

Deno.test("a claim under a clock that was far ahead does not silence the ticks of the right time", async () => {
  const tick = lastTick();
  await tick.read(0, () => {});
  assertEquals(await tick.claim(400 * HOUR, 400 * HOUR), true);
  assertEquals([await tick.claim(HOUR, HOUR), await tick.claim(HOUR, HOUR)], [true, false]);
});

Deno.test("of two simultaneous claims, one succeeds", async () => {
  const storage = new MemoryStorage();
  const claims = await Promise.all([1, 2].map(() => lastTick(storage).claim(HOUR, HOUR)));
  assertEquals(claims.toSorted(), [false, true]);
});
