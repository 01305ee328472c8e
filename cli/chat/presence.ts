/**
 * Who is in the channel, as far as it can be known: the server has no list, it tells who comes, who
 * goes and who is renamed.
 * @module
 */
import type { DisplayNameChangedEvent, Message, UserLeftEvent } from "../../client/mod.ts";

/** A connection that was heard of by its name. */
export interface KnownConnection {
  /** The name that it chose. */
  readonly name: string;
  /** When it was heard of last, ISO 8601. */
  readonly lastSeen: string;
}

/** The other connections of the account, by what was heard of them. */
export class Presence {
  readonly #known = new Map<string, KnownConnection>();
  readonly #namesById = new Map<string, string>();
  #connections: number | undefined;

  /** How many connections there are, one's own included; undefined before the server told. */
  get connections(): number | undefined {
    return this.#connections;
  }

  /** The others that are known by name, last heard of first. */
  get known(): readonly KnownConnection[] {
    return [...this.#known.values()].sort((a, b) => b.lastSeen.localeCompare(a.lastSeen));
  }

  /** The server told how many connections there are. */
  counted(connections: number): void {
    this.#connections = connections;
  }

  /** Another connection wrote. */
  wrote({ user, timestamp }: Message): void {
    this.#heard(user.display_name, timestamp);
  }

  /** Another connection was renamed. */
  renamed({ display_name, timestamp, connection_id }: DisplayNameChangedEvent): void {
    if (connection_id !== undefined) {
      const before = this.#namesById.get(connection_id);
      if (before !== undefined) this.#known.delete(before);
      if (display_name === null) this.#namesById.delete(connection_id);
      else this.#namesById.set(connection_id, display_name);
    }
    this.#heard(display_name, timestamp);
  }

  /** Another connection went. */
  left({ user, remaining_connections }: UserLeftEvent): void {
    if (user.display_name !== null) this.#known.delete(user.display_name);
    this.#connections = remaining_connections;
  }

  /** The connection was lost: what was known may have changed meanwhile. */
  forget(): void {
    this.#known.clear();
    this.#namesById.clear();
    this.#connections = undefined;
  }

  #heard(name: string | null, timestamp: string): void {
    if (name !== null) this.#known.set(name, { name, lastSeen: timestamp });
  }
}
