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
 * Reads a line from the terminal without echo. Backspace and Ctrl+U delete, Ctrl+Z suspends.
 * @returns The line; empty after Ctrl+D.
 * @throws {Interruption} Ctrl+C, or a signal.
 */
export async function promptSecret(io: Io, question: string): Promise<string> {
  let isSuspended = false;
  const ask = (): Promise<void> => io.stderr.write(`${question} `);
  const suspend = async (): Promise<void> => {
    if (io.stdin.suspend === undefined) return;
    isSuspended = true;
    await io.stderr.write("\n");
    await io.stdin.suspend();
    isSuspended = false;
    await ask();
  };
  // The shell may have turned echo on while the process was stopped.
  const stopListening = io.terminal?.onChange((change) => {
    if (change === "resized" || isSuspended) return;
    io.stdin.setRaw(true);
    void io.stderr.write("\r").then(ask).catch(() => {});
  });
  try {
    io.stdin.setRaw(true);
    await ask();
    return await readSecret(io, suspend);
  } finally {
    stopListening?.();
    io.stdin.setRaw(false);
    await io.stderr.write("\n");
  }
}

async function readSecret(io: Io, suspend: () => Promise<void>): Promise<string> {
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
      if (key.name === "ctrl+z") await suspend();
      if (key.name === "ctrl+u") secret = "";
      if (key.name === "backspace") secret = secret.slice(0, graphemeBefore(secret, secret.length));
    }
  }
  return secret;
}
