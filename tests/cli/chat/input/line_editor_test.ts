import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { InputHistory } from "../../../../cli/chat/input/input_history.ts";
import { LineEditor } from "../../../../cli/chat/input/line_editor.ts";
import { graphemes } from "../../../../cli/terminal/text_width.ts";

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
  ["漢|\nabc", "down", "漢\nab|c"],
  ["漢字|\nab漢", "down", "漢字\nab漢|"],
  ["abc|\n漢字", "down", "abc\n漢|字"],
  // The column is kept through a shorter line, until another key.
  ["lon|ger\na\nlonger", "down down", "longer\na\nlon|ger"],
  ["longer\na\nlong|er", "ctrl+p ctrl+p", "long|er\na\nlonger"],
  ["lon|ger\na\nlonger", "down left down", "longer\na\n|longer"],
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
  // Between graphemes.
  ["e\u0301👨‍👩‍👧|", "ctrl+t", "👨‍👩‍👧e\u0301|"],
  ["a|👍🏽b", "ctrl+t", "👍🏽a|b"],
  ["漢|🇧🇪", "ctrl+t", "🇧🇪漢|"],
  ["🇧🇪🇩🇪|🇫🇷", "ctrl+t", "🇧🇪🇫🇷🇩🇪|"],
  ["e\u0301|", "ctrl+t", "e\u0301|"],
  ["a\n|b", "ctrl+t", "ab\n|"],
  ["👁️‍🗨️x|", "ctrl+t ctrl+_", "👁️‍🗨️|x"],
  // By the rules of Unicode.
  ["|straße x", "alt+u", "STRASSE| x"],
  ["|İSTANBUL", "alt+l", "i̇stanbul|"],
  ["|ΟΔΟΣ ΟΔΟΣ", "alt+l alt+l", "οδος οδος|"],
  ["ΟΔΟ|Σ", "alt+l", "ΟΔΟς|"],
  ["|ΟΔΟΣ", "alt+c", "Οδος|"],
  ["|ﬁx ßa ŉx", "alt+c alt+c alt+c", "Fix Ssa ʼNx|"],
  ["|école e\u0301cole", "alt+c alt+u", "École E\u0301COLE|"],
  ["|漢字 x", "alt+u alt+c", "漢字 X|"],
  ["|2ND FLOOR", "alt+c alt+c", "2nd Floor|"],
  ["|straße x", "alt+u ctrl+_", "straße| x"],
  // Kills in a row are one text, whatever their direction.
  ["one two three|", "ctrl+w ctrl+w ctrl+y", "one two three|"],
  ["one |two three", "alt+d ctrl+k ctrl+u ctrl+y", "one two three|"],
  ["one\n|two", "ctrl+k ctrl+w ctrl+y", "one\ntwo|"],
  ["one|\ntwo", "ctrl+k ctrl+k ctrl+a ctrl+y", "\ntwo|one"],
  ["one two|", "ctrl+w left ctrl+w ctrl+y", "one| "],
  ["🇧🇪 👨‍👩‍👧|", "alt+backspace ctrl+u ctrl+y ctrl+y", "🇧🇪 👨‍👩‍👧🇧🇪 👨‍👩‍👧|"],
  // Undo.
  ["one two|", "ctrl+w ctrl+w ctrl+_ ctrl+_", "one two|"],
  ["|one two", "alt+d ctrl+x ctrl+u", "one| two"],
  ["a👍🏽|", "backspace ctrl+_", "a👍🏽|"],
  ["one|", "ctrl+k ctrl+_", "|"],
  ["a|b", "ctrl+j ctrl+/", "a|b"],
];
for (const [before, keys, after] of presses) {
  Deno.test(`${keys} makes ${JSON.stringify(after)} of ${JSON.stringify(before)}`, () => {
    const editor = editorWith(before);
    for (const key of keys.split(/(?<!ctrl\+x) /)) assert(editor.press(key), `${key} is no key`);
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

/** The editor with a history of these entries. */
async function editorWithHistory(...entries: readonly string[]): Promise<LineEditor> {
  const history = new InputHistory();
  for (const entry of entries) await history.add(entry);
  return new LineEditor(history);
}

function press(editor: LineEditor, ...keys: readonly string[]): void {
  for (const key of keys) assert(editor.press(key), `${key} is no key`);
}

Deno.test("typed text is undone in pieces of at most 20 characters, a paste whole", () => {
  const editor = new LineEditor(new InputHistory());
  for (const character of "abcdefghijklmnopqrstuvwxyz") editor.type(character);
  editor.insert("a paste that is longer than 20 characters");
  press(editor, "ctrl+_");
  assertEquals(shown(editor), "abcdefghijklmnopqrstuvwxyz|");
  press(editor, "ctrl+_");
  assertEquals(shown(editor), "abcdefghijklmnopqrst|");
  press(editor, "ctrl+_", "ctrl+_");
  assertEquals(shown(editor), "|");
});

Deno.test("completion and the text from the external editor can be undone", () => {
  const editor = new LineEditor(new InputHistory());
  editor.type("hi @ph");
  editor.replace(3, 6, "@phone ");
  editor.set("something else\n");
  press(editor, "ctrl+_");
  assertEquals(shown(editor), "hi @phone |");
  press(editor, "ctrl+_");
  assertEquals(shown(editor), "hi @ph|");
});

Deno.test("after Enter and Ctrl+C there is nothing to undo", () => {
  const editor = new LineEditor(new InputHistory());
  for (const end of [() => editor.take(), () => editor.discard()]) {
    editor.type("one two");
    press(editor, "ctrl+w");
    end();
    press(editor, "ctrl+_", "ctrl+_");
    assertEquals(shown(editor), "|");
  }
});

Deno.test("edited history entries and the draft are kept, with their undo, until Enter", async () => {
  const editor = await editorWithHistory("first", "second");
  editor.type("draft");
  press(editor, "up");
  editor.type("X");
  press(editor, "up", "backspace", "down");
  assertEquals(shown(editor), "secondX|");
  press(editor, "down");
  assertEquals(shown(editor), "draft|");
  press(editor, "up", "up");
  assertEquals(shown(editor), "firs|");
  press(editor, "ctrl+_", "down", "ctrl+_", "down", "ctrl+_");
  assertEquals(shown(editor), "|");
  press(editor, "up");
  assertEquals(shown(editor), "second|");
  editor.type("Y");
  press(editor, "up");
  assertEquals(editor.take(), "first");
  press(editor, "up");
  assertEquals(shown(editor), "second|");
  press(editor, "ctrl+_");
  assertEquals(shown(editor), "second|");
});

/** Lines with a part that is hidden, and keys that take it away. */
const secrets: readonly [line: string, keys: readonly string[]][] = [
  ["/token s3cret", ["ctrl+u"]],
  ["/token s3cret", ["ctrl+w"]],
  ["/tokn s3cret", ["ctrl+a", "ctrl+k"]],
  ["/login me@example.com s3cret", ["alt+backspace"]],
  ["/token s3cret", ["ctrl+a", "alt+d", "alt+d"]],
  ["/token s3cret", ["ctrl+a", "delete", "ctrl+k"]],
  ["see http://x/auth/verify?token=s3cret", ["ctrl+w", "ctrl+w"]],
  ["eyJhbGciOi.eyJzdWIi.s3cret", ["alt+backspace", "ctrl+u"]],
  ["eyJhbGciOi.s3cret", ["ctrl+a", "delete", "ctrl+k"]],
  ["/token s3cret", ["up", "down", "ctrl+u"]],
  ["/token s3cret", ["alt+u", "ctrl+t", "ctrl+a", "ctrl+d", "ctrl+k"]],
];
for (const [line, keys] of secrets) {
  Deno.test(`what was hidden in ${line} is not inserted after ${keys.join(", ")} and Enter`, async () => {
    for (const end of ["take", "discard"] as const) {
      const editor = await editorWithHistory("first");
      editor.type(line);
      press(editor, ...keys);
      editor[end]();
      press(editor, "ctrl+y", "ctrl+_", "ctrl+_", "ctrl+_", "up", "down");
      assertEquals(/s3?c?ret|et/i.test(editor.text), false, editor.text);
    }
  });
}

Deno.test("what was hidden is not inserted with Ctrl+Y in the same line, but undo restores it", () => {
  const editor = editorWith("/token s3cret|");
  press(editor, "ctrl+u", "ctrl+y");
  assertEquals(shown(editor), "|");
  press(editor, "ctrl+_");
  assertEquals(shown(editor), "/token s3cret|");
});

Deno.test("Ctrl+Y inserts what was killed before Enter, until a line that held a secret is sent", () => {
  const editor = editorWith("hello|");
  press(editor, "ctrl+u");
  editor.take();
  press(editor, "ctrl+y");
  assertEquals(editor.take(), "hello");
  editor.type("/token s3cret");
  editor.take();
  press(editor, "ctrl+y");
  assertEquals(shown(editor), "|");
});

Deno.test("whatever key is pressed, the cursor is between two graphemes", () => {
  const keys = fc.constantFrom(
    ...["left", "right", "home", "end", "up", "down", "alt+b", "alt+f", "backspace", "delete"],
    ...["ctrl+u", "ctrl+k", "ctrl+w", "ctrl+y", "alt+d", "alt+enter", "ctrl+left", "ctrl+p"],
    ...["ctrl+t", "alt+u", "alt+l", "alt+c", "ctrl+_", "ctrl+_", "ctrl+x ctrl+u", "alt+backspace"],
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
      else editor.type(step.text);
      const before = editor.text.slice(0, editor.cursor);
      const after = editor.text.slice(editor.cursor);
      assert(editor.cursor >= 0 && editor.cursor <= editor.text.length);
      // Flags are pairs counted from the start of a line, and so is the rest.
      const whole = graphemes(editor.text).length;
      assertEquals(graphemes(before).length + graphemes(after).length, whole, shown(editor));
    }
  }));
});

Deno.test("whatever was done, undo leads back to the start, without the same state twice in a row", () => {
  const keys = fc.constantFrom(
    ...["left", "home", "backspace", "delete", "ctrl+u", "ctrl+k", "ctrl+w", "ctrl+y", "alt+d"],
    ...["ctrl+t", "alt+u", "alt+l", "alt+c", "alt+enter", "alt+b", "alt+f", "end"],
  );
  const texts = fc.constantFrom("a", "ß", "Σ", "e\u0301", "👨‍👩‍👧", "🇧", " ", "\u0301", "two words");
  const steps = fc.array(fc.oneof(keys.map((key) => ({ key })), texts.map((text) => ({ text }))));
  fc.assert(fc.property(steps, (steps) => {
    const editor = new LineEditor(new InputHistory());
    const states = [""];
    for (const step of steps) {
      if ("key" in step) editor.press(step.key);
      else editor.insert(step.text);
      if (editor.text !== states.at(-1)) states.push(editor.text);
    }
    for (const state of states.toReversed()) {
      assertEquals(editor.text, state);
      editor.press("ctrl+_");
    }
    assertEquals(editor.text, "");
  }));
});
