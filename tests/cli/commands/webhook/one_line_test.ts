import { assert, assertEquals } from "@std/assert";
import { fittingLine, oneLine, webUrl } from "../../../../cli/commands/webhook/one_line.ts";
import { fitsServer } from "../../../../client/protocol/server_text.ts";

const texts: readonly [what: string, text: string, line: string][] = [
  ["line breaks are spaces", " a\r\n\tb\u2028c\u0085d ", "a b c\ufffdd"],
  ["escape sequences are broken", "a\x1b[2Jb\x9bc", "a\ufffd[2Jb\ufffdc"],
  ["nothing changes the direction", "a\u202eb\u2066c", "a\ufffdb\ufffdc"],
  ["half a character is none", "a\ud800b", "a\ufffdb"],
  ["a long text is cut", "one two three", "one two t…"],
  ["a text that just fits is not cut", "123456789", "123456789"],
  ["characters are not cut in half", "👩‍👩‍👧‍👦".repeat(10), `${"👩‍👩‍👧‍👦".repeat(9)}…`],
];
for (const [what, text, line] of texts) {
  Deno.test(`${what}`, () => assertEquals(oneLine(text, 9), line));
}

Deno.test("a text of any length takes no longer than a short one", () => {
  assertEquals(oneLine("x ".repeat(10_000_000), 3), "x x…");
});

Deno.test("a line uses the room of a message", () => {
  const line = fittingLine((most) => `Webhook: ${oneLine("word ".repeat(300), most)}`);
  assert(line.length > 400 && fitsServer(line));
  const escaped = fittingLine((most) => `Webhook: ${oneLine('"'.repeat(5_000), most)}`);
  assert(escaped.length > 50 && fitsServer(escaped));
});

Deno.test("a line that does not fit at all is cut", () => {
  assert(fitsServer(fittingLine(() => "&".repeat(1_000))));
});

const urls: readonly [text: string, url: string][] = [
  ['https://example.com/a b?q="x"', "https://example.com/a%20b?q=%22x%22"],
  ["http://example.com", "http://example.com/"],
  ["javascript:alert(1)", ""],
  ["file:///etc/passwd", ""],
  ["https://github.com@evil.example/", ""],
  ["not a url", ""],
  [`https://example.com/${"x".repeat(600)}`, ""],
];
for (const [text, url] of urls) {
  Deno.test(`the URL ${text.slice(0, 40)} is shown as "${url}"`, () => {
    assertEquals(webUrl(text), url);
  });
}
