import { CommandError } from "../../../../cli/command_line/exit_code.ts";
import { inputSchema, readArguments } from "../../../../cli/commands/mcp/parameters.ts";
import { assertEquals, assertThrows } from "@std/assert";

const parameters = {
  text: { type: "string", description: "A text.", minLength: 1, maxLength: 3 },
  count: { type: "integer", description: "A number.", minimum: 1, maximum: 5 },
  list: {
    type: "array",
    description: "Texts.",
    minItems: 2,
    maxItems: 3,
    items: { type: "string", minLength: 1, maxLength: 2 },
  },
} as const;

Deno.test("the schema names the parameters, and refuses others", () => {
  assertEquals(inputSchema(parameters, ["text"]), {
    type: "object",
    properties: parameters,
    required: ["text"],
    additionalProperties: false,
  });
  assertEquals("required" in inputSchema(parameters, []), false);
});

const accepted: readonly Record<string, unknown>[] = [
  {},
  { text: "abc", count: 5, list: ["a", "bc"] },
  { text: "😀😀😀" }, // Code points count, not UTF-16 code units.
  { count: 2.0 },
];
for (const given of accepted) {
  Deno.test(`${JSON.stringify(given)} is accepted as it is`, () => {
    assertEquals(readArguments(parameters, [], given), given);
  });
}

Deno.test("null counts as absent", () => {
  assertEquals(readArguments(parameters, [], { text: null, count: 1 }), { count: 1 });
});

const refused: readonly [given: unknown, message: string][] = [
  [[], "must be a JSON object"],
  ["a", "must be a JSON object"],
  [{ text: "" }, "text must be text of 1 to 3 characters"],
  [{ text: "😀😀😀😀" }, "text must be text of 1 to 3 characters"],
  [{ text: 1 }, "text must be text"],
  [{ count: "1" }, "count must be a whole number from 1 to 5"],
  [{ count: 6 }, "count must be a whole number from 1 to 5"],
  [{ count: 1e300 }, "count must be a whole number from 1 to 5"],
  [{ list: ["a"] }, "list must be a list of 2 to 3 texts of 1 to 2 characters each"],
  [{ list: ["a", 5] }, "list must be a list"],
  [{ list: "ab" }, "list must be a list"],
  [{ cuont: 1 }, 'Unknown argument "cuont". Did you mean "count"?'],
  [{ __proto__: null, constructor: 1 }, 'Unknown argument "constructor".'],
  [JSON.parse('{"__proto__": 1}'), 'Unknown argument "__proto__".'],
];
for (const [given, message] of refused) {
  Deno.test(`${JSON.stringify(given)} is refused: ${message}`, () => {
    assertThrows(() => readArguments(parameters, [], given), CommandError, message);
  });
}

Deno.test("a required argument that is missing or null is named", () => {
  for (const given of [{}, { text: null }]) {
    assertThrows(
      () => readArguments(parameters, ["text"], given),
      CommandError,
      "Missing argument text.",
    );
  }
});
