/**
 * The real Python clients on the development server, in a channel with our client.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { createDevServer, type DevServer } from "@roomz/roomz/dev-server";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { Mailbox } from "./support/mailbox.ts";
import { PythonClient } from "./support/python_client.ts";
import { CURRENT, findPythonWithRoomz, skipVersions } from "./support/python_environment.ts";

const ADA = "ada@example.com";
const USER = { id: `user:${ADA}`, email: ADA, display_name: null };

/** A development server with our client and the Python client. */
interface Room {
  readonly server: DevServer;
  readonly mailbox: Mailbox;
  readonly ours: AsyncClient;
  readonly python: PythonClient;
}

async function withRoom(python: string, fn: (room: Room) => Promise<void>): Promise<void> {
  const mailbox = new Mailbox();
  await using server = await createDevServer({
    port: 0,
    allowedEmails: [ADA],
    onMagicLink: ({ email, token }) => mailbox.deliver(email, token),
    log: () => {},
  });
  await using ours = await AsyncClient.open(server.url, await server.mintSession(ADA));
  await using client = await PythonClient.start(python, `http://localhost:${server.port}`);
  await fn({ server, mailbox, ours, python: client });
}

/** Logs the Python client in by magic link. */
async function logIn({ python, mailbox }: Room): Promise<void> {
  assertEquals(await python.call("login", ADA), true);
  assertEquals(await python.call("connect", await mailbox.take(ADA)), null);
  const { user, channel } = await python.nextEvent("authenticated");
  assertEquals([user, channel], [USER, `user:${ADA}`]);
}

function registerTests(version: string, findPython: () => Promise<string>): void {
  const test = (name: string, fn: (room: Room) => Promise<void>) =>
    Deno.test(`the Python client ${version} on the dev server: ${name}`, async () => {
      await withRoom(await findPython(), fn);
    });

  test("it logs in by magic link, and our client receives its join", async (room) => {
    const joined = room.ours.waitFor("user_joined", { timeout: 20_000 });
    await logIn(room);
    const { user, total_connections } = await joined;
    assertEquals([user, total_connections], [USER, 2]);
  });

  test("it cannot log in with an invalid token", async ({ python, server }) => {
    assertStringIncludes(String(await python.call("connect", "wrong")), "ConnectionError");
    assertEquals(server.connections, 1);
  });

  test("messages arrive in both directions", async (room) => {
    const { ours, python } = room;
    await logIn(room);
    const received = ours.waitFor("message", { timeout: 20_000 });
    const ack = Object(await python.call("send", ` <from> "Python" & co 🐍 `));
    const { id, content, timestamp, own, user } = await received;
    assertEquals(content, `<from> "Python" & co 🐍`);
    assertEquals(ack, { status: "ok", message_id: id, timestamp });
    assertEquals([own, user], [false, USER]);
    await python.nextEvent("message");

    const result = await ours.send("<from> 'Deno' 🦕");
    const { content: raw, id: pythonId } = await python.nextEvent("message");
    assertEquals(raw, "&lt;from&gt; &#x27;Deno&#x27; 🦕");
    assertEquals(result.status === "ok" && result.message_id, pythonId);
  });

  test("messages of both clients arrive in the same order at both", async (room) => {
    const { ours, python } = room;
    await logIn(room);
    const here: string[] = [];
    const all = Promise.withResolvers<void>();
    ours.on("message", ({ content }) => {
      if (here.push(content) === 100) all.resolve();
    });
    const sends = Array.from({ length: 50 }, (_, index) => ours.send(`Deno ${index}`));
    for (let i = 0; i < 50; i++) await python.call("send", `Python ${i}`);
    await Promise.all(sends);
    await all.promise;
    const there: unknown[] = [];
    for (let i = 0; i < 100; i++) there.push((await python.nextEvent("message")).content);
    assertEquals(there, here);
    assertEquals(here.toSorted().length, new Set(here).size);
  });

  test("display names arrive in both directions", async (room) => {
    const { ours, python } = room;
    await logIn(room);
    const change = ours.waitFor("display_name_changed", { timeout: 20_000 });
    const named = { status: "ok", display_name: "a&lt;b" };
    assertEquals(await python.call("set_display_name", "a<b"), named);
    assertEquals((await change).display_name, "a<b");
    const message = ours.waitFor("message", { timeout: 20_000 });
    await python.call("send", "hello");
    assertEquals((await message).user.display_name, "a<b");
    await python.nextEvent("message");

    await ours.setDisplayName("laptop");
    const { user } = await python.nextEvent("display_name_changed");
    assertEquals(user, { ...USER, display_name: "laptop" });
    await ours.setDisplayName(null);
    assertEquals((await python.nextEvent("display_name_changed")).user, USER);
  });

  test("each client receives the other's joins and leaves", async (room) => {
    const { ours, python } = room;
    await logIn(room);
    await ours.disconnect();
    assertEquals((await python.nextEvent("user_left")).remaining_connections, 1);
    await ours.connect();
    assertEquals((await python.nextEvent("user_joined")).total_connections, 2);
    const left = ours.waitFor("user_left", { timeout: 20_000 });
    await python.call("disconnect");
    assertEquals((await left).remaining_connections, 1);
  });
}

// 0.1.0 and 0.1.1 have no display names.
const skipped = new Map<string, string>();
for (const version of ["0.1.2", "0.3.1", CURRENT]) {
  const found = await findPythonWithRoomz(version);
  if ("python" in found) registerTests(version, found.python);
  else skipped.set(version, found.missing);
}
skipVersions("the dev server was not tried with the Python client", skipped);
