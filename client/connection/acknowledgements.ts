/**
 * The requests that wait for the server's acknowledgement, by id.
 *
 * A request that is given up stays known for a while: its late answer still tells which message was
 * the client's own. One timer serves all; a timer for each would cost more than the request.
 * @module
 */
import type { Platform } from "../base/platform.ts";

/** How a request ended: with the server's answer, without one in time, or with the connection. */
export type Acknowledgement =
  | { readonly kind: "answer"; readonly args: readonly unknown[] }
  | { readonly kind: "timeout" }
  | { readonly kind: "lost" };

/** How long after it was given up a request's answer still counts, milliseconds. */
export const LATE_FOR = 5_000;

interface Request {
  /** Called with the end of the request, and once more when the answer comes late. */
  readonly settle: (outcome: Acknowledgement) => void;
  /** When it is given up, or forgotten once it was; on the environment's clock. */
  deadline: number;
  givenUp: boolean;
}

/** The requests of one connection. */
export class Acknowledgements {
  readonly #platform: Platform;
  /** In the order of their ids. */
  readonly #requests = new Map<number, Request>();
  #givenUp = 0;
  #nextId = 0;
  /** No known request has a lower id. */
  #lowest = 0;
  #timerAt = Infinity;
  #cancelTimer: (() => void) | undefined;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** The id of the newest request, -1 before the first. */
  get newest(): number {
    return this.#nextId - 1;
  }

  /** The id of the oldest request whose answer may still come; above `newest` where none is. */
  get oldest(): number {
    while (this.#lowest < this.#nextId && !this.#requests.has(this.#lowest)) this.#lowest++;
    return this.#lowest;
  }

  /** Opens a request that waits `timeout` milliseconds at the most; gives its id. */
  open(timeout: number, settle: (outcome: Acknowledgement) => void): number {
    const id = this.#nextId++;
    const deadline = this.#platform.monotonic() + timeout;
    this.#requests.set(id, { settle, deadline, givenUp: false });
    this.#armFor(deadline);
    return id;
  }

  /** Takes the server's answer; an unknown or repeated id is ignored. */
  answer(id: number, args: readonly unknown[]): void {
    const request = this.#requests.get(id);
    if (request === undefined) return;
    this.#forget(id, request);
    if (this.#givenUp > 0) this.#forgetGivenUpBefore(id);
    request.settle({ kind: "answer", args });
  }

  /** Gives up one request: whoever made it does not wait for the answer any more. */
  giveUp(id: number): void {
    const request = this.#requests.get(id);
    if (request === undefined || request.givenUp) return;
    request.givenUp = true;
    request.deadline = this.#platform.monotonic() + LATE_FOR;
    this.#givenUp++;
    this.#armFor(request.deadline);
  }

  /** Ends every request: the connection is gone. */
  loseAll(): void {
    this.#cancelTimer?.();
    this.#timerAt = Infinity;
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    this.#givenUp = 0;
    for (const { settle, givenUp } of requests) if (!givenUp) settle({ kind: "lost" });
  }

  #forget(id: number, request: Request): void {
    this.#requests.delete(id);
    if (request.givenUp) this.#givenUp--;
  }

  /** The server answers in order: what was given up before an answered request has no answer. */
  #forgetGivenUpBefore(id: number): void {
    for (const [earlier, request] of this.#requests) {
      if (earlier > id) return;
      if (request.givenUp) this.#forget(earlier, request);
    }
  }

  #armFor(deadline: number): void {
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
    for (const [id, request] of this.#requests) {
      if (request.deadline <= now) {
        if (request.givenUp) {
          this.#forget(id, request);
          continue;
        }
        this.giveUp(id);
        request.settle({ kind: "timeout" });
      }
      earliest = Math.min(earliest, request.deadline);
    }
    this.#armFor(earliest);
  }
}
