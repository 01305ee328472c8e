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
  /**
   * When the Roomz server said it happened, milliseconds since 1970. For a tick, when it was due; if it
   * makes up for missed ones, which only one process does anyway, the present.
   */
  readonly time: number;
  /** By whose clock: that of a host may be wrong, so it does not decide which claims are old. */
  readonly clock: "server" | "host";
}

/**
 * Decides, for one host, which effects it carries out. Of all hosts at most one gets `true` for an
 * effect, whatever happens to hosts, clocks and the network.
 */
export interface Claims {
  /** What the hosts call the account whose effects these are. */
  readonly account: string;
  /** Whether this host carries the effect out; false also if that cannot be found out. Never rejects. */
  claim(effect: Effect): Promise<boolean>;
  /** The effect's handler has ended, however it ended. */
  finish(effect: Effect): void;
}
