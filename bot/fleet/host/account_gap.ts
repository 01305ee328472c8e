/**
 * The times in which nobody received the messages of an account, as the host sees them that holds it.
 * @module
 */
import type { Clock } from "../../context/clock.ts";

/**
 * A connection has been silent for so long at most when its loss is noticed, milliseconds: the service's ping
 * interval and time limit are 45 s together, and the process may have been stopped.
 */
const SILENCE_LIMIT = 60_000;

/** A time in which messages may have been missed, and which has not ended. */
type Gap =
  /** Since a moment, or since an unknown one. */
  | { readonly from: Moment | undefined }
  /** Since this host has lost its connection, by the monotonic clock, or somewhat before. */
  | { readonly lostAt: number };

/**
 * A moment by both clocks: the time of day may be set, and the monotonic clock stands still while the machine
 * sleeps.
 */
interface Moment {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly monotonic: number;
}

/** Whom a gap belongs to. */
export interface GapOwner {
  /** Nobody received the account's messages between two times of day; an undefined `from` is unknown. */
  reportGap(from: number | undefined, to: number): void;
}

/** Knows since when messages are missed, and reports it once they are no longer. */
export class AccountGap {
  readonly #clock: Pick<Clock, "now" | "monotonic">;
  readonly #owner: GapOwner;
  /** Undefined if no messages are missed. */
  #gap: Gap | undefined;
  #isConnected = false;
  /** When it connected last, by the monotonic clock. */
  #connectedSince: number | undefined;
  #knowsBefore = false;

  /** Nothing is missed, and the account is not connected. */
  constructor(clock: Pick<Clock, "now" | "monotonic">, owner: GapOwner) {
    this.#clock = clock;
    this.#owner = owner;
  }

  /** Whether there is no gap that is still to be reported. */
  get isReported(): boolean {
    return this.#gap === undefined;
  }

  /** Since when messages may have been missed, which is not reported yet, by the monotonic clock, or earlier. */
  get missingSince(): number | undefined {
    const gap = this.#gap;
    return gap !== undefined && "lostAt" in gap ? gap.lostAt - SILENCE_LIMIT : undefined;
  }

  /** The account is connected; the server had not been heard for `silence` milliseconds, if that is known. */
  connected(silence: number | undefined): void {
    this.#isConnected = true;
    this.#connectedSince = this.#clock.monotonic();
    this.end(silence);
  }

  /** The connection was lost; `matters` if nobody else may receive the messages. */
  lost(matters: boolean): void {
    this.#isConnected = false;
    if (matters) this.#gap ??= { lostAt: this.#clock.monotonic() };
  }

  /** An attempt to connect, begun at a time of day, has failed, and nobody else may receive the messages. */
  failed(started: number): void {
    // A new account is not missed before the first attempt has ended.
    if (this.#connectedSince === undefined) this.#gap ??= { from: this.#momentOf(started) };
  }

  /**
   * Messages may have been missed since `time`, or since an unknown one, before this host held the account.
   * Only the first call counts. If `isOwnTime`, this host's clock has measured it; a time of another host's
   * clock only says that there is a gap.
   */
  since(time: number | undefined, isOwnTime: boolean): void {
    if (this.#knowsBefore) return;
    this.#knowsBefore = true;
    const from = isOwnTime ? time : undefined;
    if (this.#connectedSince === undefined || !this.#isConnected && this.#gap === undefined) {
      this.#gap = { from: from === undefined ? undefined : this.#momentOf(from) };
      return;
    }
    // It has been connected since, and if it lost that connection again, that is a gap of its own.
    const to = this.#timeOf(this.#connectedSince);
    if (from === undefined || to > from) this.#owner.reportGap(from, to);
  }

  /** From now on, somebody receives the messages, or whoever does so reports what is missed from now on. */
  end(silence?: number): void {
    const gap = this.#gap;
    this.#gap = undefined;
    if (gap === undefined) return;
    const now = this.#clock.now();
    if ("from" in gap) {
      const { from } = gap;
      // The earlier of two times that may both be wrong: a report may say too much, not too little.
      const earlier = from && Math.min(from.time, this.#timeOf(from.monotonic));
      return this.#owner.reportGap(earlier, now);
    }
    const earliest = this.#timeOf(gap.lostAt - SILENCE_LIMIT);
    this.#owner.reportGap(
      silence === undefined ? earliest : Math.max(earliest, now - silence),
      now,
    );
  }

  #momentOf(time: number): Moment {
    return { time, monotonic: this.#clock.monotonic() - (this.#clock.now() - time) };
  }

  /** The time of day of a time of the monotonic clock: the time of day may have been set since. */
  #timeOf(time: number): number {
    return this.#clock.now() - (this.#clock.monotonic() - time);
  }
}
