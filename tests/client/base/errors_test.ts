import {
  AuthenticationError,
  ClientError,
  ConfigurationError,
  ConnectionError,
} from "@roomz/roomz/client";
import { assertEquals, assertStrictEquals } from "@std/assert";
import { messageOf } from "../../../client/base/errors.ts";

const classes = [ClientError, ConnectionError, AuthenticationError, ConfigurationError];
for (const Class of classes) {
  Deno.test(`the message of ${Class.name} is its facts, then its advice`, () => {
    const error = new Class("Not connected.", { advice: "Call connect() first." });
    assertEquals(error.message, "Not connected. Call connect() first.");
    assertEquals([error.facts, error.advice], ["Not connected.", "Call connect() first."]);
    assertEquals([error.name, error instanceof ClientError], [Class.name, true]);
  });
}

Deno.test("without advice the message is the facts", () => {
  const error = new ConnectionError("Superseded.");
  assertEquals([error.message, error.facts, error.advice], [
    "Superseded.",
    "Superseded.",
    undefined,
  ]);
});

Deno.test("an error keeps its cause and its HTTP status", () => {
  const cause = new TypeError("network");
  const error = new ConnectionError("Refused.", { advice: "Try again.", cause, status: 429 });
  assertStrictEquals(error.cause, cause);
  assertEquals(error.status, 429);
});

Deno.test("anything that may be thrown has a message", () => {
  assertEquals(messageOf(new Error("a")), "a");
  assertEquals(messageOf("b"), "b");
  assertEquals(messageOf(undefined), "undefined");
  assertEquals(messageOf(Object.create(null)), "an unprintable value was thrown");
});
