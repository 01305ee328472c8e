/**
 * What a bot has logged, for tests to compare.
 * @module
 */
import type { BotLogger } from "@roomz/roomz/bot";
import type { TestRoom } from "@roomz/roomz/testing";

/** The log of a bot under test: how much each entry matters, and its text. */
export function logLines({ log }: Pick<TestRoom, "log">): string[] {
  return log.map(({ level, text }) => `${level} ${text}`);
}

/** What was behind the errors in the log of a bot under test. */
export function loggedErrors({ log }: Pick<TestRoom, "log">): unknown[] {
  return log.filter(({ level }) => level === "error").map(({ cause }) => cause);
}

/** A log that is kept, of a bot that runs on a server. */
export class KeptLog implements BotLogger {
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

  /** Resolves when a line ends with `text`. */
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
