/**
 * Runs a program on a pseudo-terminal of 80 columns and 24 rows, using `script` of util-linux.
 * @module
 */
import { shellWord } from "../../cli/command_line/shell_word.ts";

/** How to start a program. */
export interface Start {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A program on a pseudo-terminal. */
export class TerminalProcess {
  /** The end of its output; floods are not kept in memory. */
  tail = "";
  /** Called with each chunk of output. */
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

  /** Waits until `condition` is true, checking after each chunk of output. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#ended) throw new Error(`The program exited too early. Its output: ${this.tail}`);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#watcher = resolve;
      await promise;
    }
  }

  /** The process id of the program, a child of `script`. */
  async pid(): Promise<string> {
    const { stdout } = await new Deno.Command("pgrep", { args: ["-P", `${this.#process.pid}`] })
      .output();
    return new TextDecoder().decode(stdout).trim();
  }

  /** Waits until the program exits on its own. */
  async ended(): Promise<void> {
    await this.#process.status;
    await this.#keys.close().catch(() => {});
    await this.#reading;
  }

  /** Closes the terminal, which ends the program. */
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
