import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { linkFor, withLinks } from "../../../cli/terminal/link.ts";
import { terminalRows } from "../../../cli/terminal/terminal_text.ts";

const open = (url: string): string => `\x1b]8;id=url;${url}\x1b\\`;
const CLOSE = "\x1b]8;;\x1b\\";
const marked = (_url: string, text: string): string => `\x1b${text}\x1b`;

const LONG = `https://roomz.example/${"path/".repeat(12)}?q=1#end`;

/** The target of a link in a sentence, which is wrapped at 40 columns. */
const targets: readonly [sentence: string, url: string][] = [
  [`see ${LONG}`, LONG],
  [`see ${LONG}.`, LONG],
  [`(see ${LONG})`, LONG],
  [`"${LONG}", she said`, LONG],
  [`<${LONG}>`, LONG],
  [`[text](${LONG})`, LONG],
  [`${LONG}?!`, LONG],
  [`${LONG}_(disambiguation), yes`, `${LONG}_(disambiguation)`],
  [`${LONG}?redirect=https://a.example/b&c=[1]`, `${LONG}?redirect=https://a.example/b&c=[1`],
  [`http://[2001:db8::1]:8000/${"a".repeat(60)}`, `http://[2001:db8::1]:8000/${"a".repeat(60)}`],
  [
    `https://de.example/wiki/Köln/${"ä".repeat(40)}`,
    `https://de.example/wiki/Köln/${"ä".repeat(40)}`,
  ],
  [`${LONG}\u202e.exe`, LONG],
];
for (const [sentence, url] of targets) {
  Deno.test(`every part of a wrapped link is a link to all of it: ${sentence}`, () => {
    const rows = terminalRows(`12:00 ada: ${sentence}`, 40);
    const parts = rows.flatMap(({ text, links }) =>
      links.map((link) => ({ url: link.url, text: text.slice(link.start, link.end) }))
    );
    assertEquals(parts.map((part) => part.text).join(""), url);
    assertEquals(new Set(parts.map((part) => part.url)), new Set([url]));
    assertEquals(rows.filter(({ links }) => links.length > 0).length > 1, true);
  });
}

Deno.test("a link that fits into a row is never broken and needs no sequences", () => {
  const url = "https://roomz.example/a/b/c/d";
  for (let words = 0; words < 40; words++) {
    const rows = terminalRows(`${"x".repeat(words)} ${url} and more`, 36);
    assertEquals(rows.filter(({ text }) => text.includes(url)).length, 1, `${words}`);
    assertEquals(rows.flatMap(({ links }) => links), []);
  }
});

Deno.test("a sender's name is not a link", () => {
  const entry = `12:00 ${LONG}: hello`;
  const rows = terminalRows(entry, 40, entry.length - "hello".length);
  assertEquals(rows.flatMap(({ links }) => links), []);
});

Deno.test("a link target is ASCII, and says what the text shows", () => {
  const link = linkFor("xterm-256color");
  assertEquals(
    link("https://a.example/b", "https://a"),
    `${open("https://a.example/b")}https://a${CLOSE}`,
  );
  assertEquals(
    link("https://a.example/ö😀", "x"),
    `${open("https://a.example/%C3%B6%F0%9F%98%80")}x${CLOSE}`,
  );
  assertEquals(
    link("https://a.example/\ud800", "x"),
    `${open("https://a.example/%EF%BF%BD")}x${CLOSE}`,
  );
});

for (const term of [undefined, "", "dumb", "linux", "vt100"]) {
  Deno.test(`a link is only text if TERM is ${term}`, () => {
    assertEquals(linkFor(term)("https://a.example/b", "text"), "text");
  });
}

Deno.test("links change nothing but what they enclose", () => {
  const parts = fc.array(fc.oneof(fc.constantFrom(LONG, " ", "\n", "(", ")", "漢"), fc.string()));
  fc.assert(fc.property(parts, fc.integer({ min: 20, max: 90 }), (parts, columns) => {
    for (const row of terminalRows(parts.join(""), columns)) {
      assertEquals(withLinks(row, (_, text) => text), row.text);
      assertEquals(withLinks(row, marked).replaceAll("\x1b", ""), row.text);
    }
  }));
});
