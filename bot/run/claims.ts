/**
 * Claims: which of several processes that serve the same account carries an effect out.
 * @module
 */

/** Something that a bot does once: it handles a message, a room event or a tick of a schedule. */
export interface Effect {
  /** The account, as `User.id`. */
  readonly account: string;
  /** What it is, the same on every host: the message's id, for example. */
  readonly id: string;
  /** When the Roomz server said it happened, or when a tick was due, milliseconds since 1970. */
  readonly time: number;
}

/**
 * Decides, for one host, which effects it carries out. Of all hosts at most one gets `true` for an
 * effect, whatever happens to hosts, clocks and the network.
 */
export interface Claims {
  /** Whether this host carries the effect out; false also if that cannot be found out. Never rejects. */
  claim(effect: Effect): Promise<boolean>;
  /** The effect's handler has ended, however it ended. */
  finish(effect: Effect): void;
}
