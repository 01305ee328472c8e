import { assertEquals } from "@std/assert";
import { quoted } from "../../../bot/text/quoted_text.ts";

Deno.test("a text is quoted, and cut after 40 characters", () => {
  assertEquals(quoted("laptop"), '"laptop"');
  assertEquals(quoted("a".repeat(40)), `"${"a".repeat(40)}"`);
  assertEquals(quoted("a".repeat(41)), `"${"a".repeat(40)}…"`);
  assertEquals(quoted("👍".repeat(1_000_000)), `"${"👍".repeat(40)}…"`);
});

Deno.test("characters that control the terminal or the text direction are replaced", () => {
  assertEquals(quoted("a\n\x1b[2J\u202e\u2028b"), '"a\ufffd\ufffd[2J\ufffd\ufffdb"');
  assertEquals(quoted("\ud800"), '"\ufffd"', "a lone surrogate");
  assertEquals(quoted("👩‍👧"), '"👩‍👧"', "emoji joiners stay");
});
