import { assertEquals, assertRejects } from "@std/assert";
import { createPrivateFile, retryWhileLocked } from "../../../client/auth/kv_file.ts";

Deno.test("an operation is retried while the file is locked, and its result returned", async () => {
  let attempts = 0;
  const result = await retryWhileLocked(() => {
    if (++attempts < 4) return Promise.reject(new Error("database table is locked"));
    return Promise.resolve("done");
  });
  assertEquals([result, attempts], ["done", 4]);
});

Deno.test("any other failure is not retried", async () => {
  let attempts = 0;
  const failing = () => {
    attempts++;
    return Promise.reject(new Error("disk full"));
  };
  await assertRejects(() => retryWhileLocked(failing), Error, "disk full");
  assertEquals(attempts, 1);
});

Deno.test("a private file is created with its folder, and an existing one is left alone", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/state/file.kv`;
  await createPrivateFile(path);
  await Deno.writeTextFile(path, "content");
  await createPrivateFile(path);
  assertEquals(await Deno.readTextFile(path), "content");
  const mode = async (of: string) => ((await Deno.stat(of)).mode ?? 0) & 0o777;
  if (Deno.build.os !== "windows") {
    assertEquals([await mode(path), await mode(`${folder}/state`)], [0o600, 0o700]);
  }
  await Deno.remove(folder, { recursive: true });
});
