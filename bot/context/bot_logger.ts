/**
 * Where a bot tells what it does.
 * @module
 */
import type { ClientLogger } from "../../client/mod.ts";

/** A log; `console` fits. What the bot layer writes to it never holds a token or a session. */
export interface BotLogger extends ClientLogger {
  /** What failed, with the error behind it. */
  error(message: string, cause?: unknown): void;
}

/** The log of a bot that was given none: problems on the console, nothing else. */
export const consoleLogger: BotLogger = {
  debug() {},
  info() {},
  warn(message) {
    // deno-lint-ignore no-console
    console.warn(message);
  },
  error(message, cause) {
    // deno-lint-ignore no-console
    if (cause === undefined) console.error(message);
    // deno-lint-ignore no-console
    else console.error(message, cause);
  },
};

/** Starts every line with what it is about. */
export class TaggedLogger implements BotLogger {
  readonly #logger: BotLogger;
  readonly #tag: () => string;

  /** Writes to `logger`, what `tag` returns and `: ` before every message. */
  constructor(logger: BotLogger, tag: () => string) {
    this.#logger = logger;
    this.#tag = tag;
  }

  /** Details that only matter when something is being looked into. */
  debug(message: string): void {
    this.#logger.debug(`${this.#tag()}: ${message}`);
  }

  /** What is worth knowing. */
  info(message: string): void {
    this.#logger.info(`${this.#tag()}: ${message}`);
  }

  /** What went wrong and was dealt with. */
  warn(message: string): void {
    this.#logger.warn(`${this.#tag()}: ${message}`);
  }

  /** What failed, with the error behind it. */
  error(message: string, cause?: unknown): void {
    this.#logger.error(`${this.#tag()}: ${message}`, cause);
  }
}
