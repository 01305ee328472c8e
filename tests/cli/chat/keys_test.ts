/**
 * Keys of readline in the chat, in a terminal.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { testChat as test } from "./support/scene.ts";
import { ENTER } from "./support/tmux.ts";

test("Ctrl+T, Alt+U, Alt+L and Alt+C change the line, and undo restores it", async ({ chat }) => {
  await chat.type("straße 👍🏽é");
  await chat.press("C-t");
  await chat.until(/^> straße é👍🏽$/m);
  await chat.press("C-_", "C-a", "M-u");
  await chat.until(/^> STRASSE 👍🏽é$/m);
  await chat.untilCursor("> STRASSE".length);
  await chat.press("C-a", "M-c", "C-a", "C-f", "M-l");
  await chat.until(/^> Strasse 👍🏽é$/m);
  await chat.press("C-x", "C-u", "C-x", "C-u");
  await chat.until(/^> straße 👍🏽é$/m);
});

test("kills in a row are one text for Ctrl+Y", async ({ chat }) => {
  await chat.type("one two three");
  await chat.press("C-w", "C-w");
  await chat.until(/^> one$/m);
  await chat.press("C-y", "C-y");
  await chat.until(/^> one two threetwo three$/m);
});

test(
  "Up and Down move through the rows of a wrapped draft, then through the history",
  async ({ chat }) => {
    await chat.type(`sent before${ENTER}`);
    await chat.until(/✓ .*: sent before\n/);
    await chat.type("abcdefghijklmnopqrstuvwxyz0123456789 the second row");
    await chat.until(/^> abc.*\n +the second row$/m);
    await chat.press("Up");
    await chat.type("!");
    await chat.until(/^> abcdefghijklmn!opqr/m);
    await chat.press("Up");
    await chat.until(/^> sent before$/m);
    await chat.type(", edited");
    await chat.press("Down");
    await chat.until(/^> abc.*\n +the second row$/m);
    await chat.press("Up", "Up");
    await chat.until(/^> sent before, edited$/m);
  },
  { columns: 40 },
);

test("a secret that was cut cannot be inserted after Ctrl+C or Enter", async ({ chat }) => {
  for (const end of ["\x03", ENTER]) {
    await chat.type("/token s3cret");
    await chat.until(/^> \/token •{6}$/m);
    await chat.press("C-u");
    await chat.until(/^>$/m);
    await chat.type("hi");
    await chat.type(`${end}\x19\x1f\x1f(${JSON.stringify(end)})`);
    await chat.until((screen) => screen.includes(`\n> (${JSON.stringify(end)})\n`));
    await chat.press("C-u");
  }
  assert(!(await chat.written()).includes("s3cret"), "the token is visible on the terminal");
});

test(
  "Ctrl+X Ctrl+E edits the draft in the external editor; other keys after Ctrl+X do nothing",
  async ({ chat }) => {
    await chat.type("draft");
    await chat.type(`\x18${ENTER}\x18\x1b[A!`);
    await chat.until(/^> draft!$/m);
    await chat.press("C-x", "C-e");
    await chat.until(/^> draft! edited$/m);
    await chat.press("C-_");
    await chat.until(/^> draft!$/m);
  },
  { env: { VISUAL: `sh -c 'printf " edited" >> "$1"' sh` } },
);

const sequences: Readonly<Record<string, string>> = {
  "rxvt's Shift+Delete": "\x1b[3$",
  "Ctrl+Up of an older terminal": "\x1bO5A",
  "F1 with Ctrl": "\x1bO1;5P",
  "F1 of the Linux console": "\x1b[[A",
  "a title that is broken off": "\x1b]0;title\x1bz",
  "an answer about a mode": "\x1b[?2004;1$y",
  "a click of the mouse": "\x1b[M !!",
};
test("keys and responses that mean nothing here type nothing", async ({ chat }) => {
  for (const [name, bytes] of Object.entries(sequences)) {
    await chat.type(`${bytes}<`);
    await chat.type(`${name}>`);
    await chat.until((screen) => screen.includes(`\n> <${name}>\n`));
    await chat.press("C-u");
    await chat.until(/^>$/m);
  }
  assertEquals(Object.keys(sequences).length, 7);
});
