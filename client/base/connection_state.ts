/**
 * The state of a client's connection.
 * @module
 */

/** The states of a connection, with the names of the Python client's enum. */
export const ConnectionState = {
  /** Not connected, and not trying to connect. */
  DISCONNECTED: "disconnected",
  /** `connect()` is in progress. */
  CONNECTING: "connecting",
  /** Connected and authenticated. */
  CONNECTED: "connected",
  /** The connection was lost, and the client is trying to restore it. */
  RECONNECTING: "reconnecting",
} as const;

/** One of the four states. */
export type ConnectionState = typeof ConnectionState[keyof typeof ConnectionState];
