import { assertEquals } from "@std/assert";
import { nowrapFlags } from "../../docs/.vitepress/inline_code.ts";

Deno.test("a flag stays on one line, and the words around it may go to the next", () => {
  assertEquals(
    nowrapFlags("roomz send --wait-reply 5m"),
    'roomz send <span class="nowrap">--wait-reply</span> 5m',
  );
});

Deno.test("code without a hyphen, and words that are longer than a line, stay as they are", () => {
  assertEquals(nowrapFlags("ctx.reply(&quot;a&quot;)"), "ctx.reply(&quot;a&quot;)");
  const long = "https://example.com/a-path/that-is-longer-than-a-line";
  assertEquals(nowrapFlags(long), long);
});
