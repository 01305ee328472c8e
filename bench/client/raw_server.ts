/**
 * A server that is not the bottleneck: Socket.IO on a bare TCP socket, with only what the measured
 * clients use of the protocol. A flood of messages is one prepared buffer.
 *
 * Runs as a process of its own, and prints its port. It accepts `message` events as Roomz does (broadcast to the
 * sender, then the acknowledgement); the content "flood N" is answered with N messages of 200 bytes.
 * @module
 */
import { createHash } from "node:crypto";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const USER = { id: "user:a@example.com", email: "a@example.com", display_name: null };
const TIMESTAMP = "2026-11-22T10:00:00.123456+00:00";
/** How many messages are sent in one write. */
const BATCH = 500;

const OPEN = frame(`0${
  JSON.stringify({
    sid: "s",
    upgrades: [],
    pingInterval: 25_000,
    pingTimeout: 20_000,
    maxPayload: 1_000_000,
  })
}`);
const AUTHENTICATED = frame(`42${
  JSON.stringify([
    "authenticated",
    { user: USER, channel: USER.id, server_time: TIMESTAMP },
  ])
}`);
const CONNECTED = frame('40{"sid":"s"}');
const FLOOD = concat(Array.from({ length: BATCH }, (_, i) => messageFrame(i, sized(i))));

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
console.log(listener.addr.port);
for await (const connection of listener) serve(connection).catch(() => connection.close());

async function serve(connection: Deno.TcpConn): Promise<void> {
  connection.setNoDelay(true);
  let pending = await upgrade(connection);
  await connection.write(OPEN);
  const chunk = new Uint8Array(256 * 1024);
  for (;;) {
    const replies: Uint8Array[] = [];
    let flood = 0;
    let at = 0;
    for (let next = readFrame(pending, at); next !== undefined; next = readFrame(pending, at)) {
      at = next.end;
      if (next.opcode === 8) return connection.close();
      const { text } = next;
      if (text === "40") replies.push(AUTHENTICATED, CONNECTED);
      else if (text.startsWith("42")) {
        const bracket = text.indexOf("[");
        const id = text.slice(2, bracket);
        const content: string = JSON.parse(text.slice(bracket))[1].content;
        if (content.startsWith("flood ")) flood += Number(content.slice(6));
        replies.push(messageFrame(Number(id), content), ackFrame(id));
      }
    }
    pending = pending.subarray(at);
    if (replies.length > 0) await writeAll(connection, concat(replies));
    for (; flood > 0; flood -= BATCH) await writeAll(connection, FLOOD);
    const length = await connection.read(chunk);
    if (length === null) return connection.close();
    pending = concat([pending, chunk.subarray(0, length)]);
  }
}

async function upgrade(connection: Deno.TcpConn): Promise<Uint8Array> {
  let head = new Uint8Array();
  const chunk = new Uint8Array(4096);
  while (!decoder.decode(head).includes("\r\n\r\n")) {
    const length = await connection.read(chunk);
    if (length === null) throw new Error("closed");
    head = concat([head, chunk.subarray(0, length)]);
  }
  const key = /sec-websocket-key: *(\S+)/i.exec(decoder.decode(head))?.[1];
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  await connection.write(encoder.encode(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
  ));
  return new Uint8Array();
}

function readFrame(
  bytes: Uint8Array,
  at: number,
): { opcode: number; text: string; end: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (bytes.length < at + 6) return undefined;
  const opcode = view.getUint8(at) & 15;
  let length = view.getUint8(at + 1) & 127;
  let start = at + 2;
  if (length === 126) {
    length = view.getUint16(at + 2);
    start += 2;
  }
  const end = start + 4 + length;
  if (bytes.length < end) return undefined;
  const mask = bytes.subarray(start, start + 4);
  const body = bytes.slice(start + 4, end);
  for (let i = 0; i < length; i++) body[i] = (body[i] ?? 0) ^ (mask[i & 3] ?? 0);
  return { opcode, text: decoder.decode(body), end };
}

function messageFrame(id: number, content: string): Uint8Array {
  const message = { id: `m${id}`, user: USER, content, timestamp: TIMESTAMP };
  return frame(`42${JSON.stringify(["message", message])}`);
}

function ackFrame(id: string): Uint8Array {
  return frame(
    `43${id}${JSON.stringify([{ status: "ok", message_id: `m${id}`, timestamp: TIMESTAMP }])}`,
  );
}

/** Makes the text of the whole frame 200 bytes long. */
function sized(id: number): string {
  const bare = JSON.stringify(["message", {
    id: `m${id}`,
    user: USER,
    content: "",
    timestamp: TIMESTAMP,
  }]);
  return "x".repeat(200 - 2 - bare.length);
}

function frame(text: string): Uint8Array {
  const body = encoder.encode(text);
  const head = body.length < 126
    ? [0x81, body.length]
    : [0x81, 126, body.length >> 8, body.length & 255];
  return concat([new Uint8Array(head), body]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function writeAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}
