import { assertEquals } from "@std/assert";
import { expandVariables, hasOwnText, secretVariable } from "../../../cli/config/variables.ts";

const env: Readonly<Record<string, string>> = {
  NAME: "Ada",
  EMPTY: "",
  QUOTED: '"in quotes"',
  SINGLE: "'single'",
  NUMBER: "42",
  A1: "one",
};

// What envtoml 0.5.0 makes of each, but for the numbers.
const cases: readonly [text: string, expanded: string][] = [
  ["plain", "plain"],
  ["${NAME}", "Ada"],
  ["$NAME", "Ada"],
  ["$NAME's laptop", "Ada's laptop"],
  ["${NAME:-else}", "Ada"],
  ["${UNSET:-else}", "else"],
  ["${UNSET:-}", ""],
  ["${UNSET}", ""],
  ["${EMPTY:-else}", "else"],
  ["a${UNSET}b", "ab"],
  ["$$NAME", "$NAME"],
  ["$$$NAME", "$Ada"],
  ["$$", "$"],
  ["100$", "100$"],
  ["$5", "$5"],
  ["${name}", "${name}"],
  ["$name", "$name"],
  ["${NAME|else}", "${NAME|else}"],
  ["${1A}", "${1A}"],
  ["$A1-$A1", "one-one"],
  ["$NAMEs", "Adas"],
  ["$NAME_", ""],
  ["${UNSET:-a b}", "a b"],
  ["${UNSET:-${NAME}}", "${NAME}"],
  ["$QUOTED", "in quotes"],
  ["$SINGLE", "single"],
  ['"$NAME"', "Ada"],
  ['"$NAME" x', '"Ada" x'],
  ["$NUMBER", "42"],
  ["${UNSET:-true}", "true"],
  ['"plain"', '"plain"'],
];
for (const [text, expanded] of cases) {
  Deno.test(`${JSON.stringify(text)} expands to ${JSON.stringify(expanded)}`, async () => {
    assertEquals(await expandVariables(text, (name) => env[name]), expanded);
  });
}

Deno.test("a text that is only variables has no text of its own", () => {
  assertEquals(["${A}", "$A$B", "", "x$A", "$$", "${a}"].map(hasOwnText), [
    false,
    false,
    false,
    true,
    false,
    true,
  ]);
});

Deno.test("a variable that is named like a secret is found, written either way", () => {
  const texts = [
    "$ROOMZ_TOKEN",
    "x${DB_PASSWORD:-y}",
    "$NAME ${API_KEY}",
    "$KEYBOARD",
    "$$TOKEN",
    "TOKEN",
  ];
  assertEquals(texts.map(secretVariable), [
    "ROOMZ_TOKEN",
    "DB_PASSWORD",
    "API_KEY",
    undefined,
    undefined,
    undefined,
  ]);
});
