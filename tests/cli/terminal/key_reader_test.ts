import { assertEquals, assertRejects } from "@std/assert";
import { readKeys } from "../../../cli/terminal/key_reader.ts";
import { TestIo } from "../support/test_io.ts";

Deno.test("ESC alone is a key if nothing follows it, and the end of the input ends the keys", async () => {
  const io = new TestIo({ terminalColumns: 80, stdin: null });
  const keys = readKeys(io.stdin, io.signal);
  io.stdin.type("\x1b");
  assertEquals((await keys.next()).value, { kind: "key", name: "escape" });
  io.stdin.type("\x03");
  assertEquals((await keys.next()).value, { kind: "key", name: "ctrl+c" });
  io.stdin.end();
  assertEquals((await keys.next()).done, true);
});

Deno.test("a sequence that arrives in two chunks is one key", async () => {
  const io = new TestIo({ terminalColumns: 80, stdin: null });
  const keys = readKeys(io.stdin, io.signal);
  const first = keys.next();
  io.stdin.type("\x1b[");
  io.stdin.type("A");
  assertEquals((await first).value, { kind: "key", name: "up" });
});

Deno.test("a signal ends the keys while a sequence is incomplete", async () => {
  const io = new TestIo({ terminalColumns: 80, stdin: null });
  const keys = readKeys(io.stdin, io.signal);
  const first = keys.next();
  io.stdin.type("\x1b[");
  io.interrupt("SIGTERM");
  await assertRejects(() => first, Error, "SIGTERM");
});

Deno.test("an unmarked paste that arrives in chunks is one paste; Enter after it is a key", async () => {
  const io = new TestIo({ terminalColumns: 80, stdin: null });
  const keys = readKeys(io.stdin, io.signal);
  const first = keys.next();
  io.stdin.type("one\rtwo\r");
  io.stdin.type("/logout\r");
  assertEquals((await first).value, { kind: "paste", text: "one\ntwo\n/logout\n" });
  io.stdin.type("\r");
  assertEquals((await keys.next()).value, { kind: "key", name: "enter" });
  io.stdin.end();
});

Deno.test("an unmarked paste before the end of the input is not lost", async () => {
  const io = new TestIo({ terminalColumns: 80, stdin: "one\rtwo" });
  const keys = await Array.fromAsync(readKeys(io.stdin, io.signal));
  assertEquals(keys, [{ kind: "paste", text: "one\ntwo" }]);
});
