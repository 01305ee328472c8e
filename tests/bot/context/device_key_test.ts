import { assert, assertEquals } from "@std/assert";
import { deviceKey, isSameDevice } from "../../../bot/context/device_key.ts";

function user(id: string, display_name: string | null) {
  return { id, email: `${id}@example.com`, display_name };
}

Deno.test("a device is an account and a display name", () => {
  const laptop = user("ada", "laptop");
  assert(isSameDevice(laptop, user("ada", "laptop")));
  assertEquals(deviceKey(laptop), deviceKey(user("ada", "laptop")));
  for (const other of [user("bob", "laptop"), user("ada", "phone"), user("ada", null)]) {
    assert(!isSameDevice(laptop, other));
    assert(deviceKey(laptop) !== deviceKey(other));
  }
});

Deno.test("a device keeps its key, whatever accounts and names are asked for in between", () => {
  const key = deviceKey(user("ada", "laptop"));
  for (let i = 0; i < 3_000; i++) deviceKey(user(i % 1_000 === 0 ? "bob" : "ada", `phone ${i}`));
  assertEquals(deviceKey(user("ada", "laptop")), key);
  assertEquals(deviceKey(user("ada", null)), deviceKey(user("ada", null)));
});
