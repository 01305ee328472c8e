/**
 * The entry point of `roomz`: runs the command in this process. The only file of the command that
 * touches the process itself.
 * @module
 */
import { ExitCode } from "./exit_code.ts";
import { type EndingSignal, Interruption } from "./interruption.ts";
import { type Input, type Io, type Output, OutputClosed } from "./io.ts";
import { main } from "./program.ts";

const io: Io = {
  stdin: inputFrom(Deno.stdin),
  stdout: outputTo(Deno.stdout),
  stderr: outputTo(Deno.stderr),
  signal: signalOfTheSystem(),
  env: (name) => Deno.env.get(name),
  workingFolder: () => Deno.cwd(),
};

// A connection that hangs half-open would keep the process up.
Deno.exit(await main(Deno.args, io));

function inputFrom(stream: typeof Deno.stdin): Input {
  const buffer = new Uint8Array(64 * 1024);
  return {
    isTerminal: stream.isTerminal(),
    async read() {
      const length = await stream.read(buffer);
      return length === null ? null : buffer.slice(0, length);
    },
    setRaw: (raw) => stream.setRaw(raw),
  };
}

function outputTo(stream: typeof Deno.stdout): Output {
  const encoder = new TextEncoder();
  return {
    isTerminal: stream.isTerminal(),
    columns: () => Deno.consoleSize().columns || 80,
    async write(text) {
      try {
        for (let bytes = encoder.encode(text); bytes.length > 0;) {
          bytes = bytes.subarray(await stream.write(bytes));
        }
      } catch (error) {
        if (error instanceof Deno.errors.BrokenPipe) throw new OutputClosed();
        throw error;
      }
    },
  };
}

/** Aborted by the first signal that asks to end; a second one does not wait. */
function signalOfTheSystem(): AbortSignal {
  const controller = new AbortController();
  const ending: EndingSignal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const name of ending) {
    Deno.addSignalListener(name, () => {
      if (controller.signal.aborted) Deno.exit(ExitCode.INTERRUPTED);
      controller.abort(new Interruption(name));
    });
  }
  return controller.signal;
}
