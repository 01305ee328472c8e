import { assertEquals } from "@std/assert";
import { complete } from "../../../cli/chat/completion.ts";

const NAMES = ["phone", "phone two", "Laptop"];
const cases: readonly [before: string, after: string | undefined][] = [
  ["/he", "/help "],
  ["/log", "/log"],
  ["/nothing", undefined],
  ["hi lap", "hi Laptop "],
  ["hi @ph", "hi @phone"],
  ["/name lap", "/name Laptop "],
  ["hi ", undefined],
  ["", undefined],
];
for (const [before, after] of cases) {
  Deno.test(`Tab makes ${JSON.stringify(after)} of ${JSON.stringify(before)}`, () => {
    const completion = complete(before, before.length, NAMES);
    const made = completion && before.slice(0, completion.start) + completion.text;
    assertEquals(made, after);
  });
}

Deno.test("if several names match, all are listed", () => {
  assertEquals(complete("/log", 4, [])?.candidates, ["/login", "/logout"]);
});

Deno.test("a name with spaces is completed after @, even from its second word", () => {
  const names = ["Big Laptop", "Little Laptop", "phone"];
  assertEquals(complete("hi @Big L", 9, names), {
    start: 3,
    text: "@Big Laptop ",
    candidates: ["@Big Laptop"],
  });
  assertEquals(complete("@Big Laptop and ph", 18, names)?.text, "phone ");
});

const emoji: readonly [typed: string, names: readonly string[], after: string][] = [
  ["@", ["📱 phone", "💻 laptop"], "@"],
  ["@", ["📱 phone", "📱 other"], "@📱 "],
  ["@", ["👨‍👩‍👧 home", "👨‍👩‍👦 home"], "@"],
  ["@", ["👍🏽 one", "👍🏿 two"], "@"],
  ["@", ["🇧🇪 bot", "🇧🇷 bot"], "@"],
  ["@", ["cafe\u0301", "cafe"], "@caf"],
  ["@c", ["Café one", "CAFÉ two"], "@CAFÉ "],
  ["@", ["e\u0301a", "e\u0300a"], "@"],
];
for (const [typed, names, after] of emoji) {
  Deno.test(`Tab for ${JSON.stringify(names)} cuts no character in half`, () => {
    const completion = complete(typed, typed.length, names);
    assertEquals(completion && typed.slice(0, completion.start) + completion.text, after);
  });
}
