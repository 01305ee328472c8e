/**
 * Encoders for all packets of Engine.IO and Socket.IO, for round trips through the client's decoders.
 * @module
 */
import type { EnginePacket } from "../../../client/protocol/engine_io.ts";
import type { SocketPacket } from "../../../client/protocol/socket_io.ts";

/** The text frame of an Engine.IO packet. */
export function encodeEnginePacket(packet: EnginePacket): string {
  return packet.type + packet.data;
}

/** The text of a Socket.IO packet. */
export function encodeSocketPacket(packet: SocketPacket): string {
  let text = String(packet.type);
  if ("attachments" in packet) text += `${packet.attachments}-`;
  if (packet.namespace !== "/") text += `${packet.namespace},`;
  if ("id" in packet && packet.id !== undefined) text += packet.id;
  if ("data" in packet && packet.data !== undefined) text += JSON.stringify(packet.data);
  return text;
}
