/**
 * The client: a connection to a Roomz server that stays up, with no dependency but the native
 * `WebSocket` and `fetch`.
 *
 * Start with {@linkcode AsyncClient}. Errors are {@linkcode ClientError}s; what the server tells
 * comes as the events of {@linkcode EventMap}.
 * @module
 */
export { AsyncClient } from "./async_client.ts";
export type { ClientOptions } from "./options.ts";
export type { ClientLogger } from "./logger.ts";
export { ConnectionState } from "./connection_state.ts";
export type { Account } from "./auth_api.ts";
export type {
  DisplayNameFailed,
  DisplayNameOk,
  DisplayNameResult,
  SendFailed,
  SendOk,
  SendResult,
} from "./results.ts";
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
} from "./events.ts";
export { AuthenticationError, ClientError, ConfigurationError, ConnectionError } from "./errors.ts";
export { splitContent } from "./split_content.ts";
export { MemorySessionCache, type Session, type SessionCache } from "./session_cache.ts";
export { KvSessionCache, type KvSessionCacheOptions } from "./kv_session_cache.ts";
