/**
 * Who is in the room, as far as it can be known: the server has no list, it only reports who joins,
 * leaves and is renamed.
 * @module
 */
import type { DisplayNameChangedEvent, Message, UserLeftEvent } from "../../client/mod.ts";

/** Another connection whose name is known. */
export interface KnownConnection {
  readonly name: string;
  /** When it last sent a message or changed its name, ISO 8601. */
  readonly lastSeen: string;
}

/** The other connections of the account, as seen so far. */
export class Presence {
  readonly #known = new Map<string, KnownConnection>();
  readonly #namesById = new Map<string, string>();
  #connections: number | undefined;

  /** The number of connections, including this one; undefined until the server reports it. */
  get connections(): number | undefined {
    return this.#connections;
  }

  /** The connections with a known name, last seen first. */
  get known(): readonly KnownConnection[] {
    return [...this.#known.values()].sort((a, b) => b.lastSeen.localeCompare(a.lastSeen));
  }

  /** Records the number of connections that the server reported. */
  connectionsCounted(connections: number): void {
    this.#connections = connections;
  }

  /** Records a message from another connection. */
  sawMessage({ user, timestamp }: Message): void {
    this.#seen(user.display_name, timestamp);
  }

  /** Records a new name of another connection. */
  renamed({ display_name, timestamp, connection_id }: DisplayNameChangedEvent): void {
    if (connection_id !== undefined) {
      const before = this.#namesById.get(connection_id);
      if (before !== undefined) this.#known.delete(before);
      if (display_name === null) this.#namesById.delete(connection_id);
      else this.#namesById.set(connection_id, display_name);
    }
    this.#seen(display_name, timestamp);
  }

  /** Records that another connection left. */
  left({ user, remaining_connections }: UserLeftEvent): void {
    if (user.display_name !== null) this.#known.delete(user.display_name);
    this.#connections = remaining_connections;
  }

  /** Forgets everything after the connection was lost: it may have changed meanwhile. */
  forget(): void {
    this.#known.clear();
    this.#namesById.clear();
    this.#connections = undefined;
  }

  #seen(name: string | null, timestamp: string): void {
    if (name !== null) this.#known.set(name, { name, lastSeen: timestamp });
  }
}
