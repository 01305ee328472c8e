/**
 * What a handler is given to work with.
 * @module
 */
import type { Message, User } from "../../client/mod.ts";
import type { Ask } from "./ask.ts";
import type { BotClient } from "./bot_client.ts";
import type { BotLogger } from "./bot_logger.ts";
import type { Clock } from "./clock.ts";

/** What every handler has, whatever it handles. */
export interface RoomContext {
  /** Who caused it. */
  readonly user: User;
  /** The display name of the connection it came from, or null: anyone in the room can set it. */
  readonly device: string | null;
  /** What the bot talks through. */
  readonly client: BotClient;
  /** The bot's log; every line says which command and device it is about. */
  readonly log: BotLogger;
  /** The time that the bot lives by; a test may have set another than the machine's. */
  readonly clock: Clock;
  /** Aborts when the bot has stopped, or waits no longer for what has begun. */
  readonly signal: AbortSignal;
  /**
   * Sends a text of any length to the room; resolves when the server has taken all of it. It needs
   * no `this`: `({ reply }) => reply("hi")` works.
   * @throws {ReplyError} A part was refused, or not acknowledged in time.
   * @throws {ConnectionError} There is no connection at the moment.
   */
  reply(text: string): Promise<void>;
}

/** What middleware has, and every handler of a message. */
export interface MessageContext extends RoomContext {
  /** Asks the device that the message came from: `await ask("How many?", { type: "int" })`. */
  readonly ask: Ask;
  /** The message, as it came. */
  readonly message: Message;
  /** The words of the command that it calls, `"todo add"`; undefined for any other message. */
  readonly command: string | undefined;
}

/** What the handler of a command has: its arguments, and what the middleware added. */
export type Context<Args = Record<never, never>, State = unknown> =
  & MessageContext
  & State
  & {
    /** The arguments, read as the command's signature says. */
    readonly args: Args;
  };

/** What a handler of `hears` has. */
export type HearsContext<State = unknown> = MessageContext & State & {
  /** What the pattern matched. */
  readonly match: RegExpExecArray;
};

/** What a handler of `on` has. */
export interface EventContext<E> extends RoomContext {
  /** The event's payload. */
  readonly event: E;
}

/** What `catch` has: the failure may have come before anything else was known. */
export type FailureContext<State = unknown> = RoomContext & Partial<State> & {
  /** The message that was being handled; absent when it was an event. */
  readonly message?: Message;
  /** The words of the command that failed, where it was one. */
  readonly command?: string | undefined;
};

/** The names in a context that middleware cannot give to what it adds. */
export const contextNames: ReadonlySet<string> = new Set([
  ...["user", "device", "client", "log", "signal", "reply", "message", "command", "args", "match"],
  ...["event", "session", "updateSession", "startFlow", "ask", "clock"],
]);

/** Under this name the `timeout` middleware hands `next` the signal of what is inside. */
export const innerSignal: unique symbol = Symbol("innerSignal");
