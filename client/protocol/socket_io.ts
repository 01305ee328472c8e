/**
 * Socket.IO v5 packets: `type[attachments-][/namespace,][id][json]`, in Engine.IO messages.
 *
 * Source: socketio/socket.io-protocol. Roomz sends no binary data: only the header of a
 * binary packet is decoded, so that its attachments can be skipped.
 * @module
 */
import { isJsonObject, type JsonObject } from "../base/json.ts";
import { ProtocolError } from "./protocol_error.ts";

/** The packet types of Socket.IO v5. */
export const SocketPacketType = {
  CONNECT: 0,
  DISCONNECT: 1,
  EVENT: 2,
  ACK: 3,
  CONNECT_ERROR: 4,
  BINARY_EVENT: 5,
  BINARY_ACK: 6,
} as const;

/** An event: its name, followed by its arguments. */
export type EventData = readonly [name: string, ...args: unknown[]];

/** A decoded packet. `namespace` is "/" if the packet does not name one. */
export type SocketPacket =
  | { readonly type: 0; readonly namespace: string; readonly data: JsonObject | undefined }
  | { readonly type: 1; readonly namespace: string }
  | {
    readonly type: 2;
    readonly namespace: string;
    readonly id: number | undefined;
    readonly data: EventData;
  }
  | {
    readonly type: 3;
    readonly namespace: string;
    readonly id: number;
    readonly data: readonly unknown[];
  }
  | {
    readonly type: 4;
    readonly namespace: string;
    readonly data: JsonObject | string | undefined;
  }
  | {
    readonly type: 5;
    readonly namespace: string;
    readonly id: number | undefined;
    readonly attachments: number;
    readonly data: EventData;
  }
  | {
    readonly type: 6;
    readonly namespace: string;
    readonly id: number;
    readonly attachments: number;
    readonly data: readonly unknown[];
  };

/**
 * Encodes an event with one argument, to be acknowledged under `id`. `name` is not escaped: it must
 * not contain quotes or backslashes.
 */
export function encodeEvent(id: number, name: string, payload: unknown): string {
  return `${SocketPacketType.EVENT}${id}["${name}",${JSON.stringify(payload)}]`;
}

/**
 * Decodes the packet in a text, starting at the index `start`.
 * @throws {ProtocolError} The text is not a packet, or its payload does not match its type.
 */
export function decodeSocketPacket(text: string, start = 0): SocketPacket {
  const type = text.charCodeAt(start) - DIGIT_0;
  if (!(type >= 0 && type <= 6)) {
    throw new ProtocolError("Not a Socket.IO packet.");
  }
  let at = start + 1;

  let attachments = 0;
  if (type === SocketPacketType.BINARY_EVENT || type === SocketPacketType.BINARY_ACK) {
    const end = skipDigits(text, at);
    if (end === at || text[end] !== "-") {
      throw new ProtocolError("A binary packet does not say how many attachments it has.");
    }
    attachments = safeInteger(text, at, end);
    at = end + 1;
  }

  let namespace = "/";
  if (text.charCodeAt(at) === SLASH) {
    const comma = text.indexOf(",", at);
    namespace = comma === -1 ? text.slice(at) : text.slice(at, comma);
    at = comma === -1 ? text.length : comma + 1;
  }

  const idEnd = skipDigits(text, at);
  const id = idEnd === at ? undefined : safeInteger(text, at, idEnd);
  const data = idEnd === text.length ? undefined : parsePayload(text.slice(idEnd));

  switch (type) {
    case SocketPacketType.CONNECT:
      if (data !== undefined && !isJsonObject(data)) break;
      return { type, namespace, data };
    case SocketPacketType.DISCONNECT:
      if (data !== undefined) break;
      return { type, namespace };
    case SocketPacketType.EVENT:
      if (!isEventData(data)) break;
      return { type, namespace, id, data };
    case SocketPacketType.ACK:
      if (!Array.isArray(data) || id === undefined) break;
      return { type, namespace, id, data };
    case SocketPacketType.CONNECT_ERROR:
      if (data !== undefined && typeof data !== "string" && !isJsonObject(data)) break;
      return { type, namespace, data };
    case SocketPacketType.BINARY_EVENT:
      if (!isEventData(data)) break;
      return { type, namespace, id, attachments, data };
    case SocketPacketType.BINARY_ACK:
      if (!Array.isArray(data) || id === undefined) break;
      return { type, namespace, id, attachments, data };
  }
  throw new ProtocolError(`The payload does not match packet type ${type}.`);
}

const DIGIT_0 = 48;
const SLASH = 47;

function skipDigits(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) >= DIGIT_0 && text.charCodeAt(at) <= DIGIT_0 + 9) at++;
  return at;
}

/** The number in `text` from `start` to `end`, which are digits. Faster than `Number` of a slice. */
function safeInteger(text: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + (text.charCodeAt(at) - DIGIT_0);
  if (!Number.isSafeInteger(value)) {
    throw new ProtocolError("A number in the packet is too large.");
  }
  return value;
}

function parsePayload(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProtocolError("The payload of the packet is not JSON.");
  }
}

function isEventData(data: unknown): data is EventData {
  return Array.isArray(data) && typeof data[0] === "string";
}
