import { assertEquals } from "@std/assert";
import { didYouMean, nearest } from "../../../bot/text/did_you_mean.ts";

const words = ["ping", "roll", "deploy", "departments", "ls"];
const cases: readonly [typed: string, meant: string | undefined][] = [
  ["pnig", "ping"], // swapped
  ["pin", "ping"], // deleted
  ["pingg", "ping"], // inserted
  ["pong", "ping"], // replaced
  ["PNIG", "ping"],
  ["dep", "deploy"], // prefix
  ["dpelyo", "deploy"], // two swaps
  ["sl", "ls"],
  ["p", undefined],
  ["xyz", undefined],
  ["dprtmnts", "departments"], // three edits
  ["", undefined],
  ["a".repeat(1_000_000), undefined],
];
for (const [typed, meant] of cases) {
  Deno.test(`the nearest word to "${typed.slice(0, 20)}" is ${meant ?? "none"}`, () => {
    assertEquals(nearest(typed, words), meant);
  });
}

Deno.test("there is a suggestion only if a word is near", () => {
  assertEquals(didYouMean("rol", words), ' Did you mean "roll"?');
  assertEquals(didYouMean("xyz", words), "");
});
