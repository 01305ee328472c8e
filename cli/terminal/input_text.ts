/**
 * Reads text from stdin.
 * @module
 */
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import { interruptible } from "../command_line/interruption.ts";
import type { Io } from "../command_line/io.ts";

/**
 * Reads stdin to the end.
 * @throws {CommandError} It is not valid UTF-8.
 */
export async function readText(io: Io): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  try {
    for await (const bytes of chunks(io)) text += decoder.decode(bytes, { stream: true });
    return text + decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new CommandError(
      "stdin is not valid UTF-8 text. Convert it first, for example with iconv.",
      ExitCode.USAGE,
      {
        cause: error,
      },
    );
  }
}

/** Yields the lines of stdin, each as soon as it is complete. */
export async function* readLines(io: Io): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of chunks(io)) {
    rest += decoder.decode(bytes, { stream: true });
    const lines = rest.split(/\r?\n/);
    rest = lines.pop() ?? "";
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== "") yield rest;
}

async function* chunks(io: Io): AsyncGenerator<Uint8Array> {
  for (;;) {
    const bytes = await interruptible(io.signal, io.stdin.read());
    if (bytes === null) return;
    yield bytes;
  }
}
