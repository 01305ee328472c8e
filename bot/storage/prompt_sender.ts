/**
 * Sends large requests to a KV server without a delay.
 *
 * Deno writes the head of a request and a body of 1,024 bytes or more apart, with Nagle's algorithm on: the
 * second part may wait some 44 ms until the server's system acknowledges the first. Two things help, each
 * where the other harms. If a small request goes before a large one in the same tick, its response brings
 * the acknowledgement; but a body whose rest fills a segment leaves at once by itself, and then the server's
 * system, which has just sent a response, delays its acknowledgement of the end. A segment has 1,448 bytes on
 * an Ethernet, 65,483 on loopback, and others in tunnels and data centres. So what is faster is measured, for
 * each size: on an Ethernet a small request helps up to some 2,400 bytes, and harms beyond (Deno 2.9.6, denokv
 * 0.14.0).
 * @module
 */
import type { Clock } from "../context/clock.ts";
import type { KvHandle } from "./kv_handle.ts";
import type { StorageKey } from "./storage.ts";

/** The smallest body of a request that Deno writes apart from its head, bytes. */
const LARGE_BODY = 1_024;

/** Any small request will do. */
const SMALL_READ: StorageKey = ["prompt"];

/** The shortest time for which systems delay an acknowledgement, milliseconds. */
const DELAY = 40;
/** So many requests are sent at first to measure both ways. */
const FIRST_TRIALS = 8;
/** One of so many requests goes the way that is slower, in case that has changed; more if both are slow. */
const TRIAL_INTERVAL = 256;
const TRIAL_INTERVAL_DELAYED = 16;
/** The weight of the latest request in the mean. */
const WEIGHT = 1 / 8;

/** Requests of about one size: which part of them was delayed. A busy server does not matter so much then. */
class SizeClass {
  #alone: number | undefined;
  #prompted: number | undefined;
  #sent = 0;

  /** Counts the next request: whether a small one should go before it. */
  next(): boolean {
    const sent = this.#sent++;
    if (this.#prompted === undefined || this.#alone === undefined || sent < FIRST_TRIALS) {
      return sent % 2 === 0;
    }
    const isSlow = Math.min(this.#alone, this.#prompted) > 1 / 2;
    const isTrial = sent % (isSlow ? TRIAL_INTERVAL_DELAYED : TRIAL_INTERVAL) === 0;
    return this.#prompted <= this.#alone !== isTrial;
  }

  took(time: number, wasPrompted: boolean): void {
    const delayed = time < DELAY ? 0 : 1;
    if (wasPrompted) this.#prompted = mean(this.#prompted, delayed);
    else this.#alone = mean(this.#alone, delayed);
  }
}

function mean(before: number | undefined, latest: number): number {
  return before === undefined ? latest : before + WEIGHT * (latest - before);
}

/** Sends the requests to one KV server. */
export class PromptSender {
  readonly #clock: Pick<Clock, "monotonic">;
  /** Each class is a fifth larger than the one before. */
  readonly #classes = new Map<number, SizeClass>();

  /** `clock` measures how long requests take. */
  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Sends a request whose body has `size` bytes through `send`, which uses only this handle. */
  async send<T>(kv: Pick<KvHandle, "get">, size: number, send: () => Promise<T>): Promise<T> {
    // A small request gains nothing by another one, and waits itself.
    if (size < LARGE_BODY) return await send();
    const sizeClass = this.#classOf(size);
    const prompts = sizeClass.next();
    const start = this.#clock.monotonic();
    // Its result is not needed; it must have ended when the handle is used again.
    const prompt = prompts ? kv.get([...SMALL_READ]).catch(() => {}) : undefined;
    try {
      const response = await send();
      sizeClass.took(this.#clock.monotonic() - start, prompts);
      return response;
    } finally {
      await prompt;
    }
  }

  #classOf(size: number): SizeClass {
    const index = Math.floor(4 * Math.log2(size));
    let sizeClass = this.#classes.get(index);
    if (sizeClass === undefined) this.#classes.set(index, sizeClass = new SizeClass());
    return sizeClass;
  }
}
