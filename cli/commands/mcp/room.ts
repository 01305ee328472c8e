/**
 * The room that the tools act in: it is entered by the first call that needs it, not before, because
 * hosts start the command more often than they use it.
 * @module
 */
import { type AsyncClient, ConnectionError, ConnectionState } from "../../../client/mod.ts";
import { type ConnectionName, nameConnection } from "../../account/connection_name.ts";
import { createConfiguredClient, reportDisplayName } from "../../account/create_client.ts";
import { Presence } from "../../chat/presence.ts";
import type { CommandInput } from "../../command_line/command_spec.ts";
import type { Io } from "../../command_line/io.ts";
import { readConfiguration } from "../../config/configuration.ts";
import { machineName } from "../../config/machine_name.ts";
import { type Configuration, HOST_NAME } from "../../config/settings.ts";
import { type HistoryKeeper, keepHistory } from "../../messages/keep_history.ts";
import { say } from "../../terminal/output.ts";
import { type LoggedMessage, loggedMessage, MessageLog } from "./message_log.ts";

/** The name of a host that does not name itself. */
const UNNAMED_HOST = "agent";

/** How long a call waits for a connection that was lost and is being restored, milliseconds. */
const RECONNECTION_WAIT = 5_000;

/** How many saved messages are looked at. */
const MOST_SAVED = 1_000;

/** A time without connection: what was sent then did not arrive. */
export interface Gap {
  /** ISO 8601, by this machine's clock. */
  readonly from: string;
  /** ISO 8601. */
  readonly to: string;
}

/** The room after it was entered. */
export interface JoinedRoom {
  readonly client: AsyncClient;
  /** The display name of this connection. */
  readonly name: string;
  readonly presence: Presence;
  /** The times without connection, oldest first. */
  readonly gaps: readonly Gap[];
  /** The messages since the room was entered and, if saving them is on, before; oldest first. */
  messages(): Promise<readonly LoggedMessage[]>;
}

/** How many gaps are remembered. */
const MOST_GAPS = 20;

/** Enters and leaves the room. */
export class Room {
  readonly #io: Io;
  readonly #input: CommandInput;
  readonly #name: string | undefined;
  /** Ends what is under way when the server ends. */
  readonly #ending = new AbortController();
  #opening: Promise<OpenRoom> | undefined;

  /** `name` is the chosen display name; undefined to take the host's. */
  constructor(io: Io, input: CommandInput, name: string | undefined) {
    this.#io = io;
    this.#input = input;
    this.#name = name;
  }

  /**
   * Enters the room, or returns to it after the connection was lost. `host` is what the host calls
   * itself; it counts at the first call only.
   * @throws {AuthenticationError} Nobody is logged in.
   * @throws {ConnectionError} The server is away.
   * @throws {CommandError} The configuration is invalid.
   */
  async join(host: string | undefined): Promise<JoinedRoom> {
    this.#ending.signal.throwIfAborted();
    const opening = this.#opening ??= OpenRoom.open(this.#io, this.#input, this.#name, host);
    try {
      const room = await opening;
      await room.connect(this.#ending.signal);
      return room;
    } catch (error) {
      await this.#startOver(opening);
      throw error;
    }
  }

  /** Before the first connection nothing is lost by starting over, perhaps with another configuration. */
  async #startOver(opening: Promise<OpenRoom>): Promise<void> {
    const room = await opening.catch(() => undefined);
    if (room?.wasConnected || this.#opening !== opening) return;
    this.#opening = undefined;
    await room?.close();
  }

  /** Leaves the room. */
  async leave(): Promise<void> {
    this.#ending.abort();
    const room = await this.#opening?.catch(() => undefined);
    await room?.close();
  }
}

class OpenRoom implements JoinedRoom {
  readonly client: AsyncClient;
  readonly presence: Presence = new Presence();
  readonly #name: ConnectionName;
  readonly #log = new MessageLog();
  readonly #gaps: Gap[] = [];
  #history: HistoryKeeper | undefined;
  #lostAt: string | undefined;
  wasConnected = false;

  private constructor(client: AsyncClient, name: ConnectionName) {
    this.client = client;
    this.#name = name;
    client.on("message", (message) => {
      this.#log.add(message);
      if (message.own !== true) this.presence.sawMessage(message);
    });
    client.on("user_joined", (event) => {
      this.presence.connectionsCounted(event.total_connections);
    });
    client.on("user_left", (event) => this.presence.left(event));
    client.on("display_name_changed", (event) => this.presence.renamed(event));
    client.on("disconnect", () => {
      this.presence.forget();
      this.#lostAt ??= new Date().toISOString();
    });
    client.on("authenticated", () => {
      if (this.#lostAt !== undefined) {
        this.#gaps.push({ from: this.#lostAt, to: new Date().toISOString() });
        if (this.#gaps.length > MOST_GAPS) this.#gaps.shift();
      }
      this.#lostAt = undefined;
      this.wasConnected = true;
    });
  }

  static async open(
    io: Io,
    input: CommandInput,
    chosen: string | undefined,
    host: string | undefined,
  ): Promise<OpenRoom> {
    const configuration = await readConfiguration(io, input);
    const name = await nameConnection(io, { ...configuration, display_name: named(chosen, host) });
    try {
      const client = createConfiguredClient(io, configuration, {
        displayName: name.displayName,
        maxReconnectAttempts: Infinity,
      });
      reportDisplayName(io, client);
      const room = new OpenRoom(client, name);
      room.#history = await keepHistory(io, configuration, client, (text) => void say(io, text));
      return room;
    } catch (error) {
      name[Symbol.dispose]();
      throw error;
    }
  }

  get name(): string {
    return this.#name.displayName;
  }

  get gaps(): readonly Gap[] {
    return this.#gaps;
  }

  /** Connects if it is not connected; waits a little for a connection that is being restored. */
  async connect(signal: AbortSignal): Promise<void> {
    if (this.client.connectionState !== ConnectionState.RECONNECTING) {
      return await this.client.connect("", { signal });
    }
    try {
      await this.client.waitFor("authenticated", { signal, timeout: RECONNECTION_WAIT });
    } catch (error) {
      signal.throwIfAborted();
      throw new ConnectionError("The connection to the server is lost and being restored.", {
        advice: "Try again.",
        cause: error,
      });
    }
  }

  async messages(): Promise<readonly LoggedMessage[]> {
    const { messages } = this.#log;
    const saved = await this.#history?.history?.search("", MOST_SAVED) ?? [];
    const known = new Set(messages.map(({ id }) => id));
    const earlier = saved.filter(({ id }) => !known.has(id)).map(loggedMessage);
    return [...earlier, ...messages];
  }

  async close(): Promise<void> {
    try {
      await this.client.disconnect();
      await this.#history?.[Symbol.asyncDispose]();
    } finally {
      this.#name[Symbol.dispose]();
    }
  }
}

/**
 * The name to ask for. One that nobody chose is treated like the machine's, so that two agents on one
 * machine get different ones: `claude-code`, `claude-code 2`.
 */
function named(chosen: string | undefined, host = ""): Configuration["display_name"] {
  return chosen === undefined
    ? { value: machineName(host) ?? UNNAMED_HOST, origin: HOST_NAME }
    : { value: chosen, origin: "--name" };
}
