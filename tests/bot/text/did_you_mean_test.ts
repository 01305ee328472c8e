import { assertEquals } from "@std/assert";
import { didYouMean, nearest } from "../../../bot/text/did_you_mean.ts";

const words = ["ping", "roll", "deploy", "departments", "ls"];
const cases: readonly [typed: string, meant: string | undefined][] = [
  ["pnig", "ping"], // swapped
  ["pin", "ping"], // left out
  ["pingg", "ping"], // added
  ["pong", "ping"], // replaced
  ["PNIG", "ping"],
  ["dep", "deploy"], // a start
  ["dpelyo", "deploy"], // two swaps
  ["sl", "ls"],
  ["p", undefined],
  ["xyz", undefined],
  ["dprtmnts", "departments"], // three slips
  ["", undefined],
  ["a".repeat(1_000_000), undefined],
];
for (const [typed, meant] of cases) {
  Deno.test(`who types ${typed.slice(0, 20) || "nothing"} means ${meant ?? "nothing known"}`, () => {
    assertEquals(nearest(typed, words), meant);
  });
}

Deno.test("the question is asked only when a word is near", () => {
  assertEquals(didYouMean("rol", words), ' Did you mean "roll"?');
  assertEquals(didYouMean("xyz", words), "");
});
