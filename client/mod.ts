/**
 * The client: a connection to a Roomz server that stays up, with no dependency but the native
 * `WebSocket` and `fetch`.
 *
 * Start with {@linkcode AsyncClient}. Errors are {@linkcode ClientError}s; what the server tells
 * comes as the events of {@linkcode EventMap}.
 * @module
 */
export { AsyncClient } from "./async_client.ts";
export type { ClientOptions } from "./connection/options.ts";
export type { ClientLogger } from "./base/logger.ts";
export { ConnectionState } from "./base/connection_state.ts";
export type { Account } from "./auth/auth_api.ts";
export type {
  DisplayNameFailed,
  DisplayNameOk,
  DisplayNameResult,
  SendFailed,
  SendOk,
  SendResult,
} from "./base/results.ts";
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
export {
  AuthenticationError,
  ClientError,
  ConfigurationError,
  ConnectionError,
} from "./base/errors.ts";
export { splitContent } from "./protocol/split_content.ts";
export { MemorySessionCache, type Session, type SessionCache } from "./auth/session_cache.ts";
export { KvSessionCache, type KvSessionCacheOptions } from "./auth/kv_session_cache.ts";
