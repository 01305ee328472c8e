/**
 * The terminal's cursor is where the next character goes: input methods show there what they compose.
 * @module
 */
import { assert, AssertionError } from "@std/assert";
import { layOutInput } from "../../../cli/chat/input/input_layout.ts";
import { testChat as test } from "./support/scene.ts";
import type { TmuxChat } from "./support/tmux.ts";

const COLUMNS = 60;
const TIMEOUT = 30_000;

const DRAFTS: Readonly<Record<string, string>> = {
  "a short draft": "short",
  "a draft that wraps": "a draft that is long enough to be wrapped, for it has more than one row",
  "wide characters": "漢字かな交じり文は幅が広いので奇数の幅では一桁あまる長い下書きです",
  "joined emoji": "👩‍👩‍👧 and 👍🏽 in a draft that is longer than the twenty columns that never wrap",
  "Thai": "ทำงานทำงานทำงาน ทำงานทำงานทำงาน ทำงานทำงานทำงาน ทำงานทำงานทำงาน",
  "several lines": "first\n\na last line that is much longer than the lines before it",
};

for (const [name, draft] of Object.entries(DRAFTS)) {
  test(
    `the cursor is in the input with ${name}: when messages come, after keys and a resize`,
    async (scene) => {
      const { chat, other } = scene;
      await chat.paste(draft);
      await untilInInput(chat, draft, draft.length, COLUMNS);
      for (const content of ["one", "two"]) {
        await other.send(content);
        await chat.until(new RegExp(`: ${content}\n`));
        await untilInInput(chat, draft, draft.length, COLUMNS);
      }
      assert(!(await chat.written()).includes("\x1b[7m"), "the cursor was parked for a message");
      await chat.press("Home", "M-f");
      const line = draft.lastIndexOf("\n") + 1;
      const [word = ""] = /^[^\p{L}\p{N}]*[\p{L}\p{N}\p{M}]+/u.exec(draft.slice(line)) ?? [];
      await untilInInput(chat, draft, line + word.length, COLUMNS);
      await chat.resize(47, 20);
      await untilInInput(chat, draft, line + word.length, 47);
    },
    { columns: COLUMNS },
  );
}

test(
  "after a flood of messages the cursor returns to the input without a key",
  async ({ chat, other }) => {
    const draft = DRAFTS["a draft that wraps"] ?? "";
    await chat.type(draft);
    for (let at = 0; at < 200; at++) await other.send(`message ${at}`);
    await chat.until(/: message 199\n/);
    await untilInInput(chat, draft, draft.length, COLUMNS);
  },
  { columns: COLUMNS },
);

/** Waits until the cursor is at an index of the text in the input. */
async function untilInInput(
  chat: TmuxChat,
  text: string,
  cursor: number,
  columns: number,
): Promise<void> {
  const input = { prompt: "> ", text, cursor, hiddenFrom: text.length };
  const { rows, cursorRow, cursorColumn } = layOutInput(input, columns, 10);
  for (const end = performance.now() + TIMEOUT;;) {
    const screen = await chat.screen();
    const { row, column } = await chat.cursor();
    const top = screen.split("\n").findLastIndex((one) => one === rows[0]?.trimEnd());
    if (top >= 0 && row === top + cursorRow && column === cursorColumn) return;
    if (performance.now() > end) {
      const place = `row ${cursorRow} of the input, column ${cursorColumn}`;
      throw new AssertionError(`The cursor is at ${row}:${column}, not at ${place}:\n${screen}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
