import { Interruption } from "@roomz/roomz/cli";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { promptSecret } from "../../../cli/terminal/secret_prompt.ts";
import { TestIo } from "../support/test_io.ts";

function terminal(): TestIo {
  return new TestIo({ terminalColumns: 80, stdin: null });
}

Deno.test("a secret is read up to Enter and is not shown", async () => {
  const io = terminal();
  const secret = promptSecret(io, "Token:");
  assert(io.stdin.raw, "the terminal must not echo");
  io.stdin.type("s3cr");
  io.stdin.type("et\rmore");
  assertEquals(await secret, "s3cret");
  assertEquals(io.stdin.raw, false);
  assertEquals(io.stderr.text, "Token: \n");
  assertEquals(io.stdout.text, "");
});

Deno.test("Backspace and Ctrl+U delete, and arrow keys do nothing", async () => {
  const io = terminal();
  const secret = promptSecret(io, "Token:");
  io.stdin.type("wrong\x15ax\x7fb\x1b[D\x1bOAc\r");
  assertEquals(await secret, "abc");
});

Deno.test("Backspace deletes a whole character", async () => {
  const io = terminal();
  const secret = promptSecret(io, "Token:");
  io.stdin.type("a📱\x7f👍🏽\x7fb\r");
  assertEquals(await secret, "ab");
});

Deno.test("a paste ends the secret at its first newline", async () => {
  const io = terminal();
  const secret = promptSecret(io, "Token:");
  io.stdin.type("a\x1b[200~b\x1b[201~c\x1b[200~d\nmore\x1b[201~");
  assertEquals(await secret, "abcd");
});

Deno.test("Ctrl+D and the end of input return an empty secret", async () => {
  const typed = terminal();
  const secret = promptSecret(typed, "Token:");
  typed.stdin.type("half\x04");
  assertEquals(await secret, "");

  const closed = terminal();
  const nothing = promptSecret(closed, "Token:");
  closed.stdin.end();
  assertEquals(await nothing, "");
});

Deno.test("Ctrl+C interrupts the prompt, and echo is restored", async () => {
  const io = terminal();
  const secret = promptSecret(io, "Token:");
  io.stdin.type("half\x03");
  await assertRejects(() => secret, Interruption, "SIGINT");
  assertEquals(io.stdin.raw, false);
});

Deno.test("Ctrl+Z suspends the prompt, which asks again and keeps what was typed", async () => {
  const io = terminal();
  const suspend = (): Promise<void> => io.stderr.write("suspended\n");
  const stdin = Object.assign(io.stdin, { suspend });
  const secret = promptSecret(io, "Token:");
  stdin.type("one\x1atwo\x1a\r");
  assertEquals(await secret, "onetwo");
  assertEquals(io.stderr.text, "Token: \nsuspended\nToken: \nsuspended\nToken: \n");
});

Deno.test("where nothing can be suspended, Ctrl+Z does nothing", async () => {
  const io = terminal();
  const secret = promptSecret(io, "Token:");
  io.stdin.type("one\x1atwo\r");
  assertEquals(await secret, "onetwo");
  assertEquals(io.stderr.text, "Token: \n");
});

Deno.test("a signal interrupts the prompt, and echo is restored", async () => {
  const io = terminal();
  const secret = promptSecret(io, "Token:");
  io.interrupt("SIGTERM");
  await assertRejects(() => secret, Interruption, "SIGTERM");
  assertEquals(io.stdin.raw, false);
});
