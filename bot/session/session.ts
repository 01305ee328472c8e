/**
 * Sessions: what a bot remembers from one message to the next, as its definition declares it.
 * @module
 */
import type { Duration } from "../signature/duration.ts";
import { StorageError } from "../storage/storage.ts";

/**
 * Whose messages share a session: those of one `"device"` (account and display name), those of one
 * `"user"` account, or all that are said in one `"channel"`. A Roomz channel belongs to one account,
 * so that the last two hold the same; they are kept apart from each other.
 */
export type SessionScope = "channel" | "device" | "user";

/**
 * What a bot remembers. `S` is an object of texts, numbers, booleans, null, arrays and plain objects:
 * it is kept as JSON, of 64 KiB at most.
 *
 * @example A session that two versions of a bot have written
 * ```ts
 * import { defineBot } from "@roomz/roomz/bot";
 *
 * const bot = defineBot({
 *   name: "notes",
 *   session: {
 *     initial: () => ({ notes: [] as { text: string; done: boolean }[] }),
 *     version: 2,
 *     // Version 1 kept no more than the texts.
 *     migrate: (old) => ({
 *       notes: Array.isArray(old.notes)
 *         ? old.notes.map((text) => ({ text: String(text), done: false }))
 *         : [],
 *     }),
 *     ttl: "30d",
 *   },
 *   commands: {
 *     "note <text...>": ({ args, session }) => {
 *       session.notes.push({ text: args.text, done: false });
 *       return `Noted, as number ${session.notes.length}.`;
 *     },
 *   },
 * });
 * console.log(bot.name);
 * ```
 */
export interface SessionDefinition<S extends object> {
  /** A new session, for whoever has none yet. It is kept when a handler changes it. */
  readonly initial: () => S;
  /** The version of its shape, a whole number. Raise it when the shape changes. Default: 1. */
  readonly version?: number;
  /**
   * Makes a session of one that an earlier version wrote. It is kept when a handler changes it.
   * Without `migrate` an older session is an error, and stays as it is.
   */
  readonly migrate?: (old: Readonly<Record<string, unknown>>, version: number) => NoInfer<S>;
  /** How long a session counts after it was last changed. Default: for good. */
  readonly ttl?: Duration;
  /** Whose messages share a session. Default: `"channel"`. */
  readonly scope?: SessionScope;
}

/** A session definition with its type forgotten. */
export interface AnySessionDefinition {
  /** See {@linkcode SessionDefinition.initial}. */
  readonly initial: () => object;
  /** See {@linkcode SessionDefinition.version}. */
  readonly version?: number;
  /** See {@linkcode SessionDefinition.migrate}. */
  readonly migrate?: (old: Readonly<Record<string, unknown>>, version: number) => object;
  /** See {@linkcode SessionDefinition.ttl}. */
  readonly ttl?: Duration;
  /** See {@linkcode SessionDefinition.scope}. */
  readonly scope?: SessionScope;
}

/** What a handler of a bot with sessions has. */
export interface SessionContext<S extends object> {
  /**
   * The session, loaded before the handler. What the handler changes in it is written once, when the
   * handler has succeeded and before the text that it returns is sent; after the last text of a
   * stream. It is not written when the handler throws, nor when nothing has changed.
   *
   * Where another handler has written it meanwhile, nothing is written, and the handler ends in a
   * {@linkcode SessionConflictError}: it is never run again.
   */
  readonly session: S;
  /**
   * Changes the session at once, on top of whatever others have written, and resolves to what it is
   * then. `change` gets it as it is now, and changes it in place or returns another; when someone
   * else is faster it is called again, so that it may have no other effect. For handlers that take
   * long. `session` stays as it was: a handler changes that or calls this, not both.
   * @throws {StorageError} The new value cannot be kept.
   */
  readonly updateSession: (change: (session: S) => S | void) => Promise<S>;
}

/** What `session` adds to the context of handlers: nothing where none is declared. */
export type SessionState<S extends object> = [S] extends [never] ? unknown : SessionContext<S>;

/** What `session` adds where it may be read, and not changed: nothing where none is declared. */
export type SessionView<S extends object> = [S] extends [never] ? unknown
  : Pick<SessionContext<DeepReadonly<S>>, "session">;

/** A type in which nothing can be changed. */
export type DeepReadonly<T> = { readonly [P in keyof T]: DeepReadonly<T[P]> };

/**
 * A session was written by another handler while this one ran: what this one changed is lost. The
 * handler is not run again, for it may have done more than change the session.
 */
export class SessionConflictError extends StorageError {
  /** The class name, so that logs tell the errors apart after bundling. */
  override name = "SessionConflictError";
}
