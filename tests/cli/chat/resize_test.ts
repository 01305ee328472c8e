/**
 * Resizing the terminal: no stale row must remain, and no message must be lost.
 * @module
 */
import { assertEquals } from "@std/assert";
import { type Scene, testChat } from "./support/scene.ts";

type Size = readonly [columns: number, rows: number];

const LONG_DRAFT = "a draft that is long enough to be broken on a narrow screen, and to be " +
  "broken once more on one that is very narrow";
const DRAFTS: Readonly<Record<string, string>> = {
  "no draft": "",
  "a long draft": LONG_DRAFT,
  "wide characters":
    "漢字かな交じり文は幅が広いので奇数の幅では一桁あまる👩‍👩‍👧と👍🏽が並ぶ長い下書きです",
  "several lines": ["first", LONG_DRAFT, "", "last but one", LONG_DRAFT.slice(0, 60)].join("\n"),
};

/** Sizes that shrink, grow and jump, the last one wide. */
const STORM: readonly Size[] = [
  ...range(100, 31, -4).map((columns): Size => [columns, 24]),
  ...range(31, 100, 5).map((columns): Size => [columns, 20 + columns % 9]),
  ...range(0, 20).map((i): Size => [33 + (i * 37) % 80, 18 + (i * 5) % 12]),
  [100, 24],
];

for (const [name, draft] of Object.entries(DRAFTS)) {
  for (const rate of [50, 1_000]) {
    testChat(
      `many resizes with ${name}, at ${rate} messages/s, leave the right screen`,
      async (scene) => {
        await scene.chat.paste(draft);
        // Put the cursor in the middle.
        if (draft.includes("\n")) await scene.chat.press("Up", "Up");
        await storm(scene, draft, rate);
      },
      { columns: 100, rows: 24 },
    );
  }
}

testChat("after many resizes the cursor is where the next character goes", async ({ chat }) => {
  await chat.type(LONG_DRAFT);
  await chat.until(/narrow$/m);
  await chat.resizeQuickly(STORM);
  await chat.type("!");
  await chat.until(/^ {2}at is very narrow!\n● connected/m);
  await chat.untilCursor("  at is very narrow!".length);
}, { columns: 100, rows: 24 });

/** Resizes repeatedly while messages arrive, then checks every character on the screen. */
async function storm({ chat, other, server }: Scene, draft: string, rate: number): Promise<void> {
  let over = false;
  const contents: string[] = [];
  const sending: Promise<unknown>[] = [];
  const send = (content: string): void => {
    contents.push(content);
    sending.push(other.send(content));
  };
  const resizing = chat.untilAnywhere(/: 5\b/).then(() => chat.resizeQuickly(STORM));
  const resized = resizing.finally(() => over = true);
  for (const started = performance.now(); !over;) {
    const due = (performance.now() - started) / 1_000 * rate;
    while (contents.length < due) send(said(contents.length));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await resized;
  send("the end");
  await Promise.all(sending);

  const status = server.url.replace("http://", "● connected · ada@example.com · ");
  const footer = compact(`: the end > ${draft} ${status}`);
  await chat.until((screen) => compact(screen).endsWith(footer));
  const [, ...messages] = compact(await chat.everything()).split(/\d\d:\d\d(?=phone)/);
  const expected = contents.map((content) => compact(`phone (ada@example.com): ${content}`));
  assertEquals(messages, [...expected.slice(0, -1), compact("phone (ada@example.com)") + footer]);
}

function said(i: number): string {
  return `${i} ${"word ".repeat(i % 15)}end`;
}

/** Without white space: rows are broken anywhere. */
function compact(text: string): string {
  return text.replaceAll(/\s+/g, "");
}

function range(from: number, to: number, step = 1): number[] {
  return Array.from(
    { length: Math.max(0, Math.ceil((to - from) / step)) },
    (_, i) => from + i * step,
  );
}
