/**
 * Asks for a secret without showing it.
 *
 * `promptSecret` of @std/cli would do, but it writes to stdout, blocks the event loop, so that
 * Ctrl+C is not heard, and leaves the terminal without echo when a signal ends the process.
 * @module
 */
import { interruptible, Interruption } from "../command_line/interruption.ts";
import type { Input, Io } from "../command_line/io.ts";

/**
 * What the user types at a terminal, up to Enter. Nothing of it is shown; Backspace and Ctrl+U
 * erase. Empty after Ctrl+D.
 * @throws {Interruption} Ctrl+C was typed, or a signal came.
 */
export async function promptSecret(io: Io, question: string): Promise<string> {
  io.stdin.setRaw(true);
  try {
    await io.stderr.write(`${question} `);
    return await readSecret(io.stdin, io.signal);
  } finally {
    io.stdin.setRaw(false);
    await io.stderr.write("\n");
  }
}

async function readSecret(input: Input, signal: AbortSignal): Promise<string> {
  const decoder = new TextDecoder();
  let secret = "";
  for (;;) {
    const bytes = await interruptible(signal, input.read());
    if (bytes === null) return secret;
    for (const key of keysOf(decoder.decode(bytes, { stream: true }))) {
      if (key === "\r" || key === "\n") return secret;
      if (key === "\x03") throw new Interruption("SIGINT"); // Ctrl+C
      if (key === "\x04") return ""; // Ctrl+D
      if (key === "\x15") secret = ""; // Ctrl+U
      else if (key === "\x7f" || key === "\b") secret = secret.slice(0, -1);
      else if (key >= " ") secret += key;
    }
  }
}

/** The keys in what a terminal sent; arrows and other keys of several characters are left out. */
function keysOf(text: string): string[] {
  // deno-lint-ignore no-control-regex -- they begin with ESC
  return [...text.replace(/\x1b(\[[0-?]*[ -/]*[@-~]|O.)?/g, "")];
}
