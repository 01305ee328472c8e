/**
 * Where a client's connection stands.
 * @module
 */

/** The states of a connection, under the names of the Python client's enumeration. */
export const ConnectionState = {
  /** No connection, and none is being made. */
  DISCONNECTED: "disconnected",
  /** `connect()` is under way. */
  CONNECTING: "connecting",
  /** Connected and authenticated. */
  CONNECTED: "connected",
  /** The connection was lost and is being made again. */
  RECONNECTING: "reconnecting",
} as const;

/** One of the four states. */
export type ConnectionState = typeof ConnectionState[keyof typeof ConnectionState];
