import { AuthenticationError, ConfigurationError, ConnectionError } from "@roomz/roomz/client";
import { assertEquals } from "@std/assert";
import { isTransient, requestedDelay } from "../../../client/connection/transient.ts";

const cases: readonly [error: unknown, transient: boolean][] = [
  [new ConnectionError("No answer from http://localhost:8000 (Connection refused)."), true],
  [new ConnectionError("No answer from https://a.example (dns error: no such host)."), true],
  [new ConnectionError("No answer from https://tls.example (Connection refused)."), true],
  [new ConnectionError("No answer within 10 s."), true],
  [new ConnectionError("The server is full."), true],
  [new ConnectionError("Bad gateway.", { status: 502 }), true],
  [new ConnectionError("Unavailable.", { status: 503 }), true],
  [new ConnectionError("Too many requests.", { status: 429 }), true],
  [new ConnectionError("Not found.", { status: 404 }), false],
  [new ConnectionError("Moved.", { status: 301 }), false],
  [new ConnectionError("No answer (invalid peer certificate: UnknownIssuer)."), false],
  [new ConnectionError('Connecting failed: Requires net access to "localhost:1"'), false],
  [new ConnectionError("No answer (Fetch failed: Requests to port 6000 are blocked)."), false],
  [new ConnectionError("No answer (Too many open files)."), false],
  [new AuthenticationError("Refused."), false],
  [new ConfigurationError("Wrong."), false],
  [new TypeError("A bug."), false],
  [undefined, false],
];
for (const [error, transient] of cases) {
  Deno.test(`${error} ${transient ? "may pass" : "stays"}`, () => {
    assertEquals(isTransient(error), transient);
  });
}

const delays: readonly [retryAfter: number | undefined, delay: number][] = [
  [undefined, 0],
  [0, 0],
  [1_500, 1_500],
  [3_600_000, 3_600_000],
  [3_600_001, 3_600_000],
  [99_999_999_000, 3_600_000],
  [Number.MAX_VALUE, 3_600_000],
];
for (const [retryAfter, delay] of delays) {
  Deno.test(`a server that asks for ${retryAfter} ms is given ${delay} ms`, () => {
    const error = new ConnectionError("Busy.", { status: 503, retryAfter });
    assertEquals(requestedDelay(error), delay);
  });
}
