/**
 * The interface of the client's log.
 * @module
 */

/** A log; `console` is one. The client never logs a token or a session. */
export interface ClientLogger {
  /** Details for debugging. */
  debug(message: string): void;
  /** Lost connections. */
  info(message: string): void;
  /** Problems that the client recovered from. */
  warn(message: string): void;
}

/** Logs nothing: the default. */
export const silentLogger: ClientLogger = { debug() {}, info() {}, warn() {} };
