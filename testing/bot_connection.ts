/**
 * The server's end of the bot's connection to one account: Engine.IO and Socket.IO as a Roomz server
 * speaks them, and the faults of a network.
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

/** Puts what was held back in the order in which it arrives; may leave out and repeat. */
export type Reorder = <T>(held: readonly T[]) => readonly T[];

// Far longer than a server's 25 s: a test may let years go by.
const PING_INTERVAL = 86_400_000;

/** One process of the bot in one channel. */
export class BotConnection implements Member, SocketPeer {
  /** It is one. */
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

  /** Waits for the bot's client. What the bot says is added to `answers`. */
  constructor(channel: Channel, life: ProcessLife, answers: string[]) {
    this.#channel = channel;
    this.#life = life;
    this.#answers = answers;
  }

  /** The socket that the bot's client asks for; as on a network, nothing of it happens at once. */
  openSocket(url: string): VirtualSocket {
    const socket = new VirtualSocket(url, this);
    queueMicrotask(() => this.#answerRequest(socket));
    return socket;
  }

  /** The network goes, and with it the connection. */
  cut(): void {
    this.#online = false;
    this.#leave()?.drop();
  }

  /** The network comes back: now the client may. */
  mend(): void {
    this.#online = true;
  }

  /** The process is gone, and tells nobody. */
  vanish(): void {
    this.#leave();
  }

  /** The server's next acknowledgement of a message does not arrive. */
  loseAcknowledgement(): void {
    this.#acknowledgementsToLose++;
  }

  /** From now on the messages of others do not arrive, until `release`. */
  hold(): void {
    this.#held ??= [];
  }

  /** What was held back arrives. */
  release(reorder: Reorder): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const arrive of reorder(held)) arrive();
  }

  /** Something happened in the channel. */
  receive({ name, payload, from, copies }: ChannelEvent): void {
    const arrive = () => this.#emit(name, payload);
    for (let copy = 0; copy < copies; copy++) {
      if (this.#held !== undefined && name === "message" && from !== this) this.#held.push(arrive);
      else arrive();
    }
  }

  /** See `SocketPeer`. */
  wrote(socket: VirtualSocket, frame: string): void {
    queueMicrotask(() => this.#read(socket, frame));
  }

  /** See `SocketPeer`. */
  closes(socket: VirtualSocket, code: number, reason: string): void {
    queueMicrotask(() => {
      if (socket === this.#socket) this.#leave();
      socket.drop(code, reason);
    });
  }

  #answerRequest(socket: VirtualSocket): void {
    if (this.#life.over) return;
    if (!this.#online) return socket.fail("the test has cut the connection");
    this.#socket = socket;
    socket.open();
    const times = { pingInterval: PING_INTERVAL, pingTimeout: PING_INTERVAL };
    socket.deliver(`0${JSON.stringify({ sid: "test", upgrades: [], ...times })}`);
  }

  #read(socket: VirtualSocket, frame: string): void {
    if (socket !== this.#socket || !frame.startsWith("4")) return;
    const packet = decodeSocketPacket(frame, 1);
    if (packet.type === SocketPacketType.CONNECT) this.#welcome(socket);
    if (packet.type !== SocketPacketType.EVENT) return;
    const answer = this.#answer(packet.data);
    if (answer === undefined || packet.id === undefined) return;
    if (packet.data[0] === "message" && this.#acknowledgementsToLose > 0) {
      this.#acknowledgementsToLose--;
      this.#channel.note(this, "(the acknowledgement of that is lost)");
      return;
    }
    socket.deliver(`43${packet.id}${JSON.stringify([answer])}`);
  }

  /** As the real server does, `authenticated` comes first. */
  #welcome(socket: VirtualSocket): void {
    this.#channel.join(this);
    const user = this.#channel.userOf(this);
    const { timestamp: server_time } = this.#channel;
    this.#emit("authenticated", { user, channel: user.id, server_time });
    socket.deliver('40{"sid":"test"}');
    this.#pingLater();
  }

  /** What a request is answered with; undefined: the process died of it. */
  #answer([name, payload]: EventData): unknown {
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

  #rename(wanted: unknown): unknown {
    const name = typeof wanted === "string" ? stripAsServer(wanted) : "";
    if ([...name].length > 50 || /[^\P{Cc}\t\x7f-\x9f]/u.test(name)) {
      return { error: "Invalid display name", code: 400 };
    }
    this.#channel.rename(this, name === "" ? null : name);
    return { status: "ok", display_name: name === "" ? null : escapeHtml(name) };
  }

  #emit(name: string, payload: unknown): void {
    this.#socket?.deliver(`42${JSON.stringify([name, payload])}`);
  }

  #pingLater(): void {
    this.#cancelPing = this.#life.schedule(() => {
      this.#socket?.deliver("2");
      this.#pingLater();
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
