import { assertEquals } from "@std/assert";
import { aborted } from "../../../client/base/aborted.ts";

Deno.test("aborted() resolves when the signal aborts, or immediately if it already has", async () => {
  const controller = new AbortController();
  let resolved = false;
  const waiting = aborted(controller.signal).then(() => resolved = true);
  await Promise.resolve();
  assertEquals(resolved, false);
  controller.abort();
  await waiting;
  await aborted(controller.signal);
});
