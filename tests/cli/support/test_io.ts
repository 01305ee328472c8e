/**
 * A fake `Io` for the command: the test types into stdin, reads what was written, and sets the
 * environment, the working folder and signals.
 * @module
 */
import {
  type EndingSignal,
  type Input,
  Interruption,
  type Io,
  main,
  type Output,
} from "@roomz/roomz/cli";
import { AssertionError } from "@std/assert";

/** Options of a fake `Io`. By default no stream is a terminal, and stdin is empty. */
export interface TestIoOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Makes all streams a terminal of this width. */
  readonly terminalColumns?: number;
  /** The content of stdin. With `null` it stays open for `stdin.type`. */
  readonly stdin?: string | Uint8Array | null;
  readonly workingFolder?: string;
  /** The machine's host name; unknown by default. */
  readonly hostName?: string;
}

/** A fake `Io` for one run of `roomz`. */
export class TestIo implements Io {
  readonly stdin: TypedInput;
  readonly stdout: RecordedOutput;
  readonly stderr: RecordedOutput;
  readonly #interruption = new AbortController();
  readonly #env: Readonly<Record<string, string>>;
  readonly #workingFolder: string;
  readonly #hostName: string | undefined;

  constructor(options: TestIoOptions = {}) {
    const { env = {}, terminalColumns, stdin = "", workingFolder = "/" } = options;
    this.stdin = new TypedInput(terminalColumns !== undefined);
    if (stdin !== null) {
      this.stdin.type(stdin);
      this.stdin.end();
    }
    this.stdout = new RecordedOutput(terminalColumns);
    this.stderr = new RecordedOutput(terminalColumns);
    this.#env = env;
    this.#workingFolder = workingFolder;
    this.#hostName = options.hostName;
  }

  get signal(): AbortSignal {
    return this.#interruption.signal;
  }

  env(name: string): string | undefined {
    return this.#env[name];
  }

  workingFolder(): string {
    return this.#workingFolder;
  }

  hostName(): string | undefined {
    return this.#hostName;
  }

  /** Interrupts the command, by default as Ctrl+C does. */
  interrupt(signal: EndingSignal = "SIGINT"): void {
    this.#interruption.abort(new Interruption(signal));
  }
}

class TypedInput implements Input {
  readonly isTerminal: boolean;
  /** Whether keys are passed on unbuffered and without echo. */
  raw = false;
  #waiting: ((bytes: Uint8Array | null) => void)[] = [];
  #typed: (Uint8Array | null)[] = [];

  constructor(isTerminal: boolean) {
    this.isTerminal = isTerminal;
  }

  type(text: string | Uint8Array): void {
    this.#put(typeof text === "string" ? new TextEncoder().encode(text) : text);
  }

  end(): void {
    this.#put(null);
  }

  read(): Promise<Uint8Array | null> {
    const bytes = this.#typed.shift();
    if (bytes !== undefined) return Promise.resolve(bytes);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  setRaw(raw: boolean): void {
    this.raw = raw;
  }

  #put(bytes: Uint8Array | null): void {
    const reader = this.#waiting.shift();
    if (reader === undefined) this.#typed.push(bytes);
    else reader(bytes);
  }
}

class RecordedOutput implements Output {
  readonly isTerminal: boolean;
  readonly #columns: number;
  /** Everything written so far. */
  text = "";
  #watchers: (() => void)[] = [];

  constructor(columns: number | undefined) {
    this.isTerminal = columns !== undefined;
    this.#columns = columns ?? 80;
  }

  columns(): number {
    return this.#columns;
  }

  write(text: string): Promise<void> {
    this.text += text;
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
    return Promise.resolve();
  }

  /** Waits until the output matches `pattern`; fails after 10 s. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    const limit = AbortSignal.timeout(10_000);
    for (;;) {
      const match = pattern.exec(this.text);
      if (match !== null) return match;
      if (limit.aborted) {
        throw new AssertionError(`${pattern} was not written. Output: ${this.text}`);
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#watchers.push(resolve);
      limit.addEventListener("abort", () => resolve(), { once: true });
      await promise;
    }
  }
}

/** The result of a run of `roomz`. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `roomz` until it exits. */
export async function roomz(args: readonly string[], options?: TestIoOptions): Promise<Ended> {
  const io = new TestIo(options);
  const exitCode = await main(args, io);
  return { exitCode, stdout: io.stdout.text, stderr: io.stderr.text };
}
