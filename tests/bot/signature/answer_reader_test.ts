import { BotDefinitionError } from "@roomz/roomz/bot";
import { assertEquals, assertThrows } from "@std/assert";
import { readAnswer, typeNamed } from "../../../bot/signature/answer_reader.ts";

function read(content: string, typeName: string, cancel?: string, maybeTruncated = false): unknown {
  const user = { id: "user:me@example.com", email: "me@example.com", display_name: "laptop" };
  const timestamp = "2026-11-22T00:00:00Z";
  const message = { id: "1", user, content, timestamp, own: false, maybeTruncated, raw: {} };
  return readAnswer(message, typeNamed(typeName, "ask(…).type"), cancel);
}

Deno.test("an answer is the whole message without surrounding white space", () => {
  assertEquals(read(" two words ", "text"), { value: "two words" });
  assertEquals(read("42", "int"), { value: 42 });
  assertEquals(read("PROD", "dev|prod"), { value: "prod" });
});

Deno.test("an invalid answer is reported with what is required", () => {
  assertEquals(read("many", "int"), {
    problem: 'Your answer must be a whole number such as 42, not "many".',
  });
  assertEquals(read("prd", "dev|prod"), {
    problem: 'Your answer must be dev or prod, not "prd". Did you mean "prod"?',
  });
});

Deno.test("the cancel word is recognized in any case; without one, nothing cancels", () => {
  assertEquals(read(" Cancel", "text", "cancel"), { cancelled: true });
  assertEquals(read("cancel", "text"), { value: "cancel" });
});

Deno.test("an answer that may have been cut off is rejected", () => {
  assertEquals(read("x".repeat(1_000), "text", undefined, true), {
    problem:
      "Your answer hit the 1,000-character limit and may have been cut off. Send a shorter one.",
  });
});

Deno.test("an unknown type is an error with a suggestion", () => {
  assertThrows(
    () => typeNamed("itn", "ask(…).type"),
    BotDefinitionError,
    'There is no type "itn". Did you mean "int"?\n  in ask(…).type',
  );
  for (const name of ["a|", "", "blob", "boolean or so", "constructor", "enum", "a b|c"]) {
    assertThrows(
      () => typeNamed(name, "here"),
      BotDefinitionError,
      `There is no type "${name}". Use text, int, number, bool, duration, email, url, date, or choices ` +
        "such as a|b.\n  in here",
    );
  }
});
