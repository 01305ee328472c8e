import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { roomz } from "../../support/test_io.ts";

Deno.test("fleet key prints another key each time, and nothing else", async () => {
  const one = await roomz(["fleet", "key"]);
  assertEquals([one.exitCode, one.stderr], [0, ""]);
  assertMatch(one.stdout, /^[\w-]{43}\n$/);
  assertNotEquals((await roomz(["fleet", "key"])).stdout, one.stdout);
});
