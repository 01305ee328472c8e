/**
 * Writes lines: data to stdout, talk to stderr. Nothing that came from others is written elsewhere.
 * @module
 */
import type { Io } from "../command_line/io.ts";
import { jsonLine, terminalText } from "./terminal_text.ts";

/** Writes one entry of data for people: a name, a URL. */
export function print(io: Io, entry: string): Promise<void> {
  return io.stdout.write(`${terminalText(entry)}\n`);
}

/** Writes one value of data for programs, as a line of JSON. */
export function printJson(io: Io, value: unknown): Promise<void> {
  return io.stdout.write(`${jsonLine(value)}\n`);
}

/** Tells the user what happens. Talk that cannot be written is no failure: nobody can be told. */
export async function say(io: Io, entry: string): Promise<void> {
  try {
    await io.stderr.write(`${terminalText(entry)}\n`);
  } catch {
    // Whoever read it has left, or the disk of the log is full.
  }
}
