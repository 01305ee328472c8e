/**
 * The server's end of the bot's connection to one account: the Engine.IO and Socket.IO of a Roomz
 * server, with simulated network faults.
 * @module
 */
import { stripAsServer } from "../client/protocol/server_text.ts";
import {
  decodeSocketPacket,
  type EventData,
  SocketPacketType,
} from "../client/protocol/socket_io.ts";
import { type Channel, type ChannelEvent, escapeHtml, type Member } from "./channel.ts";
import type { ProcessLife } from "./process_life.ts";
import { type SocketPeer, VirtualSocket } from "./virtual_socket.ts";

/** Returns held messages in the order in which to deliver them; may drop and repeat some. */
export type Reorder = <T>(held: readonly T[]) => readonly T[];

// Milliseconds, much longer than a server's 25 s: tests may advance the clock by years.
const PING_INTERVAL = 86_400_000;

/** The connection of one process of the bot to one channel. */
export class BotConnection implements Member, SocketPeer {
  /** See `Member`. */
  readonly isBot = true;
  /** The name that the bot's client has set. */
  displayName: string | null = null;
  readonly #channel: Channel;
  readonly #life: ProcessLife;
  readonly #answers: string[];
  #socket: VirtualSocket | undefined;
  #cancelPing: (() => void) | undefined;
  #online = true;
  #held: (() => void)[] | undefined;
  #acknowledgementsToLose = 0;

  /** Waits for the bot's client to connect. What the bot says is appended to `answers`. */
  constructor(channel: Channel, life: ProcessLife, answers: string[]) {
    this.#channel = channel;
    this.#life = life;
    this.#answers = answers;
  }

  /** Opens a socket for the bot's client; like a real one, it connects asynchronously. */
  openSocket(url: string): VirtualSocket {
    const socket = new VirtualSocket(url, this);
    queueMicrotask(() => this.#acceptSocket(socket));
    return socket;
  }

  /** The network fails, and the connection is lost. */
  disconnect(): void {
    this.#online = false;
    this.#leave()?.drop();
  }

  /** The network works again, so the client can reconnect. */
  restore(): void {
    this.#online = true;
  }

  /** The process was killed: it leaves without closing the socket. */
  kill(): void {
    this.#leave();
  }

  /** Drops the next acknowledgement of a message. */
  loseAcknowledgement(): void {
    this.#acknowledgementsToLose++;
  }

  /** Holds messages of others back until `release`. */
  hold(): void {
    this.#held ??= [];
  }

  /** Delivers the held messages. */
  release(reorder: Reorder): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const deliver of reorder(held)) deliver();
  }

  /** See `Member`. */
  receive({ name, payload, from, copies }: ChannelEvent): void {
    const deliver = () => this.#emit(name, payload);
    for (let copy = 0; copy < copies; copy++) {
      if (this.#held !== undefined && name === "message" && from !== this) this.#held.push(deliver);
      else deliver();
    }
  }

  /** See `SocketPeer`. */
  onFrame(socket: VirtualSocket, frame: string): void {
    queueMicrotask(() => this.#read(socket, frame));
  }

  /** See `SocketPeer`. */
  onClose(socket: VirtualSocket, code: number, reason: string): void {
    queueMicrotask(() => {
      if (socket === this.#socket) this.#leave();
      socket.drop(code, reason);
    });
  }

  #acceptSocket(socket: VirtualSocket): void {
    if (this.#life.ended) return;
    if (!this.#online) return socket.fail("the test disconnected the network");
    this.#socket = socket;
    socket.open();
    const times = { pingInterval: PING_INTERVAL, pingTimeout: PING_INTERVAL };
    socket.deliver(`0${JSON.stringify({ sid: "test", upgrades: [], ...times })}`);
  }

  #read(socket: VirtualSocket, frame: string): void {
    if (socket !== this.#socket || !frame.startsWith("4")) return;
    const packet = decodeSocketPacket(frame, 1);
    if (packet.type === SocketPacketType.CONNECT) this.#authenticate(socket);
    if (packet.type !== SocketPacketType.EVENT) return;
    const acknowledgement = this.#acknowledge(packet.data);
    if (acknowledgement === undefined || packet.id === undefined) return;
    if (packet.data[0] === "message" && this.#acknowledgementsToLose > 0) {
      this.#acknowledgementsToLose--;
      this.#channel.note(this, "(its acknowledgement is lost)");
      return;
    }
    socket.deliver(`43${packet.id}${JSON.stringify([acknowledgement])}`);
  }

  /** Like the real server, sends `authenticated` before the CONNECT packet. */
  #authenticate(socket: VirtualSocket): void {
    this.#channel.join(this);
    const user = this.#channel.userOf(this);
    const { timestamp: server_time } = this.#channel;
    this.#emit("authenticated", { user, channel: user.id, server_time });
    socket.deliver('40{"sid":"test"}');
    this.#schedulePing();
  }

  /** The acknowledgement of a request; undefined if the process ended instead. */
  #acknowledge([name, payload]: EventData): unknown {
    if (typeof payload !== "object" || payload === null) return undefined;
    if (name === "set_display_name" && "display_name" in payload) {
      return this.#rename(payload.display_name);
    }
    const content = "content" in payload ? payload.content : undefined;
    if (name !== "message" || typeof content !== "string" || content === "") {
      return { error: "Message content is required", code: 400 };
    }
    if (!this.#life.takesEffect()) return undefined;
    const { id, timestamp, content: kept } = this.#channel.say(this, content);
    this.#answers.push(kept);
    return { status: "ok", message_id: id, timestamp };
  }

  #rename(value: unknown): unknown {
    const name = typeof value === "string" ? stripAsServer(value) : "";
    if ([...name].length > 50 || /[^\P{Cc}\t\x7f-\x9f]/u.test(name)) {
      return { error: "Invalid display name", code: 400 };
    }
    this.#channel.rename(this, name === "" ? null : name);
    return { status: "ok", display_name: name === "" ? null : escapeHtml(name) };
  }

  #emit(name: string, payload: unknown): void {
    this.#socket?.deliver(`42${JSON.stringify([name, payload])}`);
  }

  #schedulePing(): void {
    this.#cancelPing = this.#life.schedule(() => {
      this.#socket?.deliver("2");
      this.#schedulePing();
    }, PING_INTERVAL);
  }

  #leave(): VirtualSocket | undefined {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#cancelPing?.();
    this.#channel.leave(this);
    return socket;
  }
}
