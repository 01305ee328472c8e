/**
 * Events and their handlers, as a user of the client sees them.
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { settle } from "../../../testing/virtual_clock.ts";
import { captureConsole } from "../support/capture_console.ts";
import { connectedClient, newClient, record } from "../support/connected_client.ts";
import { AUTHENTICATED, messagePayload, TIMESTAMP, USER } from "../support/fake_socket.ts";

Deno.test("authenticated has the user, the channel and the server's time", async () => {
  const { client, platform } = newClient();
  const events = record(client, "authenticated");
  const connecting = client.connect();
  (await platform.nextSocket()).accept();
  await connecting;
  assertEquals(events, [{ ...AUTHENTICATED, raw: AUTHENTICATED }]);
});

Deno.test("a message has unescaped text and names, and the raw payload as received", async () => {
  const { client, socket } = await connectedClient();
  const events = record(client, "message");
  socket.message("m1", "1 &lt; 2", "R&amp;D");
  assertEquals(events, [{
    id: "m1",
    user: { ...USER, display_name: "R&D" },
    content: "1 < 2",
    timestamp: TIMESTAMP,
    own: false,
    maybeTruncated: false,
    raw: messagePayload("m1", "1 &lt; 2", "R&amp;D"),
  }]);
});

Deno.test("a message of exactly 1,000 code points is marked: it may have been truncated", async () => {
  const { client, socket } = await connectedClient();
  const events = record(client, "message");
  socket.message("m1", "😀".repeat(1_000));
  socket.message("m2", "😀".repeat(999));
  assertEquals(events.map(({ maybeTruncated }) => maybeTruncated), [true, false]);
});

Deno.test("joins and leaves have the number of connections", async () => {
  const { client, socket } = await connectedClient();
  const joined = record(client, "user_joined");
  const left = record(client, "user_left");
  socket.emit("user_joined", { user: USER, timestamp: TIMESTAMP, total_connections: 2 });
  const user = { ...USER, display_name: "bot" };
  socket.emit("user_left", { user, timestamp: TIMESTAMP, remaining_connections: 1 });
  assertEquals(joined.map((event) => [event.user, event.total_connections]), [[USER, 2]]);
  assertEquals(left.map((event) => [event.user, event.remaining_connections]), [[user, 1]]);
});

Deno.test("both shapes of display_name_changed arrive as the same event", async () => {
  const { client, socket } = await connectedClient();
  const events = record(client, "display_name_changed");
  const user = { ...USER, display_name: "a&lt;b" };
  socket.emit("display_name_changed", { user, timestamp: TIMESTAMP, connection_id: "c" });
  socket.emit("display_name_changed", {
    user: { id: USER.id, email: USER.email },
    display_name: "a&lt;b",
    timestamp: TIMESTAMP,
  });
  assertEquals(events.map((event) => [event.user.display_name, event.display_name]), [
    ["a<b", "a<b"],
    ["a<b", "a<b"],
  ]);
  assertEquals(events.map(({ connection_id }) => connection_id), ["c", undefined]);
});

Deno.test("disconnect has an empty payload", async () => {
  const { client } = await connectedClient();
  const events = record(client, "disconnect");
  await client.disconnect();
  assertEquals(events, [{}]);
});

Deno.test("unknown fields and events are tolerated", async () => {
  const { client, socket } = await connectedClient();
  const events = record(client, "message");
  socket.emit("question", { id: "q", choices: ["a", "b"] });
  socket.emit("message", { ...messagePayload("m1"), content_type: "markdown", collapsed: true });
  assertEquals(events.map(({ raw }) => raw.content_type), ["markdown"]);
});

Deno.test("an event with a malformed payload reaches no handler, and is logged without the payload", async () => {
  const lines: string[] = [];
  const logger = { debug: (line: string) => void lines.push(line), info() {}, warn() {} };
  const { client, socket } = await connectedClient({ logger });
  const events = record(client, "message");
  socket.emit("message", { ...messagePayload("m1"), content: { secret: "hunter2" } });
  socket.emit("user_joined", null);
  assertEquals([events.length, lines.length], [0, 2]);
  assertMatch(lines[0] ?? "", /"message"/);
  assert(!lines.join().includes("hunter2"));
});

Deno.test("handlers are called in order; sync, async and failing ones do not affect each other", async () => {
  const { client, socket } = await connectedClient();
  const errors = record(client, "error");
  const calls: string[] = [];
  client.on("message", () => void calls.push("first"));
  client.on("message", () => {
    throw new Error("thrown");
  });
  client.on("message", async () => {
    await settle();
    throw new Error("rejected");
  });
  client.on("message", () => void calls.push("last"));
  socket.message("m1");
  assertEquals(calls, ["first", "last"]);
  await settle();
  await settle();
  assertEquals(errors.map(({ error, code }) => [error, code]), [
    ['A handler of "message" failed: thrown', 500],
    ['A handler of "message" failed: rejected', 500],
  ]);
  assertEquals([client.connected, socket.live], [true, true]);
});

Deno.test("a failing handler of any event does not affect connect, disconnect or reconnection", async () => {
  const { client, platform } = newClient();
  const errors = record(client, "error");
  for (const event of ["authenticated", "disconnect", "connection_state_changed"] as const) {
    client.on(event, () => {
      throw new Error(event);
    });
  }
  const connecting = client.connect();
  const socket = await platform.nextSocket();
  socket.accept();
  await connecting;
  socket.drop();
  (await platform.advanceToNextSocket()).accept();
  await settle();
  assert(client.connected);
  await client.disconnect();
  assertEquals(client.connectionState, "disconnected");
  const failed = new Set(errors.map(({ cause }) => cause instanceof Error && cause.message));
  assertEquals([...failed].toSorted(), [
    "authenticated",
    "connection_state_changed",
    "disconnect",
  ]);
});

Deno.test("a failing error handler is reported on the console once and nowhere else", async () => {
  const { client, socket } = await connectedClient();
  const errors = record(client, "error");
  client.on("error", () => {
    throw new Error("second failure");
  });
  client.on("message", () => {
    throw new Error("first failure");
  });
  const lines = await captureConsole(() => socket.message("m1"));
  assertEquals([lines.length, errors.length], [1, 1]);
  assertStringIncludes(lines[0] ?? "", "second failure");
});

Deno.test("off() removes one handler, or all handlers of an event; an unknown one is ignored", async () => {
  const { client, socket } = await connectedClient();
  const calls: string[] = [];
  const first = () => void calls.push("first");
  client.on("message", first);
  client.on("message", () => void calls.push("second"));
  client.off("message", () => {});
  client.off("message", first);
  socket.message("m1");
  assertEquals(calls, ["second"]);
  client.off("message");
  client.off("user_joined");
  socket.message("m2");
  assertEquals(calls, ["second"]);
});

Deno.test("handlers stay registered through reconnections, and are called once for each event", async () => {
  const { client, platform, socket } = await connectedClient();
  const events = record(client, "message");
  socket.drop();
  const next = await platform.advanceToNextSocket();
  next.accept();
  next.message("m1");
  assertEquals(events.length, 1);
  await client.disconnect();
});

Deno.test("lost connections are logged", async () => {
  const lines: string[] = [];
  const logger = { debug() {}, info: (line: string) => void lines.push(line), warn() {} };
  const { client, socket } = await connectedClient({ logger });
  socket.drop(1011, "restarting");
  assertEquals(lines, ["Connection lost: the connection was closed (code 1011, restarting)."]);
  await client.disconnect();
});
