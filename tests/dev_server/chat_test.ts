/**
 * The chat, frame by frame.
 * @module
 */
import { createDevServer, type DevServer, type DevServerOptions } from "@roomz/roomz/dev-server";
import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { RawClient } from "../support/raw_client.ts";
import { join } from "./support/join.ts";
import { leakChecked } from "./support/leak_checked.ts";

const UUID4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TIME = "2026-11-22T10:00:00.123456+00:00";
const ADA = { id: "user:ada@example.com", email: "ada@example.com", display_name: null };

function startServer(options: Partial<DevServerOptions> = {}): Promise<DevServer> {
  return createDevServer({
    port: 0,
    allowedEmails: ["ada@example.com", "bob@example.com"],
    clock: () => Date.UTC(2026, 10, 22, 10) + 123.456,
    ...options,
  });
}

leakChecked("authenticated is sent before the answer to the connect packet", async () => {
  await using server = await startServer();
  await using client = await RawClient.open(
    server.url,
    await server.mintSession("ada@example.com"),
  );

  const open = await client.next();
  assertEquals(open[0], "0");
  const { sid, ...parameters } = JSON.parse(open.slice(1));
  assertMatch(sid, /^[\w-]{20}$/);
  assertEquals(parameters, {
    upgrades: [],
    pingInterval: 25_000,
    pingTimeout: 20_000,
    maxPayload: 1_000_000,
  });

  client.send("40");
  assertEquals(await client.nextEvent(), [
    "authenticated",
    { user: ADA, channel: "user:ada@example.com", server_time: TIME },
  ]);
  assertMatch(await client.next(), /^40\{"sid":"[\w-]{20}"\}$/);
  assertEquals(server.connections, 1);
});

leakChecked(
  "a new connection is announced to the others of its account only",
  async () => {
    await using server = await startServer();
    await using first = await join(server);
    await using stranger = await join(server, "bob@example.com");
    await using second = await join(server);

    assertEquals(await first.nextEvent(), [
      "user_joined",
      { user: ADA, timestamp: TIME, total_connections: 2 },
    ]);
    // The next frame of each of the others is the answer to its own request.
    second.emit(1, "set_display_name", {});
    await second.nextAck(1);
    stranger.emit(2, "set_display_name", {});
    await stranger.nextAck(2);
  },
);

leakChecked("an invalid session is refused, and the client can try again", async () => {
  await using server = await startServer();
  const refused = '44{"message":"Connection rejected by server"}';
  for (const session of [null, "wrong", await server.mintSession("eve@example.com")]) {
    await using client = await RawClient.open(server.url, session);
    await client.next();
    client.send("40");
    assertEquals(await client.next(), refused);
    client.send("40");
    assertEquals(await client.next(), refused);
  }
  assertEquals(server.connections, 0);
});

leakChecked("a full server refuses with the same error until someone leaves", async () => {
  await using server = await startServer({ maxConnections: 1 });
  await using first = await join(server);
  await using second = await RawClient.open(
    server.url,
    await server.mintSession("bob@example.com"),
  );
  await second.next();
  second.send("40");
  assertEquals(await second.next(), '44{"message":"Connection rejected by server"}');

  first.send("41");
  assertEquals((await first.nextEvent())[0], "user_left");
  second.send("40");
  assertEquals((await second.nextEvent())[0], "authenticated");
  assertEquals(server.connections, 1);
});

leakChecked("simultaneous connections do not exceed the limit", async () => {
  await using server = await startServer({ maxConnections: 3 });
  const session = await server.mintSession("ada@example.com");
  const clients = await Promise.all(
    Array.from({ length: 8 }, () => RawClient.open(server.url, session)),
  );
  for (const client of clients) client.send("40");
  let refused = 0;
  for (const client of clients) {
    await client.next();
    if ((await client.next()).startsWith("44")) refused++;
  }
  assertEquals([refused, server.connections], [5, 3]);
  await Promise.all(clients.map((client) => client.close()));
});

leakChecked(
  "a message reaches the whole channel, and its sender before the acknowledgement",
  async () => {
    await using server = await startServer();
    await using other = await join(server);
    await using stranger = await join(server, "bob@example.com");
    await using sender = await join(server);
    await other.nextEvent();

    sender.emit(0, "message", { content: ` <b>"it's" & x\n` });
    const received = await sender.nextEvent();
    const ack = await sender.nextAck(0);
    assertMatch(String(ack.message_id), UUID4);
    assertEquals(ack, { status: "ok", message_id: ack.message_id, timestamp: TIME });
    const content = "&lt;b&gt;&quot;it&#x27;s&quot; &amp; x";
    assertEquals(received, [
      "message",
      { id: ack.message_id, user: ADA, content, timestamp: TIME },
    ]);
    assertEquals(await other.nextEvent(), received);
    stranger.emit(1, "set_display_name", {});
    await stranger.nextAck(1);
  },
);

leakChecked("messages come back in order, each followed by its acknowledgement", async () => {
  await using server = await startServer();
  await using client = await join(server);
  for (let i = 0; i < 50; i++) client.emit(i, "message", { content: `${i}` });
  const ids = new Set<unknown>();
  for (let i = 0; i < 50; i++) {
    assertEquals((await client.nextEvent())[1].content, `${i}`);
    ids.add((await client.nextAck(i)).message_id);
  }
  assertEquals(ids.size, 50);
});

leakChecked("a message that requests no acknowledgement gets none", async () => {
  await using server = await startServer();
  await using client = await join(server);
  client.send('42["message",{"content":"one"}]');
  client.send('42["message",{"content":"two"}]');
  assertEquals((await client.nextEvent())[1].content, "one");
  assertEquals((await client.nextEvent())[1].content, "two");
});

leakChecked(
  "content is stripped like in Python, and truncated to 1,000 escaped code points",
  async () => {
    await using server = await startServer();
    await using client = await join(server);
    const kept: readonly (readonly [sent: string, kept: string])[] = [
      ["   ", ""],
      ["\u001c\u0085\ufeffx\ufeff\u00a0", "\ufeffx\ufeff"],
      ["a\tb\u0000c", "a\tb\u0000c"],
      ["\ud800", "\ud800"],
      ["x".repeat(1001), "x".repeat(1000)],
      ["😀".repeat(1001), "😀".repeat(1000)],
      ["x".repeat(998) + "&", "x".repeat(998) + "&a"],
      [` ${"y".repeat(999)} z`, "y".repeat(999) + " "],
    ];
    for (const [sent, content] of kept) {
      client.emit(0, "message", { content: sent });
      assertEquals((await client.nextEvent())[1].content, content);
      assertEquals((await client.nextAck(0)).status, "ok");
    }
  },
);

leakChecked("a message without text is refused with 400", async () => {
  await using server = await startServer();
  await using client = await join(server);
  for (const payload of [null, "hi", 5, [1], [{ content: "x" }]]) {
    client.emit(3, "message", payload);
    assertEquals(await client.nextAck(3), { error: "Invalid message format", code: 400 });
  }
  for (const content of ["", null, 0, 5, true, ["x"], { text: "x" }]) {
    client.emit(4, "message", { content });
    const error = "Missing or invalid 'content' field";
    assertEquals(await client.nextAck(4), { error, code: 400 });
  }
  client.emit(5, "message", {});
  assertEquals((await client.nextAck(5)).code, 400);
});

leakChecked("binary content is refused, like anything that is not text", async () => {
  await using server = await startServer();
  await using client = await join(server);
  client.send('451-6["message",{"content":{"_placeholder":true,"num":0}}]');
  client.sendBytes(new Uint8Array([1, 2, 3]));
  assertEquals((await client.nextAck(6)).error, "Missing or invalid 'content' field");
});

leakChecked("events with an unknown name, no payload or several get no answer", async () => {
  await using server = await startServer();
  await using client = await join(server);
  client.emit(1, "message");
  client.emit(2, "message", { content: "x" }, 1);
  client.emit(3, "set_display_name");
  client.emit(4, "set_display_name", {}, {});
  client.emit(5, "who", {});
  client.emit(6, "message", { content: "after" });
  assertEquals((await client.nextEvent())[1].content, "after");
  await client.nextAck(6);
});

leakChecked(
  "the others receive a new name with its connection id, and it lasts until the connection leaves",
  async () => {
    await using server = await startServer();
    await using other = await join(server);
    await using client = await join(server);
    await other.nextEvent();

    client.emit(1, "set_display_name", { display_name: " Ada <3 " });
    assertEquals(await client.nextAck(1), { status: "ok", display_name: "Ada &lt;3" });
    const user = { ...ADA, display_name: "Ada &lt;3" };
    const [event, changed] = await other.nextEvent();
    assertEquals(event, "display_name_changed");
    const { connection_id } = changed;
    assertEquals(changed, { user, timestamp: TIME, connection_id });
    assertMatch(String(connection_id), UUID4);

    client.emit(2, "message", { content: "hello" });
    assertEquals((await client.nextEvent())[1].user, user);
    await client.nextAck(2);
    assertEquals((await other.nextEvent())[1].user, user);

    client.emit(3, "set_display_name", { display_name: null });
    assertEquals(await client.nextAck(3), { status: "ok", display_name: null });
    const cleared = (await other.nextEvent())[1];
    assertEquals(cleared, { user: ADA, timestamp: TIME, connection_id });

    other.emit(4, "set_display_name", { display_name: "Other" });
    await other.nextAck(4);
    assertNotEquals((await client.nextEvent())[1].connection_id, connection_id);

    client.emit(5, "set_display_name", { display_name: "Ada" });
    await client.nextAck(5);
    await other.nextEvent();
    await client.close();
    assertEquals(await other.nextEvent(), [
      "user_left",
      { user: { ...ADA, display_name: "Ada" }, timestamp: TIME, remaining_connections: 1 },
    ]);
  },
);

leakChecked(
  "a name is accepted, cleared, refused or ignored, like on the service",
  async () => {
    await using server = await startServer();
    await using client = await join(server);
    const ok = (display_name: string | null): unknown => ({ status: "ok", display_name });
    const refused = {
      error: "Invalid display name: must be 1-50 characters, no newlines",
      code: 400,
    };
    const answers: readonly (readonly [name: unknown, answer: unknown])[] = [
      ["\ta\n", ok("a")],
      ["a\tb", ok("a\tb")],
      ["a\u007fb\u0085c\u202e", ok("a\u007fb\u0085c\u202e")],
      ["n".repeat(50), ok("n".repeat(50))],
      ["😀".repeat(50), ok("😀".repeat(50))],
      ["<".repeat(50), ok("&lt;".repeat(50))],
      ["", ok(null)],
      [null, ok(null)],
      [0, ok(null)],
      [false, ok(null)],
      [[], ok(null)],
      [{}, ok(null)],
      ["  ", refused],
      ["n".repeat(51), refused],
      ["😀".repeat(51), refused],
      ["a\nb", refused],
      ["a\rb", refused],
      ["a\u0000b", refused],
      ["a\u001fb", refused],
    ];
    for (const [display_name, answer] of answers) {
      client.emit(1, "set_display_name", { display_name });
      assertEquals(await client.nextAck(1), answer, JSON.stringify(display_name));
    }
    for (const payload of [null, "x", 5, [1], ...[5, true, ["a"], { a: 1 }].map(named)]) {
      client.emit(2, "set_display_name", payload);
    }
    client.emit(3, "set_display_name", {});
    assertEquals(await client.nextAck(3), ok(null));
  },
);

function named(display_name: unknown): unknown {
  return { display_name };
}

leakChecked("a client that leaves the namespace receives user_left and can rejoin", async () => {
  await using server = await startServer();
  await using other = await join(server);
  await using client = await join(server);
  await other.nextEvent();
  const left = ["user_left", { user: ADA, timestamp: TIME, remaining_connections: 1 }] as const;

  client.send("41");
  assertEquals(await client.nextEvent(), left);
  assertEquals(await other.nextEvent(), left);
  assertEquals(server.connections, 1);

  client.send("40");
  assertEquals((await client.nextEvent())[0], "authenticated");
  assertEquals((await other.nextEvent())[1].total_connections, 2);
  assertEquals(server.connections, 2);
});

leakChecked("a malformed Socket.IO packet is ignored, as on the service", async () => {
  await using server = await startServer();
  await using client = await join(server);
  const frames = [
    ...["42{bad", '42{"a":1}', "42[]", "42[5]", "49", "4", "43", "44{}", "45-[]", "450-[]", "46"],
    '42["connect",1]',
    `42${"9".repeat(101)}["message",{}]`,
    ...["0", "2", "2probe", "6", "7", "9"],
  ];
  for (const frame of frames) {
    client.send(frame);
    client.emit(1, "set_display_name", {});
    assertEquals(await client.nextAck(1), { status: "ok", display_name: null }, frame);
  }
});

leakChecked(
  "a frame that is not an Engine.IO packet ends its own connection only",
  async () => {
    await using server = await startServer();
    await using other = await join(server);
    for (const frame of ["x", "", "\u0000", "é", "b?"]) {
      await using client = await join(server);
      await other.nextEvent();
      client.send(frame);
      await client.closed;
      assertEquals((await other.nextEvent())[0], "user_left", frame);
    }
    assertEquals(server.connections, 1);
  },
);

leakChecked("a frame longer than maxPayload characters ends the connection", async () => {
  await using server = await startServer({ maxPayload: 1000 });
  await using client = await RawClient.open(
    server.url,
    await server.mintSession("ada@example.com"),
  );
  assertEquals(JSON.parse((await client.next()).slice(1)).maxPayload, 1000);
  client.send("40");
  await client.nextEvent();
  await client.next();
  const [start, end] = ['420["message",{"content":"', '"}]'];
  client.send(start + "😀".repeat(1000 - start.length - end.length) + end);
  await client.nextEvent();
  await client.nextAck(0);
  client.send("4" + "x".repeat(1000));
  assertEquals((await client.closed).code, 1000);
});

leakChecked("a client that does not answer a heartbeat is disconnected", async () => {
  await using server = await startServer({ pingInterval: 20, pingTimeout: 400 });
  await using client = await join(server);
  assertEquals(await client.next(), "2");
  client.send("3");
  assertEquals(await client.next(), "2");
  await client.closed;
  assertEquals(server.connections, 0);
});

leakChecked("timestamps use the system clock unless a clock is given", async () => {
  await using server = await createDevServer({ port: 0, allowedEmails: "*" });
  await using client = await join(server);
  const before = Date.now();
  client.emit(0, "message", { content: "now" });
  const timestamp = String((await client.nextEvent())[1].timestamp);
  assertMatch(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00$/);
  assert(before <= Date.parse(timestamp) + 1 && Date.parse(timestamp) <= Date.now());
  await client.nextAck(0);
});
