/**
 * The display name: set, cleared, refused, and restored after a reconnection.
 * @module
 */
import type { AsyncClient, ClientLogger } from "@roomz/roomz/client";
import { assert, assertEquals } from "@std/assert";
import { settle } from "../../../testing/virtual_clock.ts";
import { connectedClient, newClient, record } from "../support/connected_client.ts";
import type { FakeSocket } from "../support/fake_socket.ts";

/** The names that the client requested on a connection. */
function namesAsked(socket: FakeSocket): unknown[] {
  return socket.requests.filter(({ name }) => name === "set_display_name")
    .map(({ payload }) => payload.display_name);
}

Deno.test("an accepted name appears in the result, in displayName and in user", async () => {
  const { client, socket } = await connectedClient();
  const naming = client.setDisplayName("a<b");
  assertEquals(socket.requests[0]?.payload, { display_name: "a<b" });
  assertEquals(client.user?.display_name, null);
  socket.answer(0, { status: "ok", display_name: "a&lt;b" });
  assertEquals(await naming, { status: "ok", display_name: "a<b" });
  assertEquals([client.displayName, client.user?.display_name], ["a<b", "a<b"]);
});

Deno.test("the user has the server's form of the name; displayName is the requested one", async () => {
  const { client, platform, socket } = await connectedClient();
  const naming = client.setDisplayName("  bot ");
  socket.answer(0, { status: "ok", display_name: "bot" });
  await naming;
  assertEquals([client.displayName, client.user?.display_name], ["  bot ", "bot"]);
  socket.drop();
  const next = await platform.advanceToNextSocket();
  next.accept();
  assertEquals(namesAsked(next), ["  bot "]);
  await client.disconnect();
});

Deno.test("null clears the name, and so does an empty string", async () => {
  for (const name of [null, ""]) {
    const { client, platform, socket } = await connectedClient();
    const naming = client.setDisplayName("bot");
    socket.answer(0, { status: "ok", display_name: "bot" });
    await naming;
    const clearing = client.setDisplayName(name);
    assertEquals(namesAsked(socket), ["bot", name]);
    socket.answer(1, { status: "ok", display_name: null });
    assertEquals(await clearing, { status: "ok", display_name: null });
    assertEquals([client.displayName, client.user?.display_name], [null, null]);
    socket.drop();
    const next = await platform.advanceToNextSocket();
    next.accept();
    assertEquals(namesAsked(next), [], "a cleared name is not restored");
  }
});

Deno.test("a refused name is not used", async () => {
  const { client, socket } = await connectedClient();
  const naming = client.setDisplayName("x".repeat(51));
  socket.answer(0, { error: "Display name must be 1-50 characters", code: 400 });
  assertEquals(await naming, { error: "Display name must be 1-50 characters", code: 400 });
  assertEquals([client.displayName, client.user?.display_name], [null, null]);
});

const long: readonly [name: string, displayName: string, sent: string | undefined][] = [
  ["longer than a frame", "x".repeat(1_100_000), undefined],
  ["longer than a frame in bytes", "é".repeat(600_000), undefined],
  ["longer than a frame in JSON", "\u0001".repeat(200_000), undefined],
  ["longer than a frame, with padding", ` ${"x".repeat(1_100_000)} `, undefined],
  ["spaces before a name", " ".repeat(1_100_000) + "bot", "bot"],
  ["line feeds after a name", "bot" + "\n".repeat(1_100_000), "bot"],
  ["nothing but white space", " ".repeat(1_100_000), " "],
  ["too long, but within a frame", "x".repeat(900_000), "x".repeat(900_000)],
];
for (const [name, displayName, sent] of long) {
  Deno.test(`a name that is too long is 400, and the connection stays: ${name}`, async () => {
    const { client, socket } = await connectedClient();
    const naming = client.setDisplayName(displayName);
    assertEquals(namesAsked(socket), sent === undefined ? [] : [sent]);
    if (sent === "bot") socket.answer(0, { status: "ok", display_name: sent });
    else if (sent !== undefined) socket.answer(0, { error: "1-50 characters", code: 400 });
    const result = await naming;
    assertEquals(result.status === "ok" ? 200 : result.code, sent === "bot" ? 200 : 400);
    assert(client.connected);
  });
}

Deno.test("a name request is 408 without an acknowledgement, 503 with the connection lost, 502 with an unrecognised one", async () => {
  const { client, platform, socket } = await connectedClient({ ackTimeout: 1_000 });
  const code = async (naming: ReturnType<typeof client.setDisplayName>) => {
    const result = await naming;
    assert(result.status === undefined);
    return result.code;
  };
  const late = client.setDisplayName("late");
  await platform.advance(1_000);
  assertEquals(await code(late), 408);
  const strange = client.setDisplayName("strange");
  socket.answer(1, { status: "ok", display_name: 5 });
  assertEquals(await code(strange), 502);
  const lost = client.setDisplayName("lost");
  socket.drop();
  assertEquals(await code(lost), 503);
  assertEquals(client.displayName, null);
  await client.disconnect();
});

Deno.test("a late acknowledgement of a name still counts", async () => {
  const { client, platform, socket } = await connectedClient({ ackTimeout: 1_000 });
  const naming = client.setDisplayName("late");
  await platform.advance(1_000);
  await naming;
  socket.answer(0, { status: "ok", display_name: "late" });
  assertEquals([client.displayName, client.user?.display_name], ["late", "late"]);
});

/** Sends a text as soon as it may, in the ways that a program can. */
const senders: Readonly<Record<string, (client: AsyncClient) => void>> = {
  "on authenticated": (client) => client.on("authenticated", () => void client.send("hello")),
  "on a change of the state": (client) => {
    client.on("connection_state_changed", ({ state }) => {
      if (state === "connected") void client.send("hello");
    });
  },
  "on each change, and another name later": (client) => {
    client.on("connection_state_changed", () => {
      if (client.connected) void client.sendText("hello");
    });
    client.on("authenticated", () => void client.setDisplayName("other"));
  },
};
for (const [when, start] of Object.entries(senders)) {
  Deno.test(`the option displayName is set before anything that a handler sends, also after a reconnection: ${when}`, async () => {
    const { client, platform } = newClient({ displayName: "bot" });
    start(client);
    const connecting = client.connect();
    let socket = await platform.nextSocket();
    for (let round = 0; round < 2; round++) {
      socket.accept();
      await connecting;
      await settle();
      const [first, second] = socket.requests;
      assertEquals([first?.payload, second?.name], [{ display_name: "bot" }, "message"]);
      socket.answer(0, { status: "ok", display_name: "bot" });
      assertEquals([client.displayName, client.user?.display_name], ["bot", "bot"]);
      socket.drop();
      socket = await platform.advanceToNextSocket();
    }
    await client.disconnect();
  });
}

Deno.test("when a handler learns that the client is connected, it knows the user", async () => {
  const { client, platform } = newClient({ displayName: "bot" });
  const users: unknown[] = [];
  client.on("connection_state_changed", ({ state }) => {
    users.push([state, client.user?.email]);
    if (state === "connected") void client.disconnect();
  });
  const authenticated = record(client, "authenticated");
  const connecting = client.connect();
  (await platform.nextSocket()).accept();
  await connecting.catch(() => {});
  await settle();
  assertEquals(users.at(-2), ["connected", "me@example.com"]);
  assertEquals([client.user, authenticated], [null, []]);
});

Deno.test("a reconnection restores the original name, never the escaped one", async () => {
  const { client, platform, socket } = await connectedClient();
  const naming = client.setDisplayName("<&'bot'>");
  socket.answer(0, { status: "ok", display_name: "&lt;&amp;&#x27;bot&#x27;&gt;" });
  await naming;
  let live = socket;
  for (let round = 0; round < 3; round++) {
    live.drop();
    live = await platform.advanceToNextSocket();
    live.accept();
    await settle();
    assertEquals(namesAsked(live), ["<&'bot'>"]);
    assertEquals(client.user?.display_name, null, "a reconnection loses the name");
    live.answer(0, { status: "ok", display_name: "&lt;&amp;&#x27;bot&#x27;&gt;" });
    assertEquals(client.user?.display_name, "<&'bot'>");
  }
  await client.disconnect();
});

Deno.test("connect() after disconnect() restores the name, too", async () => {
  const { client, platform, socket } = await connectedClient();
  const naming = client.setDisplayName("bot");
  socket.answer(0, { status: "ok", display_name: "bot" });
  await naming;
  await client.disconnect();
  assertEquals(client.displayName, "bot");
  const connecting = client.connect();
  const next = await platform.nextSocket();
  next.accept();
  await connecting;
  assertEquals(namesAsked(next), ["bot"]);
});

Deno.test("a name that cannot be restored is an error event with the server's code", async () => {
  const { client, platform } = newClient({ displayName: "\u0007" });
  const errors = record(client, "error");
  const connecting = client.connect();
  const socket = await platform.nextSocket();
  socket.accept();
  await connecting;
  socket.answer(0, { error: "No control characters", code: 400 });
  await settle();
  assertEquals(errors, [{
    error: "The display name was not set: No control characters",
    code: 400,
  }]);
  assert(client.connected);
});

/** A log that records its warnings. */
function warnings(): { logger: ClientLogger; lines: string[] } {
  const lines: string[] = [];
  return { logger: { debug() {}, info() {}, warn: (line) => void lines.push(line) }, lines };
}

/** What a server does with the name at each connect, and how many warnings and errors follow. */
const unsupported: readonly [
  name: string,
  answers: readonly ("none" | "ok" | "late" | "refused" | "lost")[],
  counts: readonly [warnings: number, errors: number],
][] = [
  ["never answers", ["none", "none", "none", "none"], [1, 0]],
  ["answers", ["ok", "ok"], [0, 0]],
  ["answers too late", ["late", "late"], [1, 0]],
  ["does not answer once", ["ok", "none", "ok", "none"], [1, 0]],
  ["refuses", ["refused", "refused"], [0, 2]],
  ["does not answer, then refuses", ["none", "refused"], [1, 1]],
  ["is lost", ["lost", "none", "lost"], [1, 0]],
];
for (const [name, answers, counts] of unsupported) {
  Deno.test(`a name is tried at every connect, with one warning if the server knows none: it ${name}`, async () => {
    const { logger, lines } = warnings();
    const { client, platform } = newClient({ displayName: "bot", logger, reconnectDelay: 0 });
    const errors = record(client, "error");
    const connecting = client.connect();
    let socket = await platform.nextSocket();
    for (const answer of answers) {
      socket.accept();
      await settle();
      assertEquals([client.connected, namesAsked(socket)], [true, ["bot"]]);
      if (answer === "ok") socket.answer(0, { status: "ok", display_name: "bot" });
      if (answer === "refused") socket.answer(0, { error: "No", code: 400 });
      if (answer === "none" || answer === "late") await platform.advance(5_000);
      if (answer === "late") socket.answer(0, { status: "ok", display_name: "bot" });
      await settle();
      socket.drop();
      socket = await platform.advanceToNextSocket();
    }
    await connecting;
    assertEquals([lines.length, errors.length], counts);
    assertEquals(lines.every((line) => line.includes("did not answer")), true);
    await client.disconnect();
  });
}

Deno.test("losing the connection while the name is being restored is not reported as an error of the name", async () => {
  const { client, platform } = newClient({ displayName: "bot" });
  const errors = record(client, "error");
  const connecting = client.connect();
  const socket = await platform.nextSocket();
  socket.accept();
  await connecting;
  socket.drop();
  const next = await platform.advanceToNextSocket();
  next.accept();
  await settle();
  assertEquals([errors.length, namesAsked(next)], [0, ["bot"]]);
});
