import { assertEquals, assertRejects } from "@std/assert";
import { CommandError } from "../../../cli/command_line/exit_code.ts";
import { readLines, readText } from "../../../cli/terminal/input_text.ts";
import { TestIo } from "../support/test_io.ts";

Deno.test("readText reads all of stdin", async () => {
  const io = new TestIo({ stdin: null });
  io.stdin.type("one\n");
  io.stdin.type("zwölf");
  io.stdin.end();
  assertEquals(await readText(io), "one\nzwölf");
});

Deno.test("readText rejects invalid UTF-8", async () => {
  const io = new TestIo({ stdin: null });
  io.stdin.read = () => Promise.resolve(new Uint8Array([0xff]));
  await assertRejects(() => readText(io), CommandError, "not valid UTF-8");
});

Deno.test("readLines yields complete lines, then the rest", async () => {
  const io = new TestIo({ stdin: null });
  io.stdin.type("one\r\ntw");
  io.stdin.type("o\n\nrest");
  io.stdin.end();
  assertEquals(await Array.fromAsync(readLines(io)), ["one", "two", "", "rest"]);
});
