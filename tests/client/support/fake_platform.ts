/**
 * A platform that the test controls.
 * @module
 */
import type { Platform } from "../../../client/base/platform.ts";
import { VirtualClock } from "../../../testing/virtual_clock.ts";
import { FakeSocket } from "./fake_socket.ts";

/** Answers an HTTP request, or throws what `fetch` would throw. */
export type Route = (request: Request) => Response | Promise<Response>;

/** A platform without a network and without real time. */
export class FakePlatform implements Platform {
  /** Starts at neither 0 nor an integer, so that code that assumes either fails. */
  readonly clock = new VirtualClock(Date.UTC(2026, 10, 23, 10), 1_000_000.5);
  delaysLargeFrames = false;
  /** The values that `random` returns, in order; then 0.5. */
  randoms: number[] = [];
  /** By method and path, such as "GET /auth/me". Other requests fail as if there were no server. */
  readonly routes = new Map<string, Route>();
  /** All HTTP requests. */
  readonly requests: Request[] = [];
  /** All sockets, in the order in which they were opened. */
  readonly sockets: FakeSocket[] = [];
  /** The highest number of sockets that were live at the same time. */
  mostLive = 0;
  /** How many timers have been set. */
  timersSet = 0;
  /** If set, opening a socket throws this. */
  socketError: Error | undefined;
  #socketWanted: PromiseWithResolvers<FakeSocket> | undefined;
  #taken = 0;

  openSocket(url: string, cookie: string): FakeSocket {
    if (this.socketError !== undefined) throw this.socketError;
    const socket = new FakeSocket(url, cookie);
    this.sockets.push(socket);
    this.mostLive = Math.max(this.mostLive, this.sockets.filter(({ live }) => live).length);
    if (this.#socketWanted !== undefined) {
      this.#taken++;
      this.#socketWanted.resolve(socket);
      this.#socketWanted = undefined;
    }
    return socket;
  }

  /** The next socket that the client opens, or has already opened since the last call. */
  nextSocket(): Promise<FakeSocket> {
    const socket = this.sockets[this.#taken];
    if (socket !== undefined) {
      this.#taken++;
      return Promise.resolve(socket);
    }
    this.#socketWanted ??= Promise.withResolvers();
    return this.#socketWanted.promise;
  }

  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    this.requests.push(request);
    const route = this.routes.get(`${request.method} ${new URL(request.url).pathname}`) ??
      unreachable;
    const aborted = Promise.withResolvers<never>();
    const onAbort = () => aborted.reject(request.signal.reason);
    if (request.signal.aborted) onAbort();
    request.signal.addEventListener("abort", onAbort);
    try {
      return await Promise.race([aborted.promise, Promise.try(route, request)]);
    } finally {
      request.signal.removeEventListener("abort", onAbort);
    }
  };

  /** The requests to one path. */
  requestsTo(path: string): Request[] {
    return this.requests.filter(({ url }) => new URL(url).pathname === path);
  }

  now(): number {
    return this.clock.now();
  }

  monotonic(): number {
    return this.clock.monotonic();
  }

  readonly random = (): number => this.randoms.shift() ?? 0.5;

  schedule(callback: () => void, delay: number): () => void {
    this.timersSet++;
    return this.clock.schedule(callback, delay);
  }

  /** Advances time until the client opens a socket; returns it. */
  async advanceToNextSocket(): Promise<FakeSocket> {
    const { length } = this.sockets;
    for (let socket = this.sockets[length];; socket = this.sockets[length]) {
      if (socket !== undefined) return socket;
      if (!await this.clock.advanceToNextTimer()) throw new Error("No timer is set.");
    }
  }

  /** Advances time. */
  advance(duration: number): Promise<void> {
    return this.clock.advance(duration);
  }
}

function unreachable(request: Request): never {
  throw new TypeError(
    `error sending request for url (${request.url}): client error (Connect): Connection refused`,
  );
}
