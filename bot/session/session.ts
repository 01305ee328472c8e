/**
 * Session definitions: what a bot remembers between messages, and for whom.
 * @module
 */
import type { Duration } from "../signature/duration.ts";
import { StorageError } from "../storage/storage.ts";

/**
 * Which messages share a session: those from one `"device"` (account and display name), from one
 * `"user"` account, or in one `"channel"`. A Roomz channel belongs to one account, so the last two
 * cover the same messages, but they are stored separately.
 */
export type SessionScope = "channel" | "device" | "user";

/**
 * What a bot remembers. `S` is an object of strings, numbers, booleans, null, arrays and plain
 * objects. It is stored as JSON, 64 KiB at most.
 *
 * @example A session whose shape has changed between versions of the bot
 * ```ts
 * import { defineBot } from "@roomz/roomz/bot";
 *
 * const bot = defineBot({
 *   name: "notes",
 *   session: {
 *     initial: () => ({ notes: [] as { text: string; done: boolean }[] }),
 *     version: 2,
 *     // Version 1 stored only the texts.
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
  /**
   * Creates a session for whoever has none yet. It is stored once a handler changes it. `defineBot`
   * calls it once as well, to check that the result can be stored.
   */
  readonly initial: () => S;
  /** The version of the shape, a whole number. Increase it when the shape changes. Default: 1. */
  readonly version?: number;
  /**
   * Converts a session that an earlier version wrote. The result is stored once a handler changes
   * it. Without `migrate`, loading an older session is an error, and it is left unchanged.
   */
  readonly migrate?: (old: Readonly<Record<string, unknown>>, version: number) => NoInfer<S>;
  /** How long a session lasts after its last change. Default: forever. */
  readonly ttl?: Duration;
  /** Which messages share a session. Default: `"channel"`. */
  readonly scope?: SessionScope;
}

/** A session definition with its type erased. */
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

/** What sessions add to a handler's context. */
export interface SessionContext<S extends object> {
  /**
   * The session, loaded before the handler runs. Changes made in place are written once, after the
   * handler has succeeded and before its reply is sent (for a stream, after its last text). Nothing is
   * written if the handler throws or changed nothing.
   *
   * If another handler has written the session in the meantime, nothing is written and the handler
   * fails with a {@linkcode SessionConflictError}. It is never run again.
   */
  readonly session: S;
  /**
   * Changes the session immediately, on top of whatever others have written, and resolves to the new
   * value. Meant for handlers that run for long. `change` gets the current session, and changes it in
   * place or returns a new one. It is called again after a conflicting write, so it must have no side
   * effects. `session` is not updated: a handler changes `session` or calls this, never both.
   * @throws {StorageError} The new value cannot be stored.
   */
  readonly updateSession: (change: (session: S) => S | void) => Promise<S>;
}

/** What `session` adds to the context of handlers; nothing if none is declared. */
export type SessionState<S extends object> = [S] extends [never] ? unknown : SessionContext<S>;

/** A read-only `session` in the context; nothing if none is declared. */
export type SessionView<S extends object> = [S] extends [never] ? unknown
  : Pick<SessionContext<DeepReadonly<S>>, "session">;

/** Makes all properties read-only, at every level. */
export type DeepReadonly<T> = { readonly [P in keyof T]: DeepReadonly<T[P]> };

/**
 * Another handler wrote the session while this one ran, so this one's changes are lost. The handler
 * is not run again, because it may have had other effects.
 */
export class SessionConflictError extends StorageError {
  /** Set explicitly so that the name survives minification. */
  override name = "SessionConflictError";
}
