/**
 * What the client uses of the runtime; tests replace it.
 * @module
 */

/** The parts of the runtime that the client uses. */
export interface Platform {
  /** Opens a WebSocket; the cookie is sent in the headers of the handshake. */
  openSocket(url: string, cookie: string): WebSocket;
  /** Whether the WebSocket writes large frames in two pieces, see `client/connection/prompt_delivery.ts`. */
  readonly delaysLargeFrames: boolean;
  readonly fetch: typeof fetch;
  /** The time of day: milliseconds since 1970, UTC. It jumps when the system clock is set. */
  now(): number;
  /** Milliseconds since some point in the past; never goes back. For measuring durations. */
  monotonic(): number;
  /** A number in [0, 1), for the jitter of reconnections. */
  random(): number;
  /** Runs `callback` once after `delay` milliseconds; the returned function cancels it. */
  schedule(callback: () => void, delay: number): () => void;
}

/** The longest delay of a timer, milliseconds: `setTimeout` fires at once for a longer one. */
export const MAX_TIMER_DELAY = 2 ** 31 - 1;

// Deno, Node and Bun take the headers of the handshake here, which the DOM's type does not have.
type SocketClass = new (url: string, options: { headers: Record<string, string> }) => WebSocket;

/** The runtime that the program runs on. */
export const systemPlatform: Platform = {
  openSocket(url, cookie) {
    const Socket: SocketClass = WebSocket;
    return new Socket(url, { headers: { Cookie: cookie } });
  },
  delaysLargeFrames: "Deno" in globalThis,
  fetch: (input, init) => fetch(input, init),
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  schedule(callback, delay) {
    const timer = setTimeout(callback, Math.min(delay, MAX_TIMER_DELAY));
    return () => clearTimeout(timer);
  },
};
