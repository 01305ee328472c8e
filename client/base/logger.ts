/**
 * What the client tells a log.
 * @module
 */

/** A log; `console` fits. What is written to it never holds a token or a session. */
export interface ClientLogger {
  /** Details that only matter when something is being looked into. */
  debug(message: string): void;
  /** Connections made and lost. */
  info(message: string): void;
  /** What went wrong and was dealt with. */
  warn(message: string): void;
}

/** The log of a client that was given none. */
export const silentLogger: ClientLogger = { debug() {}, info() {}, warn() {} };
