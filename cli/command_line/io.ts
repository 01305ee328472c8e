/**
 * Everything outside the command, as one injected value: streams, environment, signals. `main.ts` builds
 * it from the process; tests build their own.
 * @module
 */

/** Streams, environment and signals of one run. */
export interface Io {
  /** Text and keys. */
  readonly stdin: Input;
  /** Data output. */
  readonly stdout: Output;
  /** Messages to the user: progress, questions, errors. */
  readonly stderr: Output;
  /** The terminal of stdin and stdout; undefined if they are not both terminals. */
  readonly terminal?: Terminal | undefined;
  /** Aborted with an `Interruption` when the command has to stop. */
  readonly signal: AbortSignal;
  /** An environment variable; undefined if it is not set. */
  env(name: string): string | undefined;
  /** The machine's host name, for a connection to name itself; undefined if it must not be known. */
  hostName?(): string | undefined;
  /** The folder that relative paths are resolved against. */
  workingFolder(): string;
}

/** A stream to read. */
export interface Input {
  /** Whether it is a terminal. */
  readonly isTerminal: boolean;
  /** The next bytes; null at the end of input. */
  read(): Promise<Uint8Array | null>;
  /** Turns raw mode on or off: every key is delivered as it is typed, without echo. Terminals only. */
  setRaw(raw: boolean): void;
  /**
   * Gives the terminal back to the shell, as Ctrl+Z does elsewhere: turns raw mode off, stops the process,
   * and turns raw mode on again when it is continued. Returns at once where it cannot be stopped.
   * Terminals only; undefined where nothing can be suspended.
   */
  suspend?(): Promise<void>;
}

/** A stream to write. */
export interface Output {
  /** The file descriptor of the process; undefined if it has none. */
  readonly fd?: number | undefined;
  /** Whether it is a terminal. */
  readonly isTerminal: boolean;
  /** The width in columns; meaningful only for a terminal. */
  columns(): number;
  /**
   * Writes the whole text.
   * @throws {OutputClosed} The reader has closed the pipe.
   */
  write(text: string): Promise<void>;
}

/** The terminal of stdin and stdout, for drawing. */
export interface Terminal {
  /** The current size. */
  size(): { readonly columns: number; readonly rows: number };
  /**
   * Calls `listener` when the size changes, and when the process continues after being stopped, because
   * the terminal modes may have changed. Returns a function that removes the listener.
   */
  onChange(listener: (change: "resized" | "continued") => void): () => void;
  /**
   * Calls `restore` when the process ends in any way that it can notice, including a crash; there is only
   * time for `writeNow`. Returns a function that cancels this.
   */
  onExit(restore: () => void): () => void;
  /**
   * Lends the terminal to another program while `run` runs: an interrupt from the keyboard is then for that
   * program alone.
   */
  lend?<T>(run: () => Promise<T>): Promise<T>;
  /** Writes synchronously. */
  writeNow(text: string): void;
}

/** The reader of the output has closed the pipe, as `head` does. Not an error worth reporting. */
export class OutputClosed extends Error {
  /** Set here, because bundlers rename classes. */
  override name = "OutputClosed";
}
