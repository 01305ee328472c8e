import { assertEquals } from "@std/assert";
import { AccountGap } from "../../../../bot/fleet/host/account_gap.ts";
import { VirtualClock } from "../../../../testing/virtual_clock.ts";

const START = Date.parse("2026-03-14T12:00:00Z");

/** Gaps are reported in seconds since the start. */
function setUp() {
  const clock = new VirtualClock(START);
  const reported: [number | undefined, number][] = [];
  const seconds = (time: number) => (time - START) / 1_000;
  const gap = new AccountGap(clock, {
    reportGap: (from, to) =>
      void reported.push([from === undefined ? undefined : seconds(from), seconds(to)]),
  });
  return { clock, gap, reported };
}

Deno.test("a lost connection is a gap from when the server was last heard, a minute before at most", async () => {
  const { clock, gap, reported } = setUp();
  gap.connected(undefined);
  await clock.advance(100_000);
  gap.lost(true);
  assertEquals([gap.isReported, gap.missingSince], [false, 40_000]);
  await clock.advance(5_000);
  gap.connected(20_000);
  assertEquals([gap.isReported, gap.missingSince, reported], [true, undefined, [[85, 105]]]);
  gap.lost(true);
  await clock.advance(1_000);
  gap.connected(400_000);
  assertEquals(reported.at(-1), [45, 106]);
});

Deno.test("a connection that somebody else has as well is no gap when it is lost", async () => {
  const { clock, gap, reported } = setUp();
  gap.connected(undefined);
  gap.lost(false);
  await clock.advance(1_000);
  gap.connected(1_000);
  assertEquals(reported, []);
});

Deno.test("a gap that has begun elsewhere ends with the first connection, before or after it is known", async () => {
  for (const isKnownFirst of [true, false]) {
    const { clock, gap, reported } = setUp();
    if (isKnownFirst) gap.since(START - 3_000, true);
    await clock.advance(2_000);
    gap.connected(undefined);
    await clock.advance(5_000);
    if (!isKnownFirst) gap.since(START - 3_000, true);
    gap.since(START - 9_000, true);
    assertEquals(reported, [[-3, 2]]);
  }
});

Deno.test("what another host has measured by its own clock says that there is a gap, not since when", () => {
  const { gap, reported } = setUp();
  gap.since(START + 50_000, false);
  gap.connected(undefined);
  assertEquals(reported, [[undefined, 0]]);
});

Deno.test("a host that was connected before the other one died has missed nothing", async () => {
  const { clock, gap, reported } = setUp();
  gap.connected(undefined);
  await clock.advance(5_000);
  gap.since(START + 4_000, true);
  assertEquals([gap.isReported, reported], [true, []]);
});

Deno.test("a connection that was lost before the account was taken over leaves one gap, until the next", async () => {
  const { clock, gap, reported } = setUp();
  gap.connected(undefined);
  await clock.advance(1_000);
  gap.lost(false);
  await clock.advance(1_000);
  gap.since(START - 3_000, true);
  await clock.advance(1_000);
  gap.connected(2_000);
  assertEquals(reported, [[-3, 3]]);
});

Deno.test("the time of day may be set while messages are missed", async () => {
  const { clock, gap, reported } = setUp();
  gap.connected(undefined);
  await clock.advance(10_000);
  gap.lost(true);
  await clock.advance(2_000);
  clock.set(START + 3_600_000);
  gap.end();
  assertEquals(reported, [[3_538, 3_600]]);
});

Deno.test("a gap is reported whole, to wherever the time of day is set before it ends", async () => {
  const begins: [begin: (gap: AccountGap) => void, before: number][] = [
    [(gap) => gap.since(START - 5_000, true), 5],
    [(gap) => gap.failed(START), 0],
  ];
  for (const [begin, before] of begins) {
    for (const hours of [-1, 1]) {
      const { clock, gap, reported } = setUp();
      begin(gap);
      await clock.advance(2_000);
      clock.set(START + hours * 3_600_000);
      gap.connected(undefined);
      // An hour too much, if the clock was set forward: the machine may have slept for that hour.
      const from = hours < 0 ? -3_602 - before : 0 - before;
      assertEquals(reported, [[from, hours * 3_600]]);
    }
  }
});
