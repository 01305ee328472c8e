import { assertEquals, assertNotMatch, assertStringIncludes } from "@std/assert";
import type { Message } from "../../../client/mod.ts";
import { messageEntry, printMessage } from "../../../cli/messages/message_line.ts";
import { TestIo } from "../support/test_io.ts";

const messageOf = (content: string): Message => ({
  id: "1",
  own: false,
  maybeTruncated: false,
  raw: {},
  content,
  timestamp: "not a time",
  user: { id: "u", email: "ada@x.org", display_name: null },
});

async function printed(content: string, columns?: number, TERM?: string): Promise<string> {
  const io = new TestIo({
    ...(columns === undefined ? {} : { terminalColumns: columns }),
    env: TERM === undefined ? {} : { TERM },
  });
  await printMessage(io, messageOf(content));
  return io.stdout.text;
}

const URL_TEXT = `https://a.example/${"b".repeat(60)}`;
const lines: readonly [content: string, columns: number | undefined, shown: string][] = [
  ["one\ntwo", undefined, "--:-- ada@x.org: one\n    two\n"],
  ["one\ntwo", 80, "--:-- ada@x.org: one\n                 two\n"],
  ["one\ntwo", 30, "--:-- ada@x.org:\n    one\n    two\n"],
  [URL_TEXT, undefined, `--:-- ada@x.org: ${URL_TEXT}\n`],
];
for (const [content, columns, shown] of lines) {
  Deno.test(`${JSON.stringify(content)} is printed at ${columns} columns`, async () => {
    assertEquals(await printed(content, columns, "xterm"), shown);
  });
}

Deno.test("a wrapped link is a link to all of it, and text on a simple terminal", async () => {
  assertStringIncludes(await printed(URL_TEXT, 40, "xterm"), `\x1b]8;id=url;${URL_TEXT}\x1b\\`);
  for (const term of ["dumb", "linux", "", undefined]) {
    assertNotMatch(await printed(URL_TEXT, 40, term), /\]8;/);
  }
});

for (const content of ["é".repeat(22), "ꟐꞢ".repeat(11), "а".repeat(22)]) {
  Deno.test(`the terminal never wraps "${content}", however wide it is there`, async () => {
    const row = `--:-- ada@x.org: ${content}`;
    assertEquals(await printed(content, 40, "xterm"), `\x1b[?7l${row}\x1b[?7h\n`);
    assertEquals(await printed(content, 40, "dumb"), `${row}\n`);
    assertEquals(await printed(content), `${row}\n`);
  });
}

Deno.test("an entry is the time, the sender and the message", () => {
  assertEquals(messageEntry(messageOf("hello")), "--:-- ada@x.org: hello");
});
