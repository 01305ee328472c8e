/**
 * Paces the connects of a host, so that a server which comes back is not overrun by all accounts at once.
 * @module
 */
import { Backoff } from "../../../client/connection/backoff.ts";
import { requestedDelay } from "../../../client/connection/transient.ts";
import { ConnectionError } from "../../../client/mod.ts";
import type { Clock } from "../../context/clock.ts";

/** So many connects to one server are under way at a time: more are not faster, and take memory. */
const MAX_CONCURRENT = 10;
/** The upper bound of the delay after the first failure, milliseconds; it doubles with each. */
const FIRST_DELAY = 250;
/** The longest delay between two attempts on a server that does not answer, milliseconds. */
const MAX_DELAY = 2_000;

/** The connects to all servers. */
export class ConnectPacer {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #lines = new Map<string, ServerLine>();

  /** `random` makes a number from 0 up to 1, for the jitter. */
  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * Connects to `server` when it is this call's turn. After a `ConnectionError`, the server gets one
   * attempt at a time, with growing delays or the delay that it asks for, until one succeeds.
   * Rejects like `connect`.
   */
  connect(server: string, connect: () => Promise<void>): Promise<void> {
    let line = this.#lines.get(server);
    if (line === undefined) {
      line = new ServerLine(this.#clock, this.#random);
      this.#lines.set(server, line);
    }
    return line.connect(connect);
  }

  /**
   * The servers on which no attempt has succeeded for `duration` milliseconds. Attempts under way count:
   * a server that does not answer lets each of them wait for its time limit. A server on which nothing is
   * being tried is not among them, so that it gets another chance.
   */
  failing(duration: number): string[] {
    return [...this.#lines].filter(([, line]) => line.isFailing(duration)).map(([server]) =>
      server
    );
  }
}

/** The connects to one server. */
class ServerLine {
  readonly #clock: Clock;
  readonly #backoff: Backoff;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #limit = MAX_CONCURRENT;
  #notBefore = -Infinity;
  #cancelTimer: (() => void) | undefined;
  /** Since when attempts are made without success; Infinity after one that has succeeded. */
  #tryingSince = Infinity;
  #idleSince = -Infinity;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#backoff = new Backoff(FIRST_DELAY, random, MAX_DELAY);
  }

  isFailing(duration: number): boolean {
    return this.#isTrying && this.#clock.monotonic() - this.#tryingSince >= duration;
  }

  get #isTrying(): boolean {
    return this.#running + this.#waiting.length > 0;
  }

  async connect(connect: () => Promise<void>): Promise<void> {
    const now = this.#clock.monotonic();
    // Whoever failed tries again at once; after a pause it is not known whether the server still fails.
    const isPaused = !this.#isTrying && now > this.#idleSince;
    this.#tryingSince = isPaused ? now : Math.min(this.#tryingSince, now);
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.#next();
    });
    try {
      await connect();
      this.#tryingSince = Infinity;
      this.#backoff.connectionLasted(Infinity);
      this.#limit = Math.min(MAX_CONCURRENT, this.#limit * 2);
    } catch (error) {
      // A session that is refused or cannot be read says nothing about the next.
      if (error instanceof ConnectionError) this.#failed(requestedDelay(error));
      throw error;
    } finally {
      this.#running--;
      this.#idleSince = this.#clock.monotonic();
      this.#next();
    }
  }

  #failed(requested: number): void {
    const now = this.#clock.monotonic();
    this.#limit = 1;
    this.#notBefore = Math.max(this.#notBefore, now + Math.max(this.#backoff.next(), requested));
  }

  #next(): void {
    while (this.#waiting.length > 0 && this.#running < this.#limit) {
      const delay = this.#notBefore - this.#clock.monotonic();
      if (delay > 0) {
        this.#cancelTimer?.();
        this.#cancelTimer = this.#clock.schedule(() => this.#next(), delay);
        return;
      }
      this.#running++;
      this.#waiting.shift()?.();
    }
  }
}
