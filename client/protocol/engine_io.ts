/**
 * Engine.IO v4 over WebSocket: each text frame is one digit, the packet type, followed by the data.
 *
 * Source: socketio/engine.io-protocol. Roomz uses no polling, no upgrades and no binary data.
 * @module
 */
import { isJsonObject, parseJson } from "../base/json.ts";
import { ProtocolError } from "./protocol_error.ts";

/** The packet types of Engine.IO v4, as on the wire. */
export const EnginePacketType = {
  OPEN: "0",
  CLOSE: "1",
  PING: "2",
  PONG: "3",
  MESSAGE: "4",
  UPGRADE: "5",
  NOOP: "6",
} as const;

/** One of the seven types. */
export type EnginePacketType = typeof EnginePacketType[keyof typeof EnginePacketType];

/** A packet: its type, and the text that follows, possibly "". */
export interface EnginePacket {
  readonly type: EnginePacketType;
  readonly data: string;
}

/** What the client needs of the server's open packet. */
export interface EngineHandshake {
  /** How often the server pings, milliseconds. */
  readonly pingInterval: number;
  /** How late a ping may be before the connection counts as dead, milliseconds. */
  readonly pingTimeout: number;
  /** The longest frame that the server accepts; it closes the connection over a longer one. */
  readonly maxPayload: number;
}

/** The limit of a server that announces none: the default of both reference servers. */
const DEFAULT_MAX_PAYLOAD = 1_000_000;

/**
 * Decodes a text frame.
 * @throws {ProtocolError} The frame is empty, or its first character is not one of the digits.
 */
export function decodeEnginePacket(frame: string): EnginePacket {
  const type = frame[0];
  if (type === undefined || !isEnginePacketType(type)) {
    throw new ProtocolError("Not an Engine.IO packet.");
  }
  return { type, data: frame.slice(1) };
}

function isEnginePacketType(char: string): char is EnginePacketType {
  return char >= "0" && char <= "6";
}

/**
 * Parses the data of an open packet.
 * @throws {ProtocolError} It is not a JSON object, or a field is missing or invalid.
 */
export function parseEngineHandshake(data: string): EngineHandshake {
  const value = parseJson(data);
  if (!isJsonObject(value)) {
    throw new ProtocolError("Not an Engine.IO open packet.");
  }
  const { sid, pingInterval, pingTimeout, maxPayload } = value;
  if (typeof sid !== "string" || !isPositive(pingInterval) || !isPositive(pingTimeout)) {
    throw new ProtocolError("The open packet lacks sid, pingInterval or pingTimeout.");
  }
  return {
    pingInterval,
    pingTimeout,
    maxPayload: isPositive(maxPayload) ? maxPayload : DEFAULT_MAX_PAYLOAD,
  };
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && value > 0;
}
