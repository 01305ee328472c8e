import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { InputHistory } from "../../../cli/chat/input_history.ts";
import { LineEditor } from "../../../cli/chat/line_editor.ts";
import { graphemes } from "../../../cli/terminal/text_width.ts";

/** The editor with `text`, in which | is the cursor. */
function editorWith(text: string): LineEditor {
  const editor = new LineEditor(new InputHistory());
  editor.set(text.replace("|", ""));
  editor.moveTo(text.indexOf("|"));
  return editor;
}

function shown(editor: LineEditor): string {
  return `${editor.text.slice(0, editor.cursor)}|${editor.text.slice(editor.cursor)}`;
}

const presses: readonly [before: string, keys: string, after: string][] = [
  ["ab|c", "left", "a|bc"],
  ["|abc", "left", "|abc"],
  ["ab|c", "right right", "abc|"],
  ["one\ntw|o", "home", "one\n|two"],
  ["one\n|two", "end", "one\ntwo|"],
  ["one\ntw|o", "up", "on|e\ntwo"],
  ["one|\nt", "down", "one\nt|"],
  ["漢|\nabc", "down", "漢\na|bc"],
  ["one two|", "alt+b", "one |two"],
  ["|one two", "alt+f alt+f", "one two|"],
  ["one two|", "ctrl+w", "one |"],
  ["a/b c/d|", "ctrl+w", "a/b |"],
  ["a/b c/d|", "alt+backspace", "a/b c/|"],
  ["|one two", "alt+d", "| two"],
  ["one\ntw|o", "ctrl+u", "one\n|o"],
  ["on|e\ntwo", "ctrl+k", "on|\ntwo"],
  ["on|\ntwo", "ctrl+k", "on|two"],
  ["one |two", "ctrl+k ctrl+a ctrl+y", "two|one "],
  ["e\u0301|", "backspace", "|"],
  ["👨‍👩‍👧|x", "backspace", "|x"],
  ["|👍🏽x", "delete", "|x"],
  ["a\n|b", "backspace", "a|b"],
  ["👁️‍🗨️|", "alt+backspace", "|"],
  ["a 👁️‍🗨️|x", "alt+b", "a |👁️‍🗨️x"],
  ["|👁️‍🗨️ x", "alt+d", "| x"],
  ["ab \u0301|", "ctrl+w", "ab|"],
  ["a|b", "alt+enter", "a\n|b"],
  ["a|b", "ctrl+j", "a\n|b"],
];
for (const [before, keys, after] of presses) {
  Deno.test(`${keys} makes ${JSON.stringify(after)} of ${JSON.stringify(before)}`, () => {
    const editor = editorWith(before);
    for (const key of keys.split(" ")) assert(editor.press(key), `${key} is no key`);
    assertEquals(shown(editor), after);
  });
}

Deno.test("an unknown key is not handled", () => {
  const editor = editorWith("a|");
  assertEquals(editor.press("pageup"), false);
  assertEquals(editor.press("constructor"), false);
  assertEquals(shown(editor), "a|");
});

Deno.test("up and down move through the history and back to the draft", async () => {
  const history = new InputHistory();
  await history.add("first");
  await history.add("second\nof two lines");
  const editor = new LineEditor(history);
  editor.insert("draft");
  editor.press("up");
  assertEquals(shown(editor), "second\nof two lines|");
  editor.press("up");
  editor.press("up");
  assertEquals(shown(editor), "first|");
  editor.press("up");
  assertEquals(shown(editor), "first|");
  editor.press("down");
  editor.press("down");
  assertEquals(shown(editor), "draft|");
});

Deno.test("whatever key is pressed, the cursor is between two graphemes", () => {
  const keys = fc.constantFrom(
    ...["left", "right", "home", "end", "up", "down", "alt+b", "alt+f", "backspace", "delete"],
    ...["ctrl+u", "ctrl+k", "ctrl+w", "ctrl+y", "alt+d", "alt+enter", "ctrl+left", "ctrl+p"],
  );
  const texts = fc.constantFrom(
    "a",
    "漢",
    "e\u0301",
    "👨‍👩‍👧",
    "🇧🇪",
    " ",
    "\n",
    "word",
    "_x",
    "👁️‍🗨️",
    "\u0301",
    "🇧",
    "\u200d",
  );
  const steps = fc.array(fc.oneof(keys.map((key) => ({ key })), texts.map((text) => ({ text }))));
  fc.assert(fc.property(steps, (steps) => {
    const editor = new LineEditor(new InputHistory());
    for (const step of steps) {
      if ("key" in step) editor.press(step.key);
      else editor.insert(step.text);
      const before = editor.text.slice(0, editor.cursor);
      const after = editor.text.slice(editor.cursor);
      assert(editor.cursor >= 0 && editor.cursor <= editor.text.length);
      // Flags are pairs counted from the start of a line, and so is the rest.
      const whole = graphemes(editor.text).length;
      assertEquals(graphemes(before).length + graphemes(after).length, whole, shown(editor));
    }
  }));
});
