/**
 * Asks for a secret without showing it.
 *
 * `promptSecret` of @std/cli does not fit: it writes to stdout, blocks the event loop (so Ctrl+C is
 * ignored), and leaves the terminal without echo when a signal ends the process.
 * @module
 */
import { Interruption } from "../command_line/interruption.ts";
import type { Io } from "../command_line/io.ts";
import { readKeys } from "./key_reader.ts";
import { graphemeBefore } from "./text_width.ts";

/**
 * Reads a line from the terminal without echo. Backspace and Ctrl+U delete.
 * @returns The line; empty after Ctrl+D.
 * @throws {Interruption} Ctrl+C, or a signal.
 */
export async function promptSecret(io: Io, question: string): Promise<string> {
  io.stdin.setRaw(true);
  try {
    await io.stderr.write(`${question} `);
    return await readSecret(io);
  } finally {
    io.stdin.setRaw(false);
    await io.stderr.write("\n");
  }
}

async function readSecret(io: Io): Promise<string> {
  let secret = "";
  for await (const key of readKeys(io.stdin, io.signal)) {
    if (key.kind === "text") secret += key.text;
    else if (key.kind === "paste") {
      const [line = "", ...others] = key.text.split("\n");
      secret += line;
      if (others.length > 0) return secret;
    } else if (key.kind === "key") {
      if (key.name === "enter" || key.name === "ctrl+j") return secret;
      if (key.name === "ctrl+c") throw new Interruption("SIGINT");
      if (key.name === "ctrl+d") return "";
      if (key.name === "ctrl+u") secret = "";
      if (key.name === "backspace") secret = secret.slice(0, graphemeBefore(secret, secret.length));
    }
  }
  return secret;
}
