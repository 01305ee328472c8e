import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { accountId, effectId, newHostId, serverId } from "../../../../bot/fleet/store/fleet_ids.ts";

const SERVER = "https://roomz.example";
const USER = "user:ada@example.com";

Deno.test("an account's id is the same on every host, and another on another server", () => {
  // Stored records are found by it.
  assertEquals(accountId(SERVER, USER), "ttEwDFb_JQ8M2DcC");
  assertNotEquals(accountId("https://other.example", USER), accountId(SERVER, USER));
});

Deno.test("ids contain nothing of what they identify, and are safe in keys", () => {
  const ids = [serverId(SERVER), accountId(SERVER, USER), effectId("a", "b"), newHostId()];
  for (const id of ids) assert(/^[\w-]{8,22}$/.test(id), id);
});

Deno.test("the parts of an id are kept apart", () => {
  assertNotEquals(effectId("a", "bc"), effectId("ab", "c"));
});

Deno.test("every host that starts has an id of its own", () => {
  assertEquals(new Set(Array.from({ length: 100 }, newHostId)).size, 100);
});
