import { assert, assertEquals } from "@std/assert";
import {
  CLOSE_TIMEOUT,
  type ConnectionEnd,
  SocketIoConnection,
} from "../../../client/connection/socket_io_connection.ts";
import { FakePlatform } from "../support/fake_platform.ts";
import { AUTHENTICATED, FakeSocket } from "../support/fake_socket.ts";

function newConnection() {
  const platform = new FakePlatform();
  const calls: string[] = [];
  const ends: ConnectionEnd[] = [];
  const skipped: string[] = [];
  const connection = new SocketIoConnection({
    platform,
    url: "ws://roomz.test/",
    cookie: "session_token=a.b.c",
    listener: {
      ready: (event) => void calls.push(`ready ${event.channel}`),
      ended: (end) => {
        calls.push(`ended ${end.reason}`);
        ends.push(end);
      },
      skipped: (problem) => void skipped.push(problem),
      event: (name, payload) => void calls.push(`event ${name} ${JSON.stringify(payload)}`),
      acknowledgement: (id, args) => void calls.push(`ack ${id} ${JSON.stringify(args)}`),
    },
  });
  const socket = platform.sockets[0] ?? new FakeSocket("", "");
  return { platform, connection, socket, calls, ends, skipped };
}

const READY = `ready ${AUTHENTICATED.channel}`;

Deno.test("the socket is opened with the URL and the session's cookie", () => {
  const { socket } = newConnection();
  assertEquals([socket.url, socket.cookie], ["ws://roomz.test/", "session_token=a.b.c"]);
});

Deno.test("the client joins once, after the open packet", () => {
  const { socket } = newConnection();
  socket.open();
  assertEquals(socket.sent, []);
  socket.deliver('0{"sid":"s","pingInterval":25000,"pingTimeout":20000}');
  assertEquals(socket.sent, ["40"]);
  socket.deliver('0{"sid":"t","pingInterval":1,"pingTimeout":1}');
  assertEquals(socket.sent, ["40"], "a second open packet is ignored");
});

Deno.test("a connection is ready once the event and the connect packet have arrived, in any order", () => {
  const event = `42${JSON.stringify(["authenticated", AUTHENTICATED])}`;
  for (const frames of [[event, '40{"sid":"s"}'], ['40{"sid":"s"}', event], [event, "40"]]) {
    const { socket, calls } = newConnection();
    socket.openEngine();
    socket.deliver(frames[0] ?? "");
    assertEquals(calls, []);
    socket.deliver(frames[1] ?? "");
    assertEquals(calls, [READY]);
    socket.deliver('40{"sid":"again"}');
    assertEquals(calls, [READY], "a second connect packet is ignored");
  }
});

Deno.test("events that arrive before the connect packet are delivered after it, in order", () => {
  const { socket, calls } = newConnection();
  socket.openEngine();
  socket.emit("user_joined", 1);
  socket.emit("authenticated", AUTHENTICATED);
  socket.emit("message", 2);
  assertEquals(calls, []);
  socket.deliver("40");
  assertEquals(calls, [READY, "event user_joined 1", "event message 2"]);
});

Deno.test("up to a hundred events before the connect packet are kept", () => {
  const { socket, calls } = newConnection();
  socket.openEngine();
  for (let i = 0; i < 10_000; i++) socket.emit("message", i);
  socket.emit("authenticated", AUTHENTICATED);
  socket.deliver("40");
  assertEquals(calls.length, 101);
});

Deno.test("events and acknowledgements are passed on with their payloads", () => {
  const { socket, calls } = newConnection();
  socket.accept();
  socket.deliver('42["message",{"a":1},"more"]');
  socket.deliver('42["bare"]');
  socket.deliver('437[{"b":2},3]');
  assertEquals(calls, [
    READY,
    'event message {"a":1}',
    "event bare undefined",
    'ack 7 [{"b":2},3]',
  ]);
});

Deno.test("a request is sent as an event with an id, its payload escaped as JSON", () => {
  const { connection, socket } = newConnection();
  socket.accept();
  connection.send(12, "message", { content: 'a"\n\ud83d😀' });
  assertEquals(socket.sent.at(-1), '4212["message",{"content":"a\\"\\n\\ud83d😀"}]');
});

Deno.test("a ping is answered with a pong that repeats its data", () => {
  const { socket } = newConnection();
  socket.openEngine();
  socket.deliver("2");
  socket.deliver("2probe");
  assertEquals(socket.sent, ["40", "3", "3probe"]);
});

/** What another kind of server may send first. */
const foreign = ["hello", "", "4", '40{"sid":"s"}', "0", "0{bad", "0{}", "9", "<html>"];

for (const frame of foreign) {
  Deno.test(`a server whose first frame is ${JSON.stringify(frame)} is not Roomz`, () => {
    const { socket, ends } = newConnection();
    socket.open();
    socket.deliver(frame);
    assertEquals(ends.map(({ reason }) => reason), ["foreign"]);
    assertEquals(socket.live, false);
  });
}

Deno.test("a server whose first frame is binary is not Roomz", () => {
  const { socket, ends } = newConnection();
  socket.open();
  socket.deliver(new ArrayBuffer(8));
  assertEquals(ends.map(({ reason }) => reason), ["foreign"]);
});

/** Frames that a live connection must ignore. */
const skippable: readonly (string | ArrayBuffer)[] = [
  "",
  "4",
  "42",
  "430",
  "43",
  "42[",
  "42{}",
  "0{bad",
  '0{"sid":"s","pingInterval":1,"pingTimeout":1}',
  "3",
  "3probe",
  "5",
  "6",
  "7",
  "999",
  "x",
  "44",
  '44"refused"',
  "40[]",
  "42/other,1",
  '42/other,["message",1]',
  "41/other",
  "41{}",
  '4399999999999999999999[{"status":"ok"}]',
  "45a-",
  "451.23-",
  new ArrayBuffer(0),
  new ArrayBuffer(100),
];

for (const frame of skippable) {
  const name = typeof frame === "string" ? JSON.stringify(frame) : `${frame.byteLength} bytes`;
  Deno.test(`the frame ${name} neither ends a connection nor reaches a handler`, () => {
    const { platform, socket, calls } = newConnection();
    socket.accept();
    socket.deliver(frame);
    assertEquals(calls, [READY]);
    socket.deliver('42["message",1]');
    assertEquals(calls, [READY, "event message 1"]);
    assertEquals(platform.sockets.length, 1);
  });
}

Deno.test("a skipped frame is reported for the log, without its content", () => {
  const { socket, skipped } = newConnection();
  socket.accept();
  socket.deliver('42["secret text"');
  assertEquals(skipped.length, 1);
  assert(!skipped[0]?.includes("secret"));
});

Deno.test("only the attachments of a binary event are skipped with it", () => {
  const { socket, calls, skipped } = newConnection();
  socket.accept();
  socket.deliver('452-["file",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
  socket.deliver(new ArrayBuffer(3));
  socket.deliver(new ArrayBuffer(3));
  assertEquals(skipped, []);
  socket.deliver(new ArrayBuffer(3));
  assertEquals(skipped.length, 1, "a third one is unexpected");
  socket.deliver('42["message",1]');
  assertEquals(calls, [READY, "event message 1"]);
});

Deno.test("a text event in the middle of a binary one is read", () => {
  const { socket, calls, skipped } = newConnection();
  socket.accept();
  socket.deliver('451-["file",{"_placeholder":true,"num":0}]');
  socket.deliver('42["message",1]');
  assertEquals(calls, [READY, "event message 1"]);
  assertEquals(skipped.length, 1);
});

Deno.test("a disconnect in the middle of a binary event ends the connection", () => {
  const { socket, calls } = newConnection();
  socket.accept();
  socket.deliver('451-["file",{"_placeholder":true,"num":0}]');
  socket.deliver("41");
  assertEquals(calls, [READY, "ended lost"]);
});

const refusals: readonly [frame: string, detail: string][] = [
  ['44{"message":"Connection rejected by server"}', "Connection rejected by server"],
  ['44"no"', "no"],
  ["44", "no reason given"],
  ['44{"message":5}', "no reason given"],
  ["44{}", "no reason given"],
];

for (const [frame, detail] of refusals) {
  Deno.test(`${frame} while joining is a refusal: ${detail}`, () => {
    const { socket, ends } = newConnection();
    socket.openEngine();
    socket.deliver(frame);
    assertEquals(ends, [{ reason: "refused", detail }]);
    assertEquals(socket.live, false);
  });
}

for (const frame of ["1", "41"]) {
  Deno.test(`the server ends a connection with ${frame}`, () => {
    const { socket, calls } = newConnection();
    socket.accept();
    socket.deliver(frame);
    assertEquals(calls, [READY, "ended lost"]);
    assertEquals(socket.live, false);
  });
}

Deno.test("a socket that does not open is reported once as unreachable, with the runtime's message", () => {
  const { socket, ends } = newConnection();
  socket.fail("connection refused");
  assertEquals(ends, [{ reason: "unreachable", detail: "connection refused" }]);
});

Deno.test("a socket that closes before any frame is unreachable, too", () => {
  const { socket, ends } = newConnection();
  socket.open();
  socket.drop(1006);
  assertEquals(ends.map(({ reason }) => reason), ["unreachable"]);
});

Deno.test("a socket that closes later is lost, with code and reason", () => {
  for (const accept of [true, false]) {
    const { socket, ends } = newConnection();
    if (accept) socket.accept();
    else socket.openEngine();
    socket.drop(1008, "policy");
    assertEquals(ends, [{
      reason: "lost",
      detail: "the connection was closed (code 1008, policy)",
      closeCode: 1008,
    }]);
  }
});

Deno.test("nothing is called after the end, whatever still arrives", async () => {
  const { platform, socket, calls } = newConnection();
  socket.halfOpen = true;
  socket.accept();
  socket.deliver("41");
  const count = calls.length;
  socket.deliver('42["message",1]');
  socket.deliver("430[]");
  socket.fail("late");
  await platform.advance(1e6);
  assertEquals(calls.length, count);
});

Deno.test("silence for pingInterval + pingTimeout ends a connection, within 250 ms", async () => {
  const { platform, socket, ends } = newConnection();
  socket.accept({ pingInterval: 300, pingTimeout: 200 });
  await platform.advance(499);
  assertEquals(ends, []);
  await platform.advance(251);
  assertEquals(ends.map(({ reason }) => reason), ["silent"]);
  assertEquals(socket.live, false);
});

Deno.test("any frame counts as a sign of life", async () => {
  const { platform, socket, ends } = newConnection();
  socket.accept({ pingInterval: 300, pingTimeout: 200 });
  for (const frame of ["2", '42["message",1]', "6", "rubbish", new ArrayBuffer(1), "2", "3"]) {
    await platform.advance(450);
    socket.deliver(frame);
  }
  assertEquals(ends, []);
  await platform.advance(750);
  assertEquals(ends.length, 1);
});

Deno.test("silence after many frames is detected just as fast", async () => {
  const { platform, socket, ends } = newConnection();
  socket.accept({ pingInterval: 300, pingTimeout: 200 });
  for (let i = 0; i < 200; i++) {
    await platform.advance(7);
    socket.deliver('42["message",1]');
  }
  await platform.advance(750);
  assertEquals(ends.map(({ reason }) => reason), ["silent"]);
});

Deno.test("silence while joining ends a connection as well", async () => {
  const { platform, socket, ends } = newConnection();
  socket.openEngine({ pingInterval: 300, pingTimeout: 200 });
  await platform.advance(750);
  assertEquals(ends.map(({ reason }) => reason), ["silent"]);
});

Deno.test("a suspended process reads what arrived meanwhile before it ends the connection", async () => {
  const { platform, socket, ends } = newConnection();
  socket.accept({ pingInterval: 300, pingTimeout: 200 });
  await platform.advance(100);
  platform.clock.freeze(60_000);
  await platform.advance(0);
  assertEquals(ends, [], "the late timer gives the frames a chance");
  socket.deliver("2");
  await platform.advance(400);
  assertEquals(ends, []);
});

Deno.test("a suspended process soon detects that nothing arrived", async () => {
  const { platform, socket, ends } = newConnection();
  socket.accept({ pingInterval: 300, pingTimeout: 200 });
  platform.clock.freeze(60_000);
  await platform.advance(250);
  assertEquals(ends.map(({ reason }) => reason), ["silent"]);
});

const absurd: readonly [pingInterval: number, pingTimeout: number][] = [
  [1e308, 1e308],
  [Number.MAX_SAFE_INTEGER, 1],
  [0.001, 0.001],
  [Number.MIN_VALUE, Number.MIN_VALUE],
];

for (const [pingInterval, pingTimeout] of absurd) {
  Deno.test(`heartbeat intervals of ${pingInterval} and ${pingTimeout} ms neither spin nor throw`, async () => {
    const { platform, socket, calls } = newConnection();
    socket.accept({ pingInterval, pingTimeout });
    const before = platform.timersSet;
    await platform.advance(1_000);
    assert(platform.timersSet - before < 20, "few timers in a second");
    assertEquals(calls[0], READY);
  });
}

Deno.test("close() sends nothing, calls no listener, and waits for the socket", async () => {
  const { platform, connection, socket, calls } = newConnection();
  socket.accept();
  await connection.close();
  assertEquals(socket.readyState, WebSocket.CLOSED);
  assertEquals(calls, [READY]);
  assertEquals(platform.clock.timers, 0);
});

Deno.test("close() waits a bounded time for a half-open socket", async () => {
  const { platform, connection, socket } = newConnection();
  socket.accept();
  socket.halfOpen = true;
  let done = false;
  const closing = connection.close().then(() => done = true);
  await platform.advance(CLOSE_TIMEOUT - 1);
  assertEquals(done, false);
  await platform.advance(1);
  await closing;
  assertEquals(platform.clock.timers, 0);
});
