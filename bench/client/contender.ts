/**
 * The interface of the clients in the bench.
 * @module
 */

/** A client in the bench. */
export interface Contender {
  /** Connects; resolves once the session is accepted. */
  connect(url: string, jwt: string): Promise<void>;
  /** Sends a message; resolves when it is acknowledged. */
  send(content: string): Promise<unknown>;
  /** Registers a function that is called with every message. */
  onMessage(callback: (content: string) => void): void;
  close(): Promise<void> | void;
}

/** A contender's name in the tables, and how to create one. */
export interface Entry {
  readonly name: string;
  readonly create: () => Contender;
}
