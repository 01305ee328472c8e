/**
 * What a host reports: what may have no answer, and which accounts are not served.
 * @module
 */

/** An account, as the events of a fleet name it. */
export interface EventAccount {
  /** The Roomz server's address. */
  readonly server: string;
  /** Its owner's address. */
  readonly email: string;
}

/** Nobody can say whether the bot has answered a message. */
export interface UnknownOutcome {
  /** The account in whose room it was said. */
  readonly account: EventAccount;
  /** The message's id; for a room event or a tick of a schedule, its name and time. */
  readonly id: string;
  /** Why that is unknown: the end of a sentence. */
  readonly reason: string;
}

/** Nobody received the messages of an account for a while. */
export interface AccountGap {
  /** The account. */
  readonly account: EventAccount;
  /** Since when, by this host's clock, or earlier; null if that is unknown. */
  readonly from: Date | null;
  /** Until when. */
  readonly to: Date;
}

/** The server refuses the session of an account, which is not served any more until it is added again. */
export interface SetAsideAccount {
  /** The account. */
  readonly account: EventAccount;
  /** What the server says, a sentence. */
  readonly reason: string;
}
