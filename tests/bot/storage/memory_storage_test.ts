import { MemoryStorage } from "@roomz/roomz/bot";
import { assertEquals } from "@std/assert";
import { testStorageContract } from "../support/storage_contract.ts";

testStorageContract("MemoryStorage", () => Promise.resolve(new MemoryStorage()));

Deno.test("size is the number of keys that have a value", async () => {
  const storage = new MemoryStorage();
  await storage.write(["a", "b"], "1", { version: undefined });
  await storage.write(["a", "c"], "2", { version: undefined });
  assertEquals(storage.size, 2);
  await storage.delete(["a", "b"], (await storage.read(["a", "b"]))?.version ?? "");
  assertEquals(storage.size, 1);
});
