import { assertEquals } from "@std/assert";
import { LoopGuard } from "../../../bot/run/loop_guard.ts";

class Clock {
  time = 1_000;
}

function guard(clock: Clock): LoopGuard {
  return new LoopGuard({ limit: 3, window: 10_000 }, () => clock.time);
}

Deno.test("a device that calls too often gets one warning and is then ignored", () => {
  const clock = new Clock();
  const loops = guard(clock);
  const verdicts = Array.from({ length: 6 }, () => {
    clock.time += 100;
    return loops.check("laptop");
  });
  assertEquals(verdicts, ["take", "take", "take", "warn", "ignore", "ignore"]);
});

Deno.test("other devices are not affected", () => {
  const loops = guard(new Clock());
  for (let i = 0; i < 5; i++) loops.check("laptop");
  assertEquals(loops.check("phone"), "take");
});

Deno.test("an ignored device must be silent for a window", () => {
  const clock = new Clock();
  const loops = guard(clock);
  for (let i = 0; i < 4; i++) loops.check("laptop");
  clock.time += 9_999;
  assertEquals(loops.check("laptop"), "ignore", "not silent for long enough: the window restarts");
  clock.time += 9_999;
  assertEquals(loops.check("laptop"), "ignore");
  clock.time += 10_000;
  assertEquals([1, 2, 3, 4].map(() => loops.check("laptop")), ["take", "take", "take", "warn"]);
});

Deno.test("a device within the rate is only ignored if it goes on for long", () => {
  const clock = new Clock();
  const loops = guard(clock);
  const calls = () =>
    Array.from({ length: 16 }, () => {
      clock.time += 3_334;
      return loops.check("laptop");
    });
  assertEquals(calls(), [...Array(15).fill("take"), "warn"], "five times the limit in an hour");
  assertEquals(calls(), Array(16).fill("ignore"), "still ignored");
  clock.time += 10_000;
  assertEquals(calls(), [...Array(15).fill("take"), "warn"]);
});

Deno.test("a slow loop between two bots ends with the first ignored call", () => {
  const clock = new Clock();
  const loops = guard(clock);
  let answered = 0;
  do clock.time += 60_000; while (loops.check("other bot") === "take" && answered++ < 100);
  assertEquals(answered, 15);
});

Deno.test("a device that calls rarely is never ignored", () => {
  const clock = new Clock();
  const loops = guard(clock);
  for (let i = 0; i < 100; i++) {
    clock.time += 240_000;
    assertEquals(loops.check("laptop"), "take");
  }
});

Deno.test("invented names do not accumulate, and an ignored device stays ignored", () => {
  const clock = new Clock();
  const loops = guard(clock);
  for (let i = 0; i < 10_000; i++) {
    clock.time += 100;
    loops.check(`name ${i}`);
    if (i >= 9_990) loops.check("laptop");
  }
  assertEquals(loops.check("laptop"), "ignore");
});
