/**
 * The context objects that handlers and middleware receive.
 * @module
 */
import type { Message, User } from "../../client/mod.ts";
import type { Ask } from "./ask.ts";
import type { BotClient } from "./bot_client.ts";
import type { BotLogger } from "./bot_logger.ts";
import type { Clock } from "./clock.ts";

/** The context of every handler. */
export interface RoomContext {
  /** The user whose message or event is being handled. */
  readonly user: User;
  /** The display name of the sending connection, or null. Anyone in the room can set any name. */
  readonly device: string | null;
  /** The bot's client, for anything that is not a reply. */
  readonly client: BotClient;
  /** The bot's logger. Lines are prefixed with the command and device. */
  readonly log: BotLogger;
  /** The bot's clock: the system's, or one that a test advances. */
  readonly clock: Clock;
  /** Aborts when the bot stops waiting for this handler: on a timeout or at shutdown. */
  readonly signal: AbortSignal;
  /**
   * Sends text of any length to the room; resolves when the server has acknowledged all of it. It can
   * be destructured: `({ reply }) => reply("hi")` works.
   * @throws {ReplyError} A part was rejected, or not acknowledged in time.
   * @throws {ConnectionError} There is no connection.
   */
  reply(text: string): Promise<void>;
}

/** The context of middleware and of every message handler. */
export interface MessageContext extends RoomContext {
  /** Asks the sending device a question: `await ask("How many?", { type: "int" })`. */
  readonly ask: Ask;
  /** The message as received. */
  readonly message: Message;
  /** The words of the command that was called, such as `"todo add"`; undefined if none was. */
  readonly command: string | undefined;
  /** The name of the flow whose question the message answers; undefined if there is none. */
  readonly flow: string | undefined;
}

/** The context of a command's handler: its arguments, and the state that middleware added. */
export type Context<Args = Record<never, never>, State = unknown> =
  & MessageContext
  & State
  & {
    /** The arguments, parsed according to the command's signature. */
    readonly args: Args;
  };

/** The context of a `hears` handler. */
export type HearsContext<State = unknown> = MessageContext & State & {
  /** The match of the pattern. */
  readonly match: RegExpExecArray;
};

/** The context of an `on` handler. */
export interface EventContext<E> extends RoomContext {
  /** The event's payload. */
  readonly event: E;
}

/** The context of `catch`. The failure may have occurred before any state was added. */
export type FailureContext<State = unknown> = RoomContext & Partial<State> & {
  /** The message that was being handled; absent for an event. */
  readonly message?: Message;
  /** The words of the command that failed, if it was one. */
  readonly command?: string | undefined;
};

/** The names of a context that middleware cannot use for its own state. */
export const contextNames: ReadonlySet<string> = new Set([
  ...["user", "device", "client", "log", "signal", "reply", "message", "command", "args", "match"],
  ...["event", "session", "updateSession", "startFlow", "ask", "clock", "flow"],
]);

/** The key under which the `timeout` middleware passes a new `ctx.signal` to `next`. */
export const innerSignal: unique symbol = Symbol("innerSignal");
