/**
 * The accounts of a fleet: added with what the server accepts, stored encrypted, set aside, removed.
 * @module
 */
import {
  AuthenticationError,
  ConfigurationError,
  ConnectionError,
  KvStorage,
  MemoryStorage,
} from "@roomz/roomz/bot";
import { createDevServer } from "@roomz/roomz/dev-server";
import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { FleetAccounts, readSession } from "../../../../bot/fleet/accounts/accounts.ts";
import { FleetKeys } from "../../../../bot/fleet/store/fleet_keys.ts";
import { KvFleetStore } from "../../../../bot/fleet/store/kv_fleet_store.ts";
import { newFleetKey, SessionVault } from "../../../../bot/fleet/accounts/session_vault.ts";
import { databaseOf } from "../../../../bot/storage/kv_storage.ts";

const ADA = "ada@example.com";
const BO = "bo@example.com";
const KEY = newFleetKey();
const KEYS = new FleetKeys("helper");

async function fleet() {
  const links: string[] = [];
  const server = await createDevServer({
    port: 0,
    allowedEmails: [ADA, BO],
    log: () => {},
    onMagicLink: ({ token }) => void links.push(token),
  });
  const storage = new KvStorage(":memory:");
  const { database, prefix } = databaseOf(storage);
  const store = new KvFleetStore(database, prefix, 10_000);
  const accounts = new FleetAccounts({ storage, fleet: "helper", keys: [KEY] });
  return {
    server,
    storage,
    store,
    accounts,
    session: (email: string) => server.mintSession(email),
    async magicToken(email: string): Promise<string> {
      const body = JSON.stringify({ email });
      const headers = { "Content-Type": "application/json" };
      const request = { method: "POST", headers, body };
      const response = await fetch(`${server.url}/auth/request-magic-link`, request);
      await response.body?.cancel();
      return links.at(-1) ?? "";
    },
    /** The version of what hosts watch. */
    async revision(): Promise<string | undefined> {
      return (await store.get([KEYS.revision]))[0]?.version;
    },
    async [Symbol.asyncDispose]() {
      storage[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

Deno.test("an account is added with a session or a magic link, and its session can be read by hosts", async () => {
  await using it = await fleet();
  const session = await it.session(ADA);
  const ada = await it.accounts.add({ server: `${it.server.url}/`, token: session });
  const bo = await it.accounts.add({ server: it.server.url, token: await it.magicToken(BO) });
  assertEquals(await it.accounts.list(), [ada, bo]);
  assertEquals([ada.email, ada.server, ada.setAside], [ADA, it.server.url, null]);
  const days = ((ada.expires?.getTime() ?? 0) - Date.now()) / 86_400_000;
  assert(days > 29 && days <= 30, `${days} days`);
  const vault = new SessionVault("helper", [KEY]);
  assertEquals(await readSession(it.store, KEYS, vault, ada.id), session);
  const response = await fetch(`${it.server.url}/auth/me`, {
    headers: { Cookie: `session_token=${await readSession(it.store, KEYS, vault, bo.id)}` },
  });
  assertEquals((await response.json()).user.email, BO);
});

Deno.test("what is stored contains no session", async () => {
  await using it = await fleet();
  const token = await it.session(ADA);
  await it.accounts.add({ server: it.server.url, token });
  const stored = JSON.stringify(await it.store.list([]));
  const [, payload = "", signature = ""] = token.split(".");
  assert(stored.includes(ADA), "the records were read");
  assert(!stored.includes(payload) && !stored.includes(signature));
});

Deno.test("a token that the server refuses is not stored", async () => {
  await using it = await fleet();
  const expired = await it.server.mintSession(ADA, { expiresIn: 0 });
  const add = (token: string, email?: string) =>
    it.accounts.add({ server: it.server.url, token, ...(email === undefined ? {} : { email }) });
  await assertRejects(
    () => add("not-a-token"),
    AuthenticationError,
    "refused the magic-link token",
  );
  await assertRejects(() => add(expired), AuthenticationError, "expired");
  const other = await it.session(BO);
  await assertRejects(() => add(other, ADA), AuthenticationError, `that of ${BO}, not of ${ADA}`);
  assertEquals(await it.store.list([]), []);
  assertEquals((await add(other, BO.toUpperCase())).email, BO);
});

Deno.test("a magic link is not wasted when the server fails right after it was exchanged", async () => {
  await using it = await fleet();
  await using proxy = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => {
      const { pathname, search } = new URL(request.url);
      if (pathname === "/auth/me") return new Response(null, { status: 503 });
      return fetch(it.server.url + pathname + search, { redirect: "manual" });
    },
  );
  const server = `http://127.0.0.1:${proxy.addr.port}`;
  const { email } = await it.accounts.add({ server, token: await it.magicToken(ADA) });
  assertEquals(email, ADA);
  const token = await it.session(ADA);
  await assertRejects(() => it.accounts.add({ server, token }), ConnectionError, "HTTP 503");
});

Deno.test("an account that is added again has its id, its new session, and is served again", async () => {
  await using it = await fleet();
  const add = async () => it.accounts.add({ server: it.server.url, token: await it.session(ADA) });
  const { id } = await add();
  const aside = await it.accounts.setAside(id, "The session was revoked.");
  assertEquals(aside?.setAside?.reason, "The session was revoked.");
  assert(Math.abs((aside?.setAside?.since.getTime() ?? 0) - Date.now()) < 60_000);
  assertEquals(await it.accounts.list(), aside && [aside]);
  const before = await it.store.get([KEYS.session(id)]);
  const again = await add();
  assertEquals([again.id, again.setAside], [id, null]);
  assertEquals(await it.accounts.list(), [again]);
  const after = await it.store.get([KEYS.session(id)]);
  assertNotEquals(before, after);
});

Deno.test("every change of an account is a change of what hosts watch", async () => {
  await using it = await fleet();
  const seen = [await it.revision()];
  const token = await it.session(ADA);
  await it.accounts.add({ server: it.server.url, token });
  seen.push(await it.revision());
  await it.accounts.setAside(ADA, "It is revoked.");
  seen.push(await it.revision());
  const keys = [newFleetKey(), KEY];
  await new FleetAccounts({ storage: it.storage, fleet: "helper", keys }).rotate();
  seen.push(await it.revision());
  await it.accounts.remove(ADA);
  seen.push(await it.revision());
  assertEquals(new Set(seen).size, 5);
});

Deno.test("an account is removed with its session, by its id or its address in any case", async () => {
  await using it = await fleet();
  for (const email of [ADA, BO]) {
    await it.accounts.add({ server: it.server.url, token: await it.session(email) });
  }
  const [ada, bo] = await it.accounts.list();
  assertEquals(await it.accounts.remove(ADA.toUpperCase()), ada);
  assertEquals(await it.accounts.remove(bo?.id ?? ""), bo);
  assertEquals(await it.accounts.remove(ADA), undefined);
  assertEquals(await it.accounts.remove("no-such-id"), undefined);
  assertEquals(await it.accounts.setAside("no-such-id", "It is gone."), undefined);
  assertEquals((await it.store.list([])).map(({ key }) => key), [KEYS.revision]);
});

Deno.test("an address that the fleet serves on two servers is two accounts, and names neither", async () => {
  await using it = await fleet();
  await using other = await createDevServer({ port: 0, allowedEmails: [ADA], log: () => {} });
  const one = await it.accounts.add({ server: it.server.url, token: await it.session(ADA) });
  const token = await other.mintSession(ADA);
  const two = await it.accounts.add({ server: other.url, token });
  assertNotEquals(one.id, two.id);
  const error = await assertRejects(() => it.accounts.remove(ADA), ConfigurationError, "several");
  for (const { id, server } of [one, two]) assert(error.message.includes(`${id} (${server})`));
  assertEquals((await it.accounts.list()).length, 2);
});

Deno.test("fleets that share a storage share no accounts", async () => {
  await using it = await fleet();
  await it.accounts.add({ server: it.server.url, token: await it.session(ADA) });
  const other = new FleetAccounts({ storage: it.storage, fleet: "other", keys: [KEY] });
  assertEquals(await other.list(), []);
});

Deno.test("after a rotation the old key opens nothing, and is not needed", async () => {
  await using it = await fleet();
  const sessions = [await it.session(ADA), await it.session(BO)];
  for (const token of sessions) await it.accounts.add({ server: it.server.url, token });
  const fresh = newFleetKey();
  const { storage, store } = it;
  const rotated = new FleetAccounts({ storage, fleet: "helper", keys: [fresh, KEY] });
  assertEquals([await rotated.rotate(), await rotated.rotate()], [2, 0]);
  const [old, current] = [KEY, fresh].map((key) => new SessionVault("helper", [key]));
  const ids = (await rotated.list()).map(({ id }) => id);
  for (const [i, id] of ids.entries()) {
    assertEquals(current && await readSession(store, KEYS, current, id), sessions[i]);
    await assertRejects(
      async () => old && await readSession(store, KEYS, old, id),
      ConfigurationError,
    );
  }
  await assertRejects(() => it.accounts.rotate(), ConfigurationError, "is not among");
});

Deno.test("of changes at the same time none is lost", async () => {
  await using it = await fleet();
  const token = await it.session(ADA);
  const { id } = await it.accounts.add({ server: it.server.url, token });
  await Promise.all([
    it.accounts.setAside(id, "It is revoked."),
    it.accounts.add({ server: it.server.url, token: await it.session(BO) }),
    it.accounts.setAside(id, "It is revoked."),
  ]);
  const [ada, bo] = await it.accounts.list();
  assertEquals([ada?.setAside?.reason, bo?.setAside], ["It is revoked.", null]);
});

Deno.test("options that are missing or wrong are refused with what to do", () => {
  using storage = new KvStorage(":memory:");
  const make = (options: Record<string, unknown>) => () => {
    Reflect.construct(FleetAccounts, [{ storage, fleet: "helper", keys: [KEY], ...options }]);
  };
  assertThrows(make({ storage: new MemoryStorage() }), ConfigurationError, "needs a KvStorage");
  assertThrows(make({ fleet: "" }), ConfigurationError, '"fleet"');
  assertThrows(make({ keys: [] }), ConfigurationError, "no key was given");
});
