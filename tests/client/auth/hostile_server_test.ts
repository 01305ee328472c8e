/**
 * Logging in to real servers that redirect, or that answer without an end.
 * @module
 */
import { AsyncClient, ConnectionError } from "@roomz/roomz/client";
import { assert, assertEquals, assertNotMatch, assertRejects } from "@std/assert";
import { within } from "../../support/within.ts";
import { sessionJwt, SIGNATURE } from "../support/session_jwt.ts";

interface Server extends AsyncDisposable {
  readonly url: string;
}

/** Starts a server, whose open connections are dropped at the end. */
function serve(handler: (request: Request) => Response): Server {
  const abort = new AbortController();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, signal: abort.signal, onListen() {} },
    handler,
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    async [Symbol.asyncDispose]() {
      abort.abort();
      await server.finished;
    },
  };
}

const calls: readonly [name: string, call: (url: string) => Promise<unknown>][] = [
  ["login()", (url) => new AsyncClient(url).login("me@example.com")],
  ["whoami()", (url) => new AsyncClient(url, sessionJwt()).whoami()],
  ["connect() with a session", (url) => new AsyncClient(url, sessionJwt()).connect()],
  ["connect() with a magic-link token", (url) => new AsyncClient(url, "mAgIcToKeN").connect()],
];

for (const status of [301, 302, 303, 307, 308]) {
  Deno.test(`a server that redirects everything (${status}) is named, and nothing follows`, async () => {
    let followed = 0;
    await using target = serve(() => {
      followed++;
      return new Response("");
    });
    await using server = serve(({ url }) => {
      const { pathname, search } = new URL(url);
      const headers = { Location: `${target.url}${pathname}${search}` };
      return new Response(null, { status, headers });
    });
    for (const [name, call] of calls) {
      const error = await assertRejects(() => call(server.url), ConnectionError, target.url);
      assertEquals(error.advice, `Set the server URL to ${target.url}.`, name);
      assertNotMatch(Deno.inspect(error), new RegExp(`mAgIcToKeN|${SIGNATURE}`));
    }
    assertEquals(followed, 0);
  });
}

for (
  const [name, status, chunk] of [
    ["of zeros", 200, new Uint8Array(65_536)],
    ["in small pieces", 200, new Uint8Array(200).fill(32)],
    ["of an error", 502, new Uint8Array(65_536).fill(60)],
    ["of a refusal", 401, new TextEncoder().encode('{"title":"x"}'.repeat(20))],
    ["of a redirect", 302, new Uint8Array(4_096).fill(32)],
    ["in JSON", 200, new TextEncoder().encode("[".repeat(1_000))],
  ] as const
) {
  Deno.test(`a body without an end (${name}) is an error, and its connection is dropped`, async () => {
    const cancelled: Promise<void>[] = [];
    await using server = serve((request) => {
      if (request.headers.get("Upgrade") !== null) return new Response("", { status: 404 });
      const { promise, resolve } = Promise.withResolvers<void>();
      cancelled.push(promise);
      const body = new ReadableStream({
        async pull(controller) {
          // Lets other tasks run, and the client drop the connection.
          await new Promise((resolve) => setTimeout(resolve, 0));
          controller.enqueue(chunk.slice());
        },
        cancel: () => resolve(),
      });
      return new Response(body, { status });
    });
    for (const [, call] of calls) {
      const error = await assertRejects(() => call(server.url), ConnectionError, server.url);
      assertEquals(error.status, status);
    }
    assert(cancelled.length >= calls.length);
    await within(10_000, "every connection to be dropped", Promise.all(cancelled));
  });
}
