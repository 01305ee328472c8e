/**
 * Says in time that the bot's session is about to expire. The server keeps a connection whose session
 * has expired, but refuses the next one: without a word, a bot would be gone for good after its first
 * lost connection.
 * @module
 */
import { type BotLogger, SubjectLogger } from "../context/bot_logger.ts";
import type { BotClient } from "../context/bot_client.ts";
import type { Clock } from "../context/clock.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How long before the end there is a notice, milliseconds; the last one when the session has expired. */
const NOTICES: readonly number[] = [7 * DAY, 3 * DAY, DAY, HOUR, 0];

/** What `new SessionWatch(…)` takes. */
export interface SessionWatchParts {
  /** The bot's name. */
  readonly name: string;
  readonly client: Pick<BotClient, "sessionExpiry">;
  readonly clock: Clock;
  readonly logger: BotLogger;
  /** Says a notice in the room. */
  readonly announce: (text: string) => Promise<void>;
}

/** Watches the session of one run. */
export class SessionWatch {
  readonly #parts: SessionWatchParts;
  readonly #log: BotLogger;
  #cancelTimer: (() => void) | undefined;
  #reading: Promise<unknown> = Promise.resolve();
  /** The end of the session that the log has named, so that a bad network does not repeat it. */
  #logged: number | undefined;
  /** Raised by every start and stop, so that what waited for the cache meanwhile has no effect. */
  #generation = 0;

  constructor(parts: SessionWatchParts) {
    this.#parts = parts;
    this.#log = new SubjectLogger(parts.logger, parts.name);
  }

  /** Watches the session of a new connection; logs it if it ends within a week. */
  async start(): Promise<void> {
    this.stop();
    const generation = this.#generation;
    const expiry = await this.#expiry();
    if (expiry === undefined || generation !== this.#generation) return;
    if (expiry !== this.#logged && NOTICES.some((notice) => this.#left(expiry) <= notice)) {
      this.#log.warn(this.#text(expiry));
      this.#logged = expiry;
    }
    this.#wait(expiry, generation);
  }

  /** Stops watching. */
  stop(): void {
    this.#generation++;
    this.#cancelTimer?.();
  }

  /** Waits for the next notice, but at most an hour: the clock may be set, or the computer sleep. */
  #wait(expiry: number, generation: number): void {
    const left = this.#left(expiry);
    const next = NOTICES.find((notice) => notice < left);
    if (next === undefined) return;
    this.#cancelTimer = this.#parts.clock.schedule(
      () => void this.#check(next, generation),
      Math.min(left - next, HOUR),
    );
  }

  async #check(notice: number, generation: number): Promise<void> {
    // Read anew: a login may have renewed the session.
    const expiry = await this.#expiry();
    if (expiry === undefined || generation !== this.#generation) return;
    this.#wait(expiry, generation);
    if (this.#left(expiry) > notice) return;
    const text = this.#text(expiry);
    this.#log.warn(text);
    await this.#parts.announce(text).catch((error: unknown) => {
      this.#log.warn(`could not say so in the room: ${error}`);
    });
  }

  /** What is being read of the session cache; settles when nothing is. */
  get reading(): Promise<unknown> {
    return this.#reading;
  }

  #expiry(): Promise<number | undefined> {
    const reading = this.#readExpiry();
    this.#reading = reading;
    return reading;
  }

  async #readExpiry(): Promise<number | undefined> {
    try {
      return (await this.#parts.client.sessionExpiry?.())?.getTime();
    } catch (error) {
      this.#log.debug(`could not read when the session expires: ${error}`);
      return undefined;
    }
  }

  #left(expiry: number): number {
    return expiry - this.#parts.clock.now();
  }

  #text(expiry: number): string {
    const left = this.#left(expiry);
    if (left <= 0) {
      return "This bot's session has expired. It stays until its connection is lost, and cannot " +
        "reconnect before a new login.";
    }
    const end = `${new Date(expiry).toISOString().slice(0, 16).replace("T", " ")} UTC`;
    return `This bot's session expires in ${
      spell(left)
    }, on ${end}. After that it cannot reconnect: ` +
      "log in again before then.";
  }
}

/** A rounded duration in words: "3 days", "1 hour". */
function spell(milliseconds: number): string {
  const [amount, unit] = milliseconds >= DAY
    ? [Math.round(milliseconds / DAY), "day"]
    : milliseconds >= HOUR
    ? [Math.round(milliseconds / HOUR), "hour"]
    : [Math.max(1, Math.round(milliseconds / 60_000)), "minute"];
  return `${amount} ${unit}${amount === 1 ? "" : "s"}`;
}
