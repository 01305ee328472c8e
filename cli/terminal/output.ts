/**
 * Writes sanitized lines: data to stdout, notices to stderr.
 * @module
 */
import type { Io } from "../command_line/io.ts";
import { jsonLine, terminalText } from "./terminal_text.ts";

/** Writes one value for people to stdout, such as a name or a URL. */
export function print(io: Io, entry: string): Promise<void> {
  return io.stdout.write(`${terminalText(entry)}\n`);
}

/** Writes one value for programs to stdout, as a line of JSON. */
export function printJson(io: Io, value: unknown): Promise<void> {
  return io.stdout.write(`${jsonLine(value)}\n`);
}

/** Writes a notice for the user to stderr. Ignores write errors, which could not be reported anyway. */
export async function say(io: Io, entry: string): Promise<void> {
  try {
    await io.stderr.write(`${terminalText(entry)}\n`);
  } catch {
    // The reader of the pipe is gone, or the disk with the log file is full.
  }
}
