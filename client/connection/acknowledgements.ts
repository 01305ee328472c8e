/**
 * The requests that are waiting for the server's acknowledgement, by id.
 *
 * An abandoned request is remembered for a while, because its late acknowledgement still says which
 * message was the client's own. All requests share one timer: one each would cost more than the
 * request itself.
 * @module
 */
import type { Platform } from "../base/platform.ts";

/**
 * How a request ended: with the arguments of its acknowledgement, or because it timed out, was lost with
 * the connection, or was too large to be sent.
 */
export type RequestEnd = readonly unknown[] | "timeout" | "lost" | "too_large";

/** How long an abandoned request is remembered, milliseconds. */
export const LATE_ACK_WINDOW = 5_000;

/** How long the list of requests becomes before it is cleared up for the first time. */
const LEAST_FULL = 64;

interface Request {
  readonly settle: (end: RequestEnd) => void;
  readonly onAcknowledged: ((args: readonly unknown[]) => void) | undefined;
  /** When the request times out or, once abandoned, is forgotten; on the monotonic clock. */
  deadline: number;
  abandoned: boolean;
}

/** The unacknowledged requests of one connection. */
export class Acknowledgements {
  readonly #platform: Platform;
  /** By id, from `#firstId` on; undefined where it is forgotten. Ids count up: a `Map` would be slower. */
  readonly #requests: (Request | undefined)[] = [];
  #firstId = 0;
  #abandonedCount = 0;
  #nextId = 0;
  /** No remembered request has a lower id. */
  #lowest = 0;
  /** The length of the list at which forgotten requests are removed from it. */
  #fullAt = LEAST_FULL;
  #timerAt = Infinity;
  #cancelTimer: (() => void) | undefined;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** The id of the newest request; -1 before the first. */
  get newest(): number {
    return this.#nextId - 1;
  }

  /** The id of the oldest request that may still be acknowledged; above `newest` if there is none. */
  get oldest(): number {
    while (this.#lowest < this.#nextId && this.#find(this.#lowest) === undefined) this.#lowest++;
    return this.#lowest;
  }

  /**
   * Adds a request that times out after `timeout` milliseconds; returns its id. `settle` is called
   * once, unless the request is abandoned; `onAcknowledged` for its acknowledgement, even if late.
   */
  open(
    timeout: number,
    settle: (end: RequestEnd) => void,
    onAcknowledged?: (args: readonly unknown[]) => void,
  ): number {
    if (this.#requests.length === this.#fullAt) this.#makeRoom();
    const id = this.#nextId++;
    const deadline = this.#platform.monotonic() + timeout;
    this.#requests.push({ settle, onAcknowledged, deadline, abandoned: false });
    this.#setTimer(deadline);
    return id;
  }

  /**
   * Processes an acknowledgement: settles the request, unless it was abandoned. Returns false for
   * an unknown id and for a second acknowledgement, which are ignored.
   */
  acknowledge(id: number, args: readonly unknown[]): boolean {
    const request = this.#find(id);
    if (request === undefined) return false;
    this.#forget(id, request);
    if (this.#abandonedCount > 0) this.#forgetAbandonedBefore(id);
    request.onAcknowledged?.(args);
    if (!request.abandoned) request.settle(args);
    return true;
  }

  /** Abandons a request: it will not be settled. */
  abandon(id: number): void {
    const request = this.#find(id);
    if (request === undefined || request.abandoned) return;
    request.abandoned = true;
    request.deadline = this.#platform.monotonic() + LATE_ACK_WINDOW;
    this.#abandonedCount++;
    this.#setTimer(request.deadline);
  }

  /** Settles a request that was not sent, because its frame is too large. */
  refuse(id: number): void {
    const request = this.#find(id);
    if (request === undefined) return;
    this.#forget(id, request);
    request.settle("too_large");
  }

  /** Settles every request as lost: the connection is gone. */
  loseAll(): void {
    this.#cancelTimer?.();
    this.#timerAt = Infinity;
    const requests = this.#requests.splice(0);
    this.#firstId = this.#nextId;
    this.#abandonedCount = 0;
    for (const request of requests) if (request?.abandoned === false) request.settle("lost");
  }

  #find(id: number): Request | undefined {
    return this.#requests[id - this.#firstId];
  }

  #makeRoom(): void {
    const { oldest } = this;
    this.#requests.splice(0, oldest - this.#firstId);
    this.#firstId = oldest;
    this.#fullAt = Math.max(LEAST_FULL, 2 * this.#requests.length);
  }

  #forget(id: number, request: Request): void {
    this.#requests[id - this.#firstId] = undefined;
    if (request.abandoned) this.#abandonedCount--;
  }

  /** The server acknowledges in order: earlier requests will not be acknowledged any more. */
  #forgetAbandonedBefore(id: number): void {
    for (let earlier = this.oldest; earlier < id; earlier++) {
      const request = this.#find(earlier);
      if (request?.abandoned) this.#forget(earlier, request);
    }
  }

  #setTimer(deadline: number): void {
    if (deadline >= this.#timerAt) return;
    this.#cancelTimer?.();
    this.#timerAt = deadline;
    const delay = Math.max(0, deadline - this.#platform.monotonic());
    this.#cancelTimer = this.#platform.schedule(() => this.#expire(), delay);
  }

  #expire(): void {
    this.#timerAt = Infinity;
    const now = this.#platform.monotonic();
    let earliest = Infinity;
    for (let id = this.oldest; id < this.#nextId; id++) {
      const request = this.#find(id);
      if (request === undefined) continue;
      if (request.deadline <= now) {
        if (request.abandoned) {
          this.#forget(id, request);
          continue;
        }
        this.abandon(id);
        request.settle("timeout");
      }
      earliest = Math.min(earliest, request.deadline);
    }
    this.#setTimer(earliest);
  }
}
