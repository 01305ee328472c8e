/**
 * Sessions at rest: what is stored opens with the right key, account and fleet only.
 * @module
 */
import { ConfigurationError, StorageError } from "@roomz/roomz/bot";
import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { newFleetKey, SessionVault } from "../../../../bot/fleet/accounts/session_vault.ts";

const JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyOmFkYUBleGFtcGxlLmNvbSJ9.c2lnbmF0dXJl";
const OLD = newFleetKey();
const NEW = newFleetKey();

Deno.test("a sealed session opens, and shows nothing of itself", async () => {
  const vault = new SessionVault("helper", [OLD]);
  const record = await vault.seal("account", JWT);
  assertEquals(await vault.open("account", { ...record }), JWT);
  const stored = JSON.stringify(record) +
    atob(record.sealed.replaceAll("-", "+").replaceAll("_", "/"));
  assert(!stored.includes(JWT.slice(0, 10)) && !stored.includes(OLD.slice(0, 10)));
});

Deno.test("the same session is never sealed to the same text", async () => {
  const vault = new SessionVault("helper", [OLD]);
  const sealed = await Promise.all(Array.from({ length: 50 }, () => vault.seal("account", JWT)));
  assertEquals(new Set(sealed.map((record) => record.sealed.slice(0, 16))).size, 50);
});

Deno.test("a session of another account, fleet or text does not open", async () => {
  const vault = new SessionVault("helper", [OLD]);
  const record = { ...await vault.seal("account", JWT) };
  const at = Math.floor(record.sealed.length / 2);
  const other = record.sealed.at(at) === "A" ? "B" : "A";
  const changed = record.sealed.slice(0, at) + other + record.sealed.slice(at + 1);
  for (
    const open of [
      () => vault.open("another", record),
      () => new SessionVault("other", [OLD]).open("account", record),
      () => vault.open("account", { ...record, sealed: changed }),
      () => vault.open("account", { ...record, sealed: record.sealed.slice(0, 10) }),
      () => vault.open("account", { ...record, sealed: "?" }),
      () => vault.open("account", { keyId: record.keyId }),
      () => vault.open("account", {}),
    ]
  ) await assertRejects(open, StorageError, "cannot be decrypted");
});

Deno.test("the first key seals and all of them open, so that a key can be replaced", async () => {
  const [before, after] = [
    new SessionVault("helper", [OLD]),
    new SessionVault("helper", [NEW, OLD]),
  ];
  const old = { ...await before.seal("account", JWT) };
  assertEquals(await after.open("account", old), JWT);
  assertEquals([before.isCurrent(old), after.isCurrent(old)], [true, false]);
  const current = { ...await after.seal("account", JWT) };
  assert(after.isCurrent(current));
  const error = await assertRejects(() => before.open("account", current), ConfigurationError);
  assert(error.message.includes(`with the key ${current.keyId}, which is not among`));
  assert(error.message.includes(old.keyId));
  assertEquals(await new SessionVault("helper", [NEW]).open("account", current), JWT);
});

for (
  const [what, keys, said] of [
    ["no key", [], "no key was given"],
    ["an empty key", [""], "Key 1 of the fleet is not 32 bytes"],
    ["a password", [OLD, "correct horse battery staple"], "Key 2 of the fleet is not 32 bytes"],
    ["a key that is cut", [OLD.slice(0, 40)], "Key 1 of the fleet"],
  ] as const
) {
  Deno.test(`${what} is refused, and not quoted`, () => {
    const error = assertThrows(() => new SessionVault("helper", keys), ConfigurationError, said);
    for (const key of keys) assert(key === "" || !error.message.includes(key));
  });
}

Deno.test("a key may have spaces around it and padding, as files and other tools write it", async () => {
  const record = { ...await new SessionVault("helper", [` ${OLD}=\n`]).seal("account", JWT) };
  assertEquals(await new SessionVault("helper", [OLD]).open("account", record), JWT);
});

Deno.test("every new key is another, of 32 bytes", () => {
  const key = newFleetKey();
  assertEquals(Uint8Array.fromBase64(key, { alphabet: "base64url" }).length, 32);
  assertNotEquals(key, newFleetKey());
});
