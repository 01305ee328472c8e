/**
 * What the client takes from the machine it runs on; tests replace it.
 * @module
 */

/** The parts of the host that the client uses. */
export interface Platform {
  /** Opens a socket; the cookie goes into the handshake's headers. */
  openSocket(url: string, cookie: string): WebSocket;
  /** The host's `fetch`. */
  readonly fetch: typeof fetch;
  /** The time of day: milliseconds since 1970, UTC. It jumps when the machine's clock is set. */
  now(): number;
  /** Milliseconds since some point in the past, which never go back: for measuring how long. */
  monotonic(): number;
  /** A number in [0, 1), for the jitter of reconnections. */
  random(): number;
  /** Runs `callback` once after `delay` milliseconds; the function that it returns cancels it. */
  schedule(callback: () => void, delay: number): () => void;
}

// Deno, Node and Bun take the headers of the handshake here; the DOM's type does not know them.
type SocketClass = new (url: string, options: { headers: Record<string, string> }) => WebSocket;

/** The environment that the runtime gives. */
export const systemPlatform: Platform = {
  openSocket(url, cookie) {
    const Socket: SocketClass = WebSocket;
    return new Socket(url, { headers: { Cookie: cookie } });
  },
  fetch: (input, init) => fetch(input, init),
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  schedule(callback, delay) {
    // Timers hold 31 bits: a longer delay would fire at once.
    const timer = setTimeout(callback, Math.min(delay, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};
