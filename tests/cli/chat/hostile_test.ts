/**
 * Sends every hostile text through every place where the chat shows text from others. Everything that
 * the real chat writes to its terminal must be its own.
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { layOutFooter } from "../../../cli/chat/footer.ts";
import type { Status } from "../../../cli/chat/status_line.ts";
import { paintFor } from "../../../cli/chat/style.ts";
import { HostileServer, sessionOf } from "../support/hostile_server.ts";
import { CONTROL_CHARACTERS, HOSTILE_TEXTS } from "../support/hostile_texts.ts";
import { foreignPart } from "./support/frames.ts";
import { ENTER, hasTmux, TmuxChat } from "./support/tmux.ts";

/** Each can be found by what it begins with. */
const TEXTS = HOSTILE_TEXTS.map((text, at) => `k${at}k ${text}`);
const FRAME_START = "\x1b[?2004h\x1b[?1004h\x1b[?2026h\x1b[?25l\r\x1b[J";
const FRAME_END = "> \x1b[?7l\x1bEstatus\x1b[?7h\x1b[1A\x1b[3G\x1b[?25h\x1b[?2026l";

Deno.test("the chat's own output never matches a hostile text", () => {
  assertEquals(foreignPart(`${FRAME_START}a row\r\n${FRAME_END}`), undefined);
  for (const text of HOSTILE_TEXTS.filter((text) => CONTROL_CHARACTERS.test(text))) {
    for (const row of [text, `12:00 ada: ${text}`, `\x1b[31m${text}\x1b[m`]) {
      const written = `${FRAME_START}${row}\r\n${FRAME_END}`;
      assert(foreignPart(written) !== undefined, JSON.stringify(written));
    }
  }
});

Deno.test("every text is sanitized everywhere in the footer", () => {
  const status: Status = {
    connection: { state: "connected" },
    server: "https://roomz.example",
    identity: "ada",
    email: "ada",
    connections: 1,
  };
  const input = { prompt: "> ", text: "", cursor: 0, hiddenFrom: 0 };
  const nothing = { input, hints: [], pending: [], status };
  for (const text of HOSTILE_TEXTS) {
    const typed = { ...input, text, cursor: text.length, hiddenFrom: text.length };
    for (
      const content of [
        { ...nothing, input: typed },
        { ...nothing, hints: [text, text] },
        { ...nothing, pending: [text] },
        { ...nothing, status: { ...status, identity: text } },
        { ...nothing, status: { ...status, server: text } },
        { ...nothing, status: { ...status, connection: { ...status.connection, reason: text } } },
      ]
    ) {
      const { input, below } = layOutFooter(content, paintFor("1"), 60, 30, 0);
      for (const row of [...input.rows, ...below]) {
        assert(!CONTROL_CHARACTERS.test(row) && !row.includes("\n"), JSON.stringify([text, row]));
      }
    }
  }
});

for (const colours of ["with", "without"]) {
  Deno.test({
    name: `a hostile server gets nothing but text to the terminal, ${colours} colours`,
    ignore: !hasTmux,
    sanitizeResources: false,
    sanitizeOps: false,
    fn: () => chatWithHostileServer(colours === "with" ? "" : "1"),
  });
}

async function chatWithHostileServer(NO_COLOR: string): Promise<void> {
  await using server = new HostileServer();
  const { texts } = server;
  texts.messages = [...TEXTS, "all said"].map((text) => ({
    content: text,
    name: text,
    email: text,
  }));
  texts.renames = TEXTS.map((text) => `new ${text}`);
  texts.email = TEXTS.at(-5) ?? "";
  await using chat = await TmuxChat.start({ url: server.url, session: sessionOf("ada") }, {
    columns: 100,
    env: { NO_COLOR, ROOMZ_HISTORY: "true" },
  });
  await chat.untilAnywhere(/: all said$/m);
  // No message has forged another, and the day is shown.
  assertMatch(await chat.everything(), /^── Monday, 23 November 2026 ──$/m);
  const starts = (await chat.everything()).match(/^ {2}\d\d:\d\d /gm) ?? [];
  assertEquals(starts.length, TEXTS.length + 1);

  // Errors of messages and logins, and names as the server returns them.
  const answers = [...TEXTS, "no more"].values();
  texts.next = () => {
    texts.error = answers.next().value ?? texts.error;
  };
  await repeat(chat, TEXTS.length + 1, () => `hi${ENTER}`);
  await chat.untilAnywhere(/^✗ not sent: hi\n {4}no more$/m);
  const reasons = [...TEXTS, "no link"].values();
  texts.next = () => {
    texts.error = reasons.next().value ?? texts.error;
  };
  await repeat(chat, TEXTS.length + 1, () => `/login eve@example.com${ENTER}`);
  await chat.untilAnywhere(/not sent: no link$/m);
  const names = [...TEXTS, "nobody"].values();
  texts.next = () => {
    texts.displayName = names.next().value ?? "";
  };
  await repeat(chat, TEXTS.length + 1, () => `/name Lap${ENTER}`);
  await chat.untilAnywhere(/^Display name set to nobody\.$/m);

  // Lists: connections, saved messages, completions.
  await chat.type(`/who${ENTER}/status${ENTER}`);
  await chat.untilAnywhere(/^ {4}new k300k .* – last seen /m);
  await repeat(chat, TEXTS.length, (at) => `/search k${at}k${ENTER}`);
  await chat.untilAnywhere((text) =>
    text.match(/^1 message containing "k/gm)?.length === TEXTS.length
  );
  for (let at = 0; at < TEXTS.length; at += 25) {
    await chat.type(`@k${at}k\t`);
    await chat.until(new RegExp(`^> @k${at}k`, "m"));
    await chat.type("\x03@new k1\t");
    await chat.until(/^> @new k1\n@new k100k/m);
    await chat.type("\x03");
  }
  // The draft, and the reason of a lost connection.
  texts.messages = [];
  await chat.paste(TEXTS.slice(0, 9).join(""));
  server.drop(HOSTILE_TEXTS.find((text) => text.includes("title")) ?? "");
  await chat.untilWritten(/○ [^\n]*(title|connecting)/); // The chat reconnects at once.
  await chat.press("C-u");
  await chat.type("/quit\r");
  assertEquals(await chat.exitCode(), 0);

  // The terminal turns each newline into a carriage return and a newline.
  const written = (await chat.written()).replaceAll("\r\r\n", "\r\n");
  assertStringIncludes(written, "k300k");
  assertEquals(foreignPart(written), undefined);
}

/** Types one line after the other, in pieces that a terminal takes at once. */
async function repeat(chat: TmuxChat, count: number, line: (at: number) => string): Promise<void> {
  const lines = Array.from({ length: count }, (_, at) => line(at));
  for (let at = 0; at < count; at += 50) await chat.type(lines.slice(at, at + 50).join(""));
}
