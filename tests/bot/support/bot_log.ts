/**
 * Access to what a bot has logged.
 * @module
 */
import type { BotLogger } from "@roomz/roomz/bot";
import type { TestRoom } from "@roomz/roomz/testing";

/** The log of a bot under test, each line with its level. */
export function logLines({ log }: Pick<TestRoom, "log">): string[] {
  return log.map(({ level, text }) => `${level} ${text}`);
}

/** The causes of the errors in the log of a bot under test. */
export function loggedErrors({ log }: Pick<TestRoom, "log">): unknown[] {
  return log.filter(({ level }) => level === "error").map(({ cause }) => cause);
}

/** A logger that records its lines, for bots that run without the testing kit. */
export class RecordingLogger implements BotLogger {
  readonly lines: string[] = [];
  readonly errors: unknown[] = [];
  readonly #waiting: (() => void)[] = [];

  debug(message: string): void {
    this.#write(`debug ${message}`);
  }

  info(message: string): void {
    this.#write(`info ${message}`);
  }

  warn(message: string): void {
    this.#write(`warn ${message}`);
  }

  error(message: string, cause?: unknown): void {
    this.errors.push(cause);
    this.#write(`error ${message}`);
  }

  /** Resolves once a line ends with `text`. */
  async wrote(text: string): Promise<void> {
    while (!this.lines.some((line) => line.endsWith(text))) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #write(line: string): void {
    this.lines.push(line);
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
