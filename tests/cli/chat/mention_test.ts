import { assertEquals } from "@std/assert";
import { mentions } from "../../../cli/chat/mention.ts";

const cases: readonly [content: string, name: string | null, expected: boolean][] = [
  ["hey Lap", "Lap", true],
  ["LAP, look", "lap", true],
  ["@lap: hi", "Lap", true],
  ["laptop", "Lap", false],
  ["overlap lap", "Lap", true],
  ["ask Big Laptop now", "big laptop", true],
  ["a.*b", "a.*b", true],
  ["axxb", "a.*b", false],
  ["éa", "a", false],
  ["anything", null, false],
];
for (const [content, name, expected] of cases) {
  Deno.test(`"${content}" ${expected ? "mentions" : "does not mention"} ${name}`, () => {
    assertEquals(mentions(content, name), expected);
  });
}
