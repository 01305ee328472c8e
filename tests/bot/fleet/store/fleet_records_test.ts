import { assertEquals } from "@std/assert";
import { readAccount, readHolder, readHost } from "../../../../bot/fleet/store/fleet_records.ts";

Deno.test("records of a fleet are read, and fields of later versions ignored", () => {
  const host = { state: "alive", capacity: 10, name: "tower", lease: 6_000 } as const;
  assertEquals(readHost({ ...host, zone: "a" }), host);
  assertEquals(readHolder({ host: "h1", fence: 3, from: "h0", later: 1 }), {
    host: "h1",
    fence: 3,
    from: "h0",
  });
  assertEquals(readHolder({ host: null, fence: 3 }), { host: null, fence: 3 });
  const account = {
    server: "https://roomz.example",
    user: "user:a@example.com",
    email: "a@example.com",
    expires: 1_800_000_000_000,
  };
  assertEquals(readAccount(account), account);
  const setAside = { reason: "The session has expired.", since: 5 };
  assertEquals(readAccount({ ...account, setAside }), { ...account, setAside });
});

Deno.test("a record that is not one is not taken for one", () => {
  assertEquals(readHost({ state: "undead", capacity: 1, name: "tower", lease: 1 }), undefined);
  assertEquals(readHost({ state: "alive", capacity: "1", name: "tower", lease: 1 }), undefined);
  assertEquals(readHost({ state: "alive", capacity: 1, name: "tower" }), undefined);
  assertEquals(readHolder({ fence: 1 }), undefined);
  assertEquals(readHolder({ host: "h1", fence: "1" }), undefined);
  assertEquals(readAccount({ server: "https://roomz.example", email: "a@example.com" }), undefined);
});
