/**
 * The client: a connection to a Roomz server that is restored when it is lost. It has no
 * dependencies; it uses the native `WebSocket` and `fetch`.
 *
 * Start with {@linkcode AsyncClient}. It throws {@linkcode ClientError}s, and emits the events of
 * {@linkcode EventMap}.
 *
 * @example Print what others say, and send a message
 * ```ts
 * import { AsyncClient } from "@roomz/roomz/client";
 *
 * async function hello(server: string, token: string): Promise<void> {
 *   await using client = await AsyncClient.open(server, token, { displayName: "laptop" });
 *   client.on("message", ({ user, content, own }) => {
 *     if (!own) console.log(`${user.display_name ?? user.email}: ${content}`);
 *   });
 *   const result = await client.send("Hello!");
 *   if (result.status !== "ok") console.error(result.error, result.delivery);
 * }
 * ```
 * @module
 */

// The client and its options.
export { AsyncClient } from "./async_client.ts";
export type { ClientOptions } from "./connection/options.ts";
export { ConnectionState } from "./base/connection_state.ts";

// Events and their payloads.
export type {
  AuthenticatedEvent,
  ConnectionStateChangedEvent,
  DisconnectEvent,
  DisplayNameChangedEvent,
  ErrorEvent,
  EventHandler,
  EventMap,
  EventName,
  Message,
  User,
  UserJoinedEvent,
  UserLeftEvent,
} from "./base/events.ts";

// Sending.
export type { SendFailed, SendOk, SendResult, SendTextResult } from "./base/results.ts";
export { splitContent } from "./protocol/split_content.ts";
export type { DisplayNameFailed, DisplayNameOk, DisplayNameResult } from "./base/results.ts";

// Errors.
export {
  AuthenticationError,
  ClientError,
  ConfigurationError,
  ConnectionError,
} from "./base/errors.ts";

// For advanced use: session caches and loggers of your own.
export type { Account } from "./auth/auth_api.ts";
export { MemorySessionCache, type Session, type SessionCache } from "./auth/session_cache.ts";
export { KvSessionCache, type KvSessionCacheOptions } from "./auth/kv_session_cache.ts";
export type { ClientLogger } from "./base/logger.ts";
