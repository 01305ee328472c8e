/**
 * The machine under a client, made of parts that a test controls.
 * @module
 */
import type { Platform } from "../../../client/base/platform.ts";
import { VirtualClock } from "../../../testing/virtual_clock.ts";
import { FakeSocket } from "./fake_socket.ts";

/** Answers an HTTP request; throws what `fetch` would. */
export type Route = (request: Request) => Response | Promise<Response>;

/** An environment without network and without time of its own. */
export class FakePlatform implements Platform {
  /** It shows neither 0 nor a whole number: code that takes either for granted fails. */
  readonly clock = new VirtualClock(Date.UTC(2026, 10, 23, 10), 1_000_000.5);
  /** What `random` gives, one after the other; 0.5 when they are used up. */
  randoms: number[] = [];
  /** By method and path, such as "GET /auth/me". Others fail as with no server there. */
  readonly routes = new Map<string, Route>();
  /** The HTTP requests that were made. */
  readonly requests: Request[] = [];
  /** Every socket that was opened, in order. */
  readonly sockets: FakeSocket[] = [];
  /** The most sockets that were live at one moment. */
  mostLive = 0;
  /** How many timers were ever set. */
  timersSet = 0;
  /** Thrown by every opening of a socket. */
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

  /** The next socket that the client opens, or has opened since the last call. */
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

  /** Moves time on until the client opens a socket; gives it. */
  async advanceToNextSocket(): Promise<FakeSocket> {
    const { length } = this.sockets;
    for (let socket = this.sockets[length];; socket = this.sockets[length]) {
      if (socket !== undefined) return socket;
      if (!await this.clock.advanceToNextTimer()) throw new Error("No timer is set.");
    }
  }

  /** Moves time on. */
  advance(duration: number): Promise<void> {
    return this.clock.advance(duration);
  }
}

function unreachable(request: Request): never {
  throw new TypeError(
    `error sending request for url (${request.url}): client error (Connect): Connection refused`,
  );
}
