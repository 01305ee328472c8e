/**
 * The runtime as the client's platform: real time.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { systemPlatform } from "../../../client/base/platform.ts";

Deno.test("a timer with too long a delay does not fire at once", async () => {
  let fired = false;
  const cancels = [2 ** 31, 1e15, Infinity].map((delay) =>
    systemPlatform.schedule(() => fired = true, delay)
  );
  await new Promise((resolve) => setTimeout(resolve, 5));
  for (const cancel of cancels) cancel();
  assertEquals(fired, false);
});

Deno.test("the clocks and the random numbers behave as documented", () => {
  assert(systemPlatform.monotonic() <= systemPlatform.monotonic());
  assert(Math.abs(systemPlatform.now() - Date.now()) < 1_000);
  const random = systemPlatform.random();
  assert(random >= 0 && random < 1);
});
