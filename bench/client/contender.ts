/**
 * What every measured client offers to the bench.
 * @module
 */

/** A client under measurement. */
export interface Contender {
  /** Connects, and resolves once the server has told that the session is accepted. */
  connect(url: string, jwt: string): Promise<void>;
  /** Sends a message, and resolves with its acknowledgement. */
  send(content: string): Promise<unknown>;
  /** Calls back on every message that comes. */
  onMessage(callback: (content: string) => void): void;
  close(): Promise<void> | void;
}

/** Its name in the tables, and a fresh one. */
export interface Entry {
  readonly name: string;
  readonly create: () => Contender;
}
