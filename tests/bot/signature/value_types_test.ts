import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { choiceType, type ValueTypes, valueTypes } from "../../../bot/signature/value_types.ts";

function read(type: keyof ValueTypes, word: string): unknown {
  const reading = valueTypes[type].read(word);
  return "value" in reading ? reading.value : reading.requirement;
}

const right: readonly [type: keyof ValueTypes, word: string, value: unknown][] = [
  ["text", "", ""],
  ["text", "a\0b", "a\0b"],
  ["int", "42", 42],
  ["int", "+007", 7],
  ["int", "-0", 0],
  ["int", "-9007199254740991", -9007199254740991],
  ["number", "2.5", 2.5],
  ["number", "-.5", -0.5],
  ["number", "5.", 5],
  ["number", "1e3", 1000],
  ["number", "1E-3", 0.001],
  ["number", "-0.0", 0],
  ["bool", "Yes", true],
  ["bool", "true", true],
  ["bool", "on", true],
  ["bool", "NO", false],
  ["bool", "false", false],
  ["bool", "off", false],
  ["bool", "y", true],
  ["bool", "N", false],
  ["bool", "1", true],
  ["bool", "0", false],
  ["bool", "Yes.", true],
  ["bool", "No!", false],
  ["bool", "ＹＥＳ", true],
  ["bool", "\u200byes\u2060", true],
  ["int", "４２", 42],
  ["int", "\u22125", -5],
  ["int", "\u206642\u2069", 42],
  ["number", "\u20112.5", -2.5],
  ["duration", "１ｈ３０ｍ", 5_400_000],
  ["email", "ada@example.org\u200b", "ada@example.org"],
  ["url", "\u2060https://example.org/", new URL("https://example.org/")],
  ["date", "２０２６-１１-２２", new Date("2026-11-22T00:00:00.000Z")],
  ["duration", "90s", 90_000],
  ["duration", "1h30m", 5_400_000],
  ["duration", "1.5D", 129_600_000],
  ["duration", "2w", 1_209_600_000],
  ["duration", "1m500ms", 60_500],
  ["duration", "0s", 0],
  ["email", "ada@example.org", "ada@example.org"],
  ["email", "a.b+c@mail.example.org", "a.b+c@mail.example.org"],
  ["url", "https://example.org/a?b#c", new URL("https://example.org/a?b#c")],
  ["url", "HTTP://EXAMPLE.ORG", new URL("http://example.org/")],
  ["date", "2026-11-22", new Date("2026-11-22T00:00:00.000Z")],
  ["date", "2024-02-29", new Date("2024-02-29T00:00:00.000Z")],
  ["date", "2026-11-22T10:30", new Date("2026-11-22T10:30:00.000Z")],
  ["date", "2026-11-22 10:30:15.5", new Date("2026-11-22T10:30:15.500Z")],
  ["date", "2026-11-22t10:30z", new Date("2026-11-22T10:30:00.000Z")],
  ["date", "2026-11-22T10:30+02:00", new Date("2026-11-22T08:30:00.000Z")],
  ["date", "2026-11-22T23:30-0230", new Date("2026-11-23T02:00:00.000Z")],
  ["date", "0001-01-01", new Date("0001-01-01T00:00:00.000Z")],
];
for (const [type, word, value] of right) {
  Deno.test(`${type} parses ${JSON.stringify(word)}`, () => {
    assertEquals(read(type, word), value);
    assert(!Object.is(read(type, word), -0), "never -0");
  });
}

const wrong: readonly [type: keyof ValueTypes, word: string, requirement: string][] = [
  ["int", "", "must be a whole number"],
  ["int", "1.0", "must be a whole number"],
  ["int", "1e3", "must be a whole number"],
  ["int", "0x10", "must be a whole number"],
  ["int", "١", "must be a whole number"],
  ["int", "1\0", "must be a whole number"],
  ["int", "9007199254740992", "must be a whole number between"],
  ["number", "", "must be a number"],
  ["number", ".", "must be a number"],
  ["number", "1,5", "must be a number"],
  ["number", "NaN", "must be a number"],
  ["number", "Infinity", "must be a number"],
  ["number", "1e999", "must be a number between"],
  ["number", "-1e999", "must be a number between"],
  ["bool", "2", "must be yes or no"],
  ["bool", "yes please", "must be yes or no"],
  ["bool", "yes?", "must be yes or no"],
  ["bool", ".", "must be yes or no"],
  ["bool", "", "must be yes or no"],
  ["duration", "", "must be a duration"],
  ["duration", "10", "must be a duration"],
  ["duration", "-1h", "must be a duration"],
  ["duration", "30m1h", "must be a duration"],
  ["duration", "999999999999w", "must be a duration of at most"],
  ["email", "ada", "must be an email address"],
  ["email", "ada@home", "must be an email address"],
  ["email", "a b@example.org", "must be an email address"],
  ["email", `${"a".repeat(250)}@b.org`, "must be an email address"],
  ["url", "example.org", "must be a web address"],
  ["url", "javascript:alert(1)", "must be a web address"],
  ["url", "https://", "must be a web address"],
  ["url", "ht\ntps://example.org", "must be a web address"],
  ["url", "https://example.org/\0", "must be a web address"],
  ["date", "", "must be a date such as"],
  ["date", "22/11/2026", "must be a date such as"],
  ["date", "2026-11-22T10", "must be a date such as"],
  ["date", "2026-02-30", "must be a date that exists"],
  ["date", "2025-02-29", "must be a date that exists"],
  ["date", "2026-13-01", "must be a date that exists"],
  ["date", "2026-00-10", "must be a date that exists"],
  ["date", "2026-11-22T24:00", "must be a date that exists"],
  ["date", "2026-11-22T10:60", "must be a date that exists"],
  ["date", "2026-11-22T10:30+25:00", "must be a date that exists"],
  ["date", "2026-11-22T10:30+01:75", "must be a date that exists"],
];
for (const [type, word, requirement] of wrong) {
  Deno.test(`${type} refuses ${JSON.stringify(word.slice(0, 30))}: it ${requirement}`, () => {
    assertStringIncludes(String(read(type, word)), requirement);
  });
}

Deno.test("choices ignore case, and the value is the word as declared", () => {
  const type = choiceType(["Dev", "prod", "test"]);
  assertEquals(type.read("DEV"), { value: "Dev" });
  assertEquals(type.read("stage"), { requirement: "must be Dev, prod or test" });
});

Deno.test("every type but text rejects a word of a million characters quickly", () => {
  for (const type of Object.values(valueTypes)) {
    if (type.name === "text") continue;
    for (const piece of ["9", "1.", "a", "1h", "-", "http://", "a@b.", "."]) {
      const start = performance.now();
      const reading = type.read(piece.repeat(1_000_000 / piece.length) + "!");
      assert("requirement" in reading || type.name === "url", `${type.name} took ${piece}…`);
      assert(performance.now() - start < 5_000, `${type.name} took too long for ${piece}…`);
    }
  }
});
