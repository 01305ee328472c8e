import { assertEquals } from "@std/assert";
import { print, printJson, say } from "../../../cli/terminal/output.ts";
import { TestIo } from "../support/test_io.ts";

Deno.test("data goes to stdout and notices go to stderr, sanitized", async () => {
  const io = new TestIo({ stdin: null });
  await print(io, "a\x1bb");
  await printJson(io, { text: "a\u009bb" });
  await say(io, "c\x07");
  assertEquals(io.stdout.text, 'a␛b\n{"text":"a\\u009bb"}\n');
  assertEquals(io.stderr.text, "c␇\n");
});

Deno.test("a notice that cannot be written is ignored", async () => {
  const io = new TestIo({ stdin: null });
  io.stderr.write = () => Promise.reject(new Error("No space left on device"));
  await say(io, "notice");
});
