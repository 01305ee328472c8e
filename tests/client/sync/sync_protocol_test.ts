import { AuthenticationError, ClientError, ConnectionError } from "@roomz/roomz/client";
import { assertEquals, assertInstanceOf } from "@std/assert";
import { fromPlainError, toPlainError } from "../../../client/sync/sync_protocol.ts";

for (const Class of [ClientError, AuthenticationError, ConnectionError]) {
  Deno.test(`${Class.name} keeps its class, facts and advice between threads`, () => {
    const error = new Class("Not connected.", { advice: "Call connect() first." });
    const copy = fromPlainError(structuredClone(toPlainError(error)));
    assertInstanceOf(copy, Class);
    assertEquals([copy.message, copy.facts, copy.advice], [
      error.message,
      "Not connected.",
      "Call connect() first.",
    ]);
  });
}

Deno.test("a ConnectionError keeps its HTTP status and retryAfter between threads", () => {
  const error = new ConnectionError("Unavailable.", { status: 503, retryAfter: 7_000 });
  const copy = fromPlainError(structuredClone(toPlainError(error)));
  assertInstanceOf(copy, ConnectionError);
  assertEquals([copy.status, copy.retryAfter], [503, 7_000]);
});

Deno.test("another error, or another thrown value, becomes a plain Error", () => {
  assertEquals(fromPlainError(toPlainError(new TypeError("a"))), new Error("a"));
  assertEquals(fromPlainError(toPlainError("b")), new Error("b"));
});
