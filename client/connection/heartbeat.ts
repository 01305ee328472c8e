/**
 * Finds the connections on which nothing arrives any more.
 *
 * All connections of a process share two timers, of which one runs only while frames arrive: a timer
 * takes more memory than the rest of an idle connection's watch, and a program may hold thousands.
 * @module
 */
import type { Platform } from "../base/platform.ts";

/**
 * All frames in a window of this many milliseconds count as received at the end of the window: reading the clock for each
 * frame would cost as much as everything else that is done for it, except parsing its JSON.
 */
const HEARD_RESOLUTION = 50;

/** How late a timer may fire before the process counts as having been suspended, milliseconds. */
const RESUME_GRACE = 100;

/** A connection, as far as its heartbeat goes. */
export interface Watched {
  /** After how many milliseconds without a frame it counts as dead. */
  readonly silenceLimit: number;
  /** When the last frame arrived: what {@linkcode Heartbeats.time} was then. */
  lastHeard: number;
  /** Called once, when it counts as dead. */
  onSilence(duration: number): void;
}

/** The heartbeats of all connections on one platform. */
export class Heartbeats {
  static readonly #all = new WeakMap<Platform, Heartbeats>();
  readonly #platform: Platform;
  readonly #watched = new Set<Watched>();
  #time = 0;
  #timeIsFresh = false;
  #cancelTimeTimer: (() => void) | undefined;
  /** When the next check is due; Infinity without a connection. */
  #due = Infinity;
  #cancelCheck: (() => void) | undefined;

  private constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** The one instance for a platform. */
  static of(platform: Platform): Heartbeats {
    let heartbeats = Heartbeats.#all.get(platform);
    if (heartbeats === undefined) {
      heartbeats = new Heartbeats(platform);
      Heartbeats.#all.set(platform, heartbeats);
    }
    return heartbeats;
  }

  /** The time on the monotonic clock, up to {@linkcode HEARD_RESOLUTION} ahead; cheap to read. */
  time(): number {
    if (!this.#timeIsFresh) {
      this.#timeIsFresh = true;
      // A whole number: V8 would allocate a fraction anew for each frame.
      this.#time = Math.ceil(this.#platform.monotonic()) + HEARD_RESOLUTION;
      this.#cancelTimeTimer = this.#platform.schedule(() => {
        this.#timeIsFresh = false;
        this.#cancelTimeTimer = undefined; // It would keep the timer.
      }, HEARD_RESOLUTION);
    }
    return this.#time;
  }

  /** Watches a connection, on which a frame has just arrived, until it is removed or silent. */
  add(connection: Watched): void {
    const now = this.#platform.monotonic();
    connection.lastHeard = now;
    this.#watched.add(connection);
    this.#checkAt(now + connection.silenceLimit, now);
  }

  /** Stops watching a connection. With the last one the timers end. */
  delete(connection: Watched): void {
    this.#watched.delete(connection);
    if (this.#watched.size > 0) return;
    this.#cancelCheck?.();
    this.#cancelTimeTimer?.();
    this.#cancelCheck = this.#cancelTimeTimer = undefined;
    this.#due = Infinity;
    this.#timeIsFresh = false;
  }

  #checkAt(time: number, now: number): void {
    // Not sooner, so that a tiny interval of a server does not keep the process busy.
    const due = Math.max(time, now + RESUME_GRACE);
    if (due >= this.#due) return;
    this.#cancelCheck?.();
    this.#due = due;
    this.#cancelCheck = this.#platform.schedule(() => this.#check(), due - now);
  }

  #check(): void {
    const now = this.#platform.monotonic();
    // If this timer itself is late, the process was stopped or the machine slept: the frames that
    // arrived meanwhile must be read first.
    const isLate = now - this.#due > RESUME_GRACE;
    this.#due = Infinity;
    this.#cancelCheck = undefined;
    let next = Infinity;
    for (const connection of this.#watched) {
      const silence = now - connection.lastHeard;
      if (silence < connection.silenceLimit || isLate) {
        next = Math.min(next, connection.lastHeard + connection.silenceLimit);
      } else {
        this.#watched.delete(connection);
        connection.onSilence(silence);
      }
    }
    if (this.#watched.size > 0) this.#checkAt(next, now);
  }
}
