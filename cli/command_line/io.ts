/**
 * What the command touches of the world, as one value: the streams, the environment, the signals.
 * `main.ts` makes it of the process; tests make their own.
 * @module
 */

/** The world that the command runs in. */
export interface Io {
  /** Where text and keys come from. */
  readonly stdin: Input;
  /** Where data goes. */
  readonly stdout: Output;
  /** Where talk goes: what happens, questions, errors. */
  readonly stderr: Output;
  /** What keys come from and what can be drawn on; undefined where a person has no such thing. */
  readonly terminal?: Terminal | undefined;
  /** Aborted, with an `Interruption`, when the command is asked to end. */
  readonly signal: AbortSignal;
  /** An environment variable; undefined where it is not set. */
  env(name: string): string | undefined;
  /** The folder that relative paths start from. */
  workingFolder(): string;
}

/** A stream to read. */
export interface Input {
  /** Whether a person types it. */
  readonly isTerminal: boolean;
  /** The next bytes; null at the end of input. */
  read(): Promise<Uint8Array | null>;
  /** Hands every key over as it is typed, and shows none; only for a terminal. */
  setRaw(raw: boolean): void;
}

/** A stream to write. */
export interface Output {
  /** Whether a person reads it. */
  readonly isTerminal: boolean;
  /** How many columns a line has; only means something for a terminal. */
  columns(): number;
  /**
   * Writes all of the text.
   * @throws {OutputClosed} Nobody reads it any more.
   */
  write(text: string): Promise<void>;
}

/** The terminal of stdin and stdout, for what draws on it and does not only append lines. */
export interface Terminal {
  /** Its size now. */
  size(): { readonly columns: number; readonly rows: number };
  /**
   * Calls `listener` when its size has changed, and when the process goes on after it was stopped:
   * the modes may be others then. Returns what ends that.
   */
  onChange(listener: (change: "resized" | "continued") => void): () => void;
  /**
   * Calls `restore` when the process ends in any way that it can notice, a crash included; there is
   * only time for `writeNow`. Returns what ends that.
   */
  onExit(restore: () => void): () => void;
  /** Writes at once, before it returns. */
  writeNow(text: string): void;
}

/** Whoever read the output has left, as `head` does: nothing to tell, and nobody to tell it to. */
export class OutputClosed extends Error {
  /** Set here, because bundlers rename classes. */
  override name = "OutputClosed";
}
