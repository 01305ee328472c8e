import { MemoryStorage } from "@roomz/roomz/bot";
import { assertEquals } from "@std/assert";
import { MortalStorage } from "../../testing/mortal_storage.ts";
import { ProcessLife } from "../../testing/process_life.ts";
import { settle, VirtualClock } from "../../testing/virtual_clock.ts";

function setUp() {
  const memory = new MemoryStorage();
  const life = new ProcessLife(new VirtualClock(0), () => {});
  return { memory, life, storage: new MortalStorage(memory, life) };
}

Deno.test("a storage works as long as its process lives", async () => {
  const { storage } = setUp();
  assertEquals(await storage.write(["a"], "1", { version: undefined }), true);
  assertEquals((await storage.read(["a"]))?.text, "1");
});

Deno.test("after the process has ended, nothing is stored, and promises do not settle", async () => {
  const { memory, life, storage } = setUp();
  life.end();
  let settled = 0;
  storage.read(["a"]).finally(() => settled++);
  storage.write(["a"], "1", { version: undefined }).finally(() => settled++);
  storage.delete(["a"], "1").finally(() => settled++);
  await settle();
  assertEquals([settled, await memory.read(["a"])], [0, undefined]);
});
