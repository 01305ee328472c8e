/**
 * The entry point of `roomz`: runs the command in this process. The only file of the command that
 * touches the process itself.
 * @module
 */
import { ExitCode } from "./command_line/exit_code.ts";
import { type EndingSignal, Interruption } from "./command_line/interruption.ts";
import {
  type Input,
  type Io,
  type Output,
  OutputClosed,
  type Terminal,
} from "./command_line/io.ts";
import { main } from "./program.ts";

const io: Io = {
  stdin: inputFrom(Deno.stdin),
  stdout: outputTo(Deno.stdout),
  stderr: outputTo(Deno.stderr),
  terminal: Deno.stdin.isTerminal() && Deno.stdout.isTerminal() ? terminal() : undefined,
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

function terminal(): Terminal {
  const endings = ["unload", "error", "unhandledrejection"];
  return {
    size() {
      const { columns, rows } = Deno.consoleSize();
      return { columns: columns || 80, rows: rows || 24 }; // Some pseudo-terminals have no size.
    },
    onChange(listener) {
      const tellResized = (): void => listener("resized");
      const tellContinued = (): void => listener("continued");
      Deno.addSignalListener("SIGWINCH", tellResized);
      if (Deno.build.os !== "windows") Deno.addSignalListener("SIGCONT", tellContinued);
      return () => {
        Deno.removeSignalListener("SIGWINCH", tellResized);
        if (Deno.build.os !== "windows") Deno.removeSignalListener("SIGCONT", tellContinued);
      };
    },
    onExit(restore) {
      for (const ending of endings) globalThis.addEventListener(ending, restore);
      return () => {
        for (const ending of endings) globalThis.removeEventListener(ending, restore);
      };
    },
    writeNow(text) {
      try {
        Deno.stdout.writeSync(new TextEncoder().encode(text));
      } catch {
        // The terminal is gone.
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
  // Who writes to no terminal outlives it, as nohup wants: Deno would end, though told to ignore it.
  const outlivesTerminal = !Deno.stdout.isTerminal() && !Deno.stderr.isTerminal();
  for (const name of ending) {
    Deno.addSignalListener(name, () => {
      if (name === "SIGHUP" && outlivesTerminal) return;
      if (controller.signal.aborted) Deno.exit(ExitCode.INTERRUPTED);
      controller.abort(new Interruption(name));
    });
  }
  return controller.signal;
}
