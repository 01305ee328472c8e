import { assertEquals } from "@std/assert";
import { answerOf } from "../../../cli/chat/question.ts";
import type { Key } from "../../../cli/terminal/key_decoder.ts";

const answers: readonly [key: Key, answer: "yes" | "no" | undefined][] = [
  [{ kind: "key", name: "enter" }, "yes"],
  [{ kind: "text", text: "Y" }, "yes"],
  [{ kind: "key", name: "escape" }, "no"],
  [{ kind: "text", text: "n" }, "no"],
  [{ kind: "key", name: "ctrl+c" }, "no"],
  [{ kind: "key", name: "ctrl+d" }, "no"],
  [{ kind: "text", text: "x" }, undefined],
  [{ kind: "paste", text: "y" }, undefined],
  [{ kind: "focus", focused: true }, undefined],
];
for (const [key, answer] of answers) {
  Deno.test(`${JSON.stringify(key)} answers ${answer ?? "nothing"}`, () => {
    assertEquals(answerOf(key), answer);
  });
}
