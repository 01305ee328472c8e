/**
 * Socket.IO v5 with one namespace, compatible with the service's python-socketio.
 * @module
 */
import { base64url } from "jose";
import type { EngineConnection, EngineEvents } from "./engine_connection.ts";
import {
  decodePacket,
  encodePacket,
  PacketType,
  type SocketPacket,
  withAttachments,
} from "./socket_io_packet.ts";

/** A client that has joined the namespace or is joining it. */
export interface Socket {
  /** Changes when the client reconnects. */
  readonly id: string;
  /** The `Cookie` header of the request that opened the connection. */
  readonly cookies: string | undefined;
  /** False once the underlying connection is closed. */
  readonly open: boolean;
  emit(event: string, payload: unknown): void;
}

/** The application that handles the sockets. */
export interface SocketEvents {
  /** Accepts or refuses a socket. Events emitted meanwhile reach the client before the answer. */
  connect(socket: Socket): Promise<boolean>;
  /** Handles an event. The result is the acknowledgement; undefined sends none. */
  event(socket: Socket, name: unknown, payloads: readonly unknown[]): unknown;
  /** Called when a socket leaves, perhaps before it was accepted. It can still receive events. */
  disconnect(socket: Socket): void;
}

interface Client {
  readonly connection: EngineConnection;
  socket: Socket | undefined;
  connected: boolean;
  /** A packet that is waiting for its attachments. */
  incomplete: { readonly packet: SocketPacket; readonly attachments: unknown[] } | undefined;
}

/** Serves the only namespace, "/". */
export class SocketServer implements EngineEvents {
  readonly #events: SocketEvents;
  readonly #clients = new Map<EngineConnection, Client>();
  readonly #connecting = new Set<Promise<void>>();

  constructor(events: SocketEvents) {
    this.#events = events;
  }

  /** Waits until every socket has been accepted or refused. */
  async settled(): Promise<void> {
    await Promise.all(this.#connecting);
  }

  message(connection: EngineConnection, data: string | Uint8Array): void {
    let client = this.#clients.get(connection);
    if (client === undefined) {
      client = { connection, socket: undefined, connected: false, incomplete: undefined };
      this.#clients.set(connection, client);
    }
    if (client.incomplete !== undefined) {
      this.#attach(client, client.incomplete, data);
      return;
    }
    const packet = typeof data === "string" ? decodePacket(data) : undefined;
    if (packet !== undefined) this.#handle(client, packet);
  }

  leave(connection: EngineConnection): void {
    const client = this.#clients.get(connection);
    this.#clients.delete(connection);
    if (client?.socket !== undefined) this.#disconnect(client, client.socket);
  }

  #attach(
    client: Client,
    { packet, attachments }: NonNullable<Client["incomplete"]>,
    data: string | Uint8Array,
  ): void {
    attachments.push(data);
    if (attachments.length < packet.attachments) return;
    client.incomplete = undefined;
    // Acknowledgements are ignored: this server never requests one.
    if (packet.type === PacketType.BINARY_EVENT) this.#event(client, packet, attachments);
  }

  #handle(client: Client, packet: SocketPacket): void {
    switch (packet.type) {
      case PacketType.CONNECT: {
        const connecting: Promise<void> = this.#connect(client, packet.namespace)
          .finally(() => this.#connecting.delete(connecting));
        this.#connecting.add(connecting);
        break;
      }
      case PacketType.DISCONNECT:
        if (packet.namespace === "/" && client.connected && client.socket !== undefined) {
          this.#disconnect(client, client.socket);
        }
        break;
      case PacketType.EVENT:
        this.#event(client, packet, []);
        break;
      case PacketType.BINARY_EVENT:
      case PacketType.BINARY_ACK:
        if (packet.attachments > 0 && client.socket !== undefined) {
          client.incomplete = { packet, attachments: [] };
        }
        break;
    }
  }

  async #connect(client: Client, namespace: string): Promise<void> {
    const { connection } = client;
    if (namespace !== "/" || client.socket !== undefined) {
      const text = encodePacket(PacketType.CONNECT_ERROR, "Unable to connect", { namespace });
      connection.send(text);
      return;
    }
    const socket = createSocket(connection);
    client.socket = socket;
    const accepted = await this.#events.connect(socket);
    // The client may have left meanwhile.
    if (client.socket !== socket) return;
    client.connected = accepted;
    if (accepted) {
      connection.send(encodePacket(PacketType.CONNECT, { sid: socket.id }));
    } else {
      client.socket = undefined;
      const reason = { message: "Connection rejected by server" };
      connection.send(encodePacket(PacketType.CONNECT_ERROR, reason));
    }
  }

  #disconnect(client: Client, socket: Socket): void {
    client.socket = undefined;
    client.connected = false;
    client.incomplete = undefined;
    this.#events.disconnect(socket);
  }

  #event(client: Client, packet: SocketPacket, attachments: readonly unknown[]): void {
    const { connection, socket, connected } = client;
    if (socket === undefined || !connected || packet.namespace !== "/") return;
    const data = withAttachments(packet.data, attachments);
    if (!Array.isArray(data) || data.length === 0) return;
    const [name, ...payloads] = data;
    const answer = this.#events.event(socket, name, payloads);
    if (answer === undefined || packet.id === undefined) return;
    connection.send(encodePacket(PacketType.ACK, [answer], { id: packet.id }));
  }
}

function createSocket(connection: EngineConnection): Socket {
  return {
    id: base64url.encode(crypto.getRandomValues(new Uint8Array(15))),
    cookies: connection.cookies,
    get open() {
      return !connection.closed;
    },
    emit(event, payload) {
      connection.send(encodePacket(PacketType.EVENT, [event, payload]));
    },
  };
}
