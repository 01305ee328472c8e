/**
 * A program on a pseudo-terminal of 80 columns and 24 rows, which `script` of util-linux makes.
 * @module
 */
import { shellWord } from "../../cli/command_line/shell_word.ts";

/** How to start a program. */
export interface Start {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The process, and what it wrote. */
export class TerminalProcess {
  /** The end of what was written; a flood is not kept. */
  tail = "";
  /** Called with everything that is written. */
  readonly #onText: (text: string) => void;
  readonly #process: Deno.ChildProcess;
  readonly #keys: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<void>;
  #watcher: (() => void) | undefined;
  #ended = false;

  constructor({ program, args, env = {} }: Start, onText: (text: string) => void = () => {}) {
    this.#onText = onText;
    const command = ["exec", program, ...args].map(shellWord).join(" ");
    this.#process = new Deno.Command("script", {
      args: ["-qec", `stty cols 80 rows 24; ${command}`, "/dev/null"],
      env: { TERM: "xterm-256color", ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#keys = this.#process.stdin.getWriter();
    this.#reading = this.#read();
  }

  async press(keys: string): Promise<void> {
    await this.#keys.write(new TextEncoder().encode(keys));
  }

  /** Waits until something was written after which `fits` is true. */
  async until(fits: () => boolean): Promise<void> {
    while (!fits()) {
      if (this.#ended) throw new Error(`The program ended before that. It wrote: ${this.tail}`);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#watcher = resolve;
      await promise;
    }
  }

  /** The process id of the program itself, below `script`. */
  async pid(): Promise<string> {
    const { stdout } = await new Deno.Command("pgrep", { args: ["-P", `${this.#process.pid}`] })
      .output();
    return new TextDecoder().decode(stdout).trim();
  }

  /** Waits until the program ends by itself. */
  async ended(): Promise<void> {
    await this.#process.status;
    await this.#keys.close().catch(() => {});
    await this.#reading;
  }

  /** Takes the terminal away, at which the program ends. */
  async hangUp(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.ended();
  }

  async #read(): Promise<void> {
    for await (const text of this.#process.stdout.pipeThrough(new TextDecoderStream())) {
      this.#onText(text);
      this.tail = (this.tail + text).slice(-4_000);
      this.#watcher?.();
    }
    this.#ended = true;
    this.#watcher?.();
  }
}
