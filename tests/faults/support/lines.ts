/**
 * Lines of text between a script in this folder and the test that started it.
 * @module
 */

/** Writes a line to the standard output. */
export function writeLine(line: string | number): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

/** The lines of a script's standard input or output. */
export async function* readLines(
  stream: ReadableStream<Uint8Array>,
): AsyncIterableIterator<string> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
