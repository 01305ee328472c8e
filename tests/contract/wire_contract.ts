/**
 * Contract: WebSocket frames, their order, and requests that get no answer.
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { ContractTest } from "./support/scene.ts";
import { mintSession, REFUSED_EMAIL } from "./support/target.ts";

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Checks the timestamp of a payload, and removes it. */
function untimed(
  payload: Readonly<Record<string, unknown>>,
  field = "timestamp",
): Readonly<Record<string, unknown>> {
  const { [field]: time, ...rest } = payload;
  assertMatch(String(time), TIMESTAMP);
  return rest;
}

export function wireContract(test: ContractTest): void {
  test("the handshake: open packet, authenticated, and only then the connect packet", async (scene) => {
    const wire = await scene.wire();
    const open = await wire.next();
    assertEquals(open[0], "0");
    const { sid, ...settings } = JSON.parse(open.slice(1));
    assertEquals(typeof sid, "string");
    assertEquals(settings, {
      upgrades: [],
      pingInterval: 25_000,
      pingTimeout: 20_000,
      maxPayload: 1_000_000,
    });

    wire.send("40");
    assertEquals(untimed(await wire.nextPayload("authenticated"), "server_time"), {
      user: { id: `user:${scene.email}`, email: scene.email, display_name: null },
      channel: `user:${scene.email}`,
    });
    const connected = await wire.next();
    assertStringIncludes(connected, "40{");
    assertEquals(Object.keys(JSON.parse(connected.slice(2))), ["sid"]);
  });

  test("a session that is missing, forged, expired or not allowed is refused with 44", async (scene) => {
    const sessions = [
      null,
      "x",
      await scene.session({ secret: "another secret of 32 characters or more" }),
      await scene.session({ expiresIn: -60_000 }),
      await mintSession(REFUSED_EMAIL),
    ];
    for (const session of sessions) {
      const wire = await scene.wire(session);
      assertStringIncludes(await wire.next(), "0{");
      wire.send("40");
      const refused = await wire.next();
      assertEquals(refused.slice(0, 2), "44");
      assertEquals(JSON.parse(refused.slice(2)), { message: "Connection rejected by server" });
    }
  });

  test("a message is broadcast before it is acknowledged", async (scene) => {
    const [wire, other] = [await scene.join(), await scene.join()];
    await wire.nextPayload("user_joined");
    wire.emit(7, "message", { content: `a<b>"c'&`, more: "is ignored" });
    const broadcast = await wire.nextPayload("message");
    const ack = await wire.nextAck(7);
    assertEquals(untimed(ack), { status: "ok", message_id: broadcast.id });
    assertEquals(ack.timestamp, broadcast.timestamp);
    assertMatch(String(broadcast.id), UUID);
    assertEquals(untimed(broadcast), {
      id: ack.message_id,
      user: { id: `user:${scene.email}`, email: scene.email, display_name: null },
      content: "a&lt;b&gt;&quot;c&#x27;&amp;",
    });
    assertEquals(await other.nextPayload("message"), broadcast);
  });

  test("content is stripped, escaped, then truncated to 1,000 code points", async (scene) => {
    const wire = await scene.join();
    const contents = [
      { sent: "\x1f\x85 a \ufeff", kept: "a \ufeff" },
      { sent: " \n ", kept: "" },
      { sent: "<".repeat(251), kept: "&lt;".repeat(250) },
      { sent: `${"x".repeat(998)}'`, kept: `${"x".repeat(998)}&#` },
      { sent: "😀".repeat(1_001), kept: "😀".repeat(1_000) },
    ];
    for (const [id, { sent, kept }] of contents.entries()) {
      wire.emit(id, "message", { content: sent });
      assertEquals((await wire.nextPayload("message")).content, kept);
      assertEquals((await wire.nextAck(id)).status, "ok");
    }
  });

  test("a message without text is refused with 400, and reaches nobody", async (scene) => {
    const [wire, other] = [await scene.join(), await scene.join()];
    await wire.nextPayload("user_joined");
    const format = { error: "Invalid message format", code: 400 };
    const content = { error: "Missing or invalid 'content' field", code: 400 };
    const refused: readonly (readonly [payload: unknown, ack: unknown])[] = [
      ["text", format],
      [["a"], format],
      [5, format],
      [null, format],
      [{}, content],
      [{ content: "" }, content],
      [{ content: null }, content],
      [{ content: 5 }, content],
      [{ content: ["a"] }, content],
      [{ content: {} }, content],
    ];
    for (const [id, [payload, ack]] of refused.entries()) {
      wire.emit(id, "message", payload);
      assertEquals(await wire.nextAck(id), ack, JSON.stringify(payload));
    }
    wire.emit(100, "message", { content: "the first to arrive" });
    assertEquals((await other.nextPayload("message")).content, "the first to arrive");
  });

  test("unknown events, no or two payloads, and names that are not text get no answer", async (scene) => {
    const wire = await scene.join();
    wire.emit(1, "who", {});
    wire.emit(2, "message");
    wire.emit(3, "message", { content: "one" }, { content: "two" });
    wire.emit(4, "set_display_name", "phone");
    wire.emit(5, "set_display_name", ["phone"]);
    wire.emit(6, "set_display_name", null);
    wire.emit(7, "set_display_name", { display_name: 5 });
    wire.emit(8, "set_display_name", { display_name: { first: "Ada" } });
    wire.emit(9, "message", { content: "answered" });
    assertEquals((await wire.nextPayload("message")).content, "answered");
    assertEquals((await wire.nextAck(9)).status, "ok");
  });

  test("a message that requests no acknowledgement gets none", async (scene) => {
    const wire = await scene.join();
    wire.send('42["message",{"content":"quiet"}]');
    wire.emit(0, "message", { content: "loud" });
    assertEquals((await wire.nextPayload("message")).content, "quiet");
    assertEquals((await wire.nextPayload("message")).content, "loud");
    assertEquals((await wire.nextAck(0)).status, "ok");
  });

  test("a name is escaped in its acknowledgement and in every event", async (scene) => {
    const [wire, other] = [await scene.join(), await scene.join()];
    await wire.nextPayload("user_joined");
    const user = { id: `user:${scene.email}`, email: scene.email, display_name: "a&lt;b" };
    wire.emit(0, "set_display_name", { display_name: " a<b " });
    assertEquals(await wire.nextAck(0), { status: "ok", display_name: "a&lt;b" });
    const { connection_id, ...change } = untimed(await other.nextPayload("display_name_changed"));
    assertEquals(change, { user });
    assertMatch(String(connection_id), UUID);
    wire.emit(1, "message", { content: "hello" });
    assertEquals((await other.nextPayload("message")).user, user);
    await wire.nextPayload("message");
    await wire.nextAck(1);
    wire.send("41");
    const left = untimed(await other.nextPayload("user_left"));
    assertEquals(left, { user, remaining_connections: 1 });
  });

  test("a name is refused or cleared like on the service", async (scene) => {
    const wire = await scene.join();
    const refused = {
      error: "Invalid display name: must be 1-50 characters, no newlines",
      code: 400,
    };
    const cleared = { status: "ok", display_name: null };
    const names: readonly (readonly [name: unknown, ack: unknown])[] = [
      ["x".repeat(51), refused],
      ["  ", refused],
      ["two\nlines", refused],
      ["a\u0000b", refused],
      [null, cleared],
      ["", cleared],
      [0, cleared],
      [false, cleared],
      [[], cleared],
      [{}, cleared],
      ["tab\there", { status: "ok", display_name: "tab\there" }],
    ];
    for (const [id, [name, ack]] of names.entries()) {
      wire.emit(id, "set_display_name", { display_name: name });
      assertEquals(await wire.nextAck(id), ack, JSON.stringify(name));
    }
    wire.emit(100, "set_display_name", {});
    assertEquals(await wire.nextAck(100), cleared);
  });

  test("joining and leaving are announced to the others only, with the count", async (scene) => {
    const wire = await scene.join();
    const user = { id: `user:${scene.email}`, email: scene.email, display_name: null };
    const other = await scene.join();
    const joined = untimed(await wire.nextPayload("user_joined"));
    assertEquals(joined, { user, total_connections: 2 });
    await other[Symbol.asyncDispose]();
    const left = untimed(await wire.nextPayload("user_left"));
    assertEquals(left, { user, remaining_connections: 1 });
    wire.emit(0, "message", { content: "nothing came between" });
    await wire.nextPayload("message");
    assert(await wire.nextAck(0));
  });
}
