/**
 * The entry point of `roomz`: runs the command in this process. Only this file touches the process.
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

/** Longer than Deno takes to report a signal, milliseconds. */
const SIGNAL_DELAY = 50;

/**
 * SIGTERM twice within this is one request, milliseconds: see bot/run/repeated_signal.ts, which is not imported to
 * keep a module off the start of every command.
 */
const REPEAT_WINDOW = 250;

/** Whether another program has the terminal, which gets Ctrl+C as well. */
let isLent = false;

const io: Io = {
  stdin: inputFrom(Deno.stdin),
  stdout: outputTo(Deno.stdout, 1),
  stderr: outputTo(Deno.stderr, 2),
  terminal: Deno.stdin.isTerminal() && Deno.stdout.isTerminal() ? terminal() : undefined,
  signal: endingSignal(),
  env: (name) => Deno.env.get(name),
  hostName,
  workingFolder: () => Deno.cwd(),
};

// A half-open connection would keep the process alive.
Deno.exit(await main(Deno.args, io));

/** Without the permission, as where it was installed without, there is no question and no name. */
function hostName(): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "hostname" });
  return state === "granted" ? Deno.hostname() : undefined;
}

function inputFrom(stream: typeof Deno.stdin): Input {
  const buffer = new Uint8Array(64 * 1024);
  return {
    isTerminal: stream.isTerminal(),
    async read() {
      const length = await stream.read(buffer);
      return length === null ? null : buffer.slice(0, length);
    },
    setRaw: (raw) => stream.setRaw(raw),
    ...(Deno.build.os === "windows" ? {} : { suspend: () => suspend(stream) }),
  };
}

async function suspend(stream: typeof Deno.stdin): Promise<void> {
  stream.setRaw(false);
  stop();
  await new Promise((resolve) => setTimeout(resolve, SIGNAL_DELAY));
  // In the background this stops the process again, until it is continued in the foreground.
  stream.setRaw(true);
  await new Promise((resolve) => setTimeout(resolve, SIGNAL_DELAY));
}

/**
 * Stops this process and, where it may, those that it was started through: a shell waits until all of them
 * have stopped. The kernel ignores SIGTSTP where no shell could continue them.
 */
function stop(): void {
  const mayStopOthers = Deno.permissions.querySync({ name: "run" }).state === "granted";
  // `deno task` catches SIGTSTP (2.9.6) and keeps the terminal.
  const isTask = isDenoTask();
  if (isTask && !mayStopOthers) return;
  try {
    Deno.kill(mayStopOthers ? 0 : Deno.pid, isTask ? "SIGSTOP" : "SIGTSTP");
  } catch {
    // Not permitted.
  }
}

function isDenoTask(): boolean {
  const variable = "npm_config_user_agent";
  if (Deno.permissions.querySync({ name: "env", variable }).state !== "granted") return false;
  return Deno.env.get(variable)?.startsWith("deno/") ?? false;
}

function outputTo(stream: typeof Deno.stdout, fd: number): Output {
  const encoder = new TextEncoder();
  return {
    fd,
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
      const onResize = (): void => listener("resized");
      const onContinue = (): void => listener("continued");
      Deno.addSignalListener("SIGWINCH", onResize);
      if (Deno.build.os !== "windows") Deno.addSignalListener("SIGCONT", onContinue);
      return () => {
        Deno.removeSignalListener("SIGWINCH", onResize);
        if (Deno.build.os !== "windows") Deno.removeSignalListener("SIGCONT", onContinue);
      };
    },
    onExit(restore) {
      for (const ending of endings) globalThis.addEventListener(ending, restore);
      return () => {
        for (const ending of endings) globalThis.removeEventListener(ending, restore);
      };
    },
    async lend(run) {
      isLent = true;
      try {
        return await run();
      } finally {
        // Deno reports an interrupt up to a turn of its event loop after the end of the program that it was
        // for (2.9.6: about one in a hundred).
        for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setTimeout(resolve));
        isLent = false;
      }
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

/** Aborted by the first signal; a second one exits at once, unless it repeats the first. */
function endingSignal(): AbortSignal {
  const controller = new AbortController();
  let terminated = -Infinity;
  const ending: EndingSignal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  // A command that does not write to the terminal outlives it, as nohup requires. Deno would exit even
  // if SIGHUP was ignored.
  const outlivesTerminal = !Deno.stdout.isTerminal() && !Deno.stderr.isTerminal();
  for (const name of ending) {
    Deno.addSignalListener(name, () => {
      if (name === "SIGHUP" && outlivesTerminal || name === "SIGINT" && isLent) return;
      if (name === "SIGTERM") {
        const before = terminated;
        terminated = performance.now();
        if (terminated - before < REPEAT_WINDOW) return;
      }
      if (controller.signal.aborted) Deno.exit(ExitCode.INTERRUPTED);
      controller.abort(new Interruption(name));
    });
  }
  return controller.signal;
}
