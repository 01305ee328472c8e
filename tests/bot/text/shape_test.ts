import { BotDefinitionError } from "@roomz/roomz/bot";
import { assertEquals, assertThrows } from "@std/assert";
import {
  type Check,
  checkShape,
  either,
  element,
  fits,
  isRecord,
  listOf,
  mapOf,
  member,
  oneOf,
  recordOf,
} from "../../../bot/text/shape.ts";

const text = fits("a string", (value) => typeof value === "string");
const pet = recordOf({
  expected: 'an object such as { name: "Rex" }',
  lacks: "A pet has no",
  keys: { name: text, kind: oneOf("dog", "cat"), toys: listOf("an array of toys", "A toy", text) },
  required: { name: "A pet needs `name`." },
  instead: { species: "Write `kind`." },
  conflict: ({ kind, toys }) =>
    kind === "cat" && toys !== undefined ? "Cats need none." : undefined,
});
const pets = mapOf("an object of pets", "A pet", pet);

const inputs: readonly [check: Check, value: unknown, problem: string, path: string][] = [
  [text, 5, "It must be a string, not 5.", ""],
  [text, Promise.resolve(""), "It must be a string, not a Promise. Await it first.", ""],
  [oneOf("dog", "cat"), "cta", 'It must be "dog" or "cat", not "cta". Did you mean "cat"?', ""],
  [oneOf("dog", "cat"), 1, 'It must be "dog" or "cat", not 1.', ""],
  [pet, [], 'It must be an object such as { name: "Rex" }, not an empty array.', ""],
  [pet, {}, "A pet needs `name`.", ""],
  [pet, { name: undefined }, "A pet needs `name`.", ""],
  [pet, { nam: "Rex" }, 'A pet has no "nam". Did you mean "name"?', ".nam"],
  [pet, { species: "dog" }, 'A pet has no "species". Write `kind`.', ".species"],
  [pet, { "x y": 1 }, 'A pet has no "x y". It can have: name, kind, toys.', '["x y"]'],
  [pet, { name: "Tom", kind: "cat", toys: [] }, "Cats need none.", ""],
  [pet, { name: "Rex", toys: "ball" }, '`toys` must be an array of toys, not "ball".', ".toys"],
  [pet, { name: "Rex", toys: ["ball", 5] }, "A toy must be a string, not 5.", ".toys[1]"],
  [pets, { rex: { name: 5 } }, "`name` must be a string, not 5.", ".rex.name"],
  [pets, { "my dog": 5 }, 'A pet must be an object such as { name: "Rex" }, not 5.', '["my dog"]'],
  [pets, new Map(), "It must be an object of pets, not a Map.", ""],
  [
    either((value) => Array.isArray(value) ? listOf("", "A text", text) : text),
    [1],
    "A text must be a string, not 1.",
    "[0]",
  ],
];
for (const [check, value, problem, path] of inputs) {
  Deno.test(`a shape finds: ${problem}`, () => {
    assertEquals(check.find(value, "It"), { problem, path });
    const error = assertThrows(() => checkShape(check, value, "It", "root"), BotDefinitionError);
    assertEquals(error.message, `${problem}\n  in root${path}`);
  });
}

Deno.test("a shape accepts what fits, and takes undefined as absent", () => {
  assertEquals(pets.find({ rex: { name: "Rex", kind: "dog", toys: ["ball"] } }, "It"), undefined);
  assertEquals(pet.find({ name: "Tom", kind: undefined, toys: undefined }, "It"), undefined);
  assertEquals([isRecord({}), isRecord([]), isRecord(new Map()), isRecord(null)], [
    true,
    false,
    false,
    false,
  ]);
  assertEquals([member("run"), member("two words"), member("1"), element("run")], [
    ".run",
    '["two words"]',
    '["1"]',
    '["run"]',
  ]);
});
