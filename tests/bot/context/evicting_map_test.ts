import { assertEquals } from "@std/assert";
import { EvictingMap } from "../../../bot/context/evicting_map.ts";

interface Counter {
  lastUsed: number;
  uses: number;
}

function counters(): (key: string, now: number) => number {
  const map = new EvictingMap<Counter>(
    () => ({ lastUsed: -Infinity, uses: 0 }),
    ({ lastUsed }, now) => now - lastUsed >= 100,
  );
  return (key, now) => {
    const counter = map.get(key, now);
    counter.lastUsed = now;
    return ++counter.uses;
  };
}

Deno.test("a few entries are kept however long they are idle", () => {
  const use = counters();
  for (let n = 0; n < 999; n++) use(`${n}`, 0);
  assertEquals(use("new", 1e9), 1);
  assertEquals(use("0", 1e9), 2);
});

Deno.test("past a thousand entries, adding one drops the idle ones and keeps the others", () => {
  const use = counters();
  use("busy", 0);
  for (let n = 0; n < 999; n++) use(`${n}`, 0);
  assertEquals(use("busy", 50), 2);
  assertEquals(use("new", 100), 1);
  assertEquals(use("busy", 100), 3);
  assertEquals(use("0", 100), 1);
});
