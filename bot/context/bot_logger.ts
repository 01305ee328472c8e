/**
 * Logging for bots.
 * @module
 */
import type { ClientLogger } from "../../client/mod.ts";

/** A logger, such as `console`. The bot layer never logs a token or a session. */
export interface BotLogger extends ClientLogger {
  /** Failures, with their cause. */
  error(message: string, cause?: unknown): void;
}

/** The default logger: warnings and errors go to the console, the rest is discarded. */
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

/** Logs that a standalone bot has started; the default logger prints it too, although it is no warning. */
export function announce(logger: BotLogger, message: string): void {
  // deno-lint-ignore no-console
  if (logger === consoleLogger) console.error(message);
  else logger.info(message);
}

/** What lines of the log are about. The text is made when a line is written: most messages write none. */
export interface Tagged {
  /** The text before a line. */
  tag(): string;
}

/** Prefixes every line with its subject, such as the command and device. */
export class TaggedLogger implements BotLogger {
  readonly #logger: BotLogger;
  readonly #tagged: Tagged;

  /** Logs to `logger`, with `tagged.tag()` and `: ` before every message. */
  constructor(logger: BotLogger, tagged: Tagged) {
    this.#logger = logger;
    this.#tagged = tagged;
  }

  /** Details for debugging. */
  debug(message: string): void {
    this.#logger.debug(`${this.#tagged.tag()}: ${message}`);
  }

  /** Normal events. */
  info(message: string): void {
    this.#logger.info(`${this.#tagged.tag()}: ${message}`);
  }

  /** Problems that were handled. */
  warn(message: string): void {
    this.#logger.warn(`${this.#tagged.tag()}: ${message}`);
  }

  /** Failures, with their cause. */
  error(message: string, cause?: unknown): void {
    this.#logger.error(`${this.#tagged.tag()}: ${message}`, cause);
  }
}

/** Prefixes every line with a fixed subject. Unlike a `TaggedLogger`, it needs no other object. */
export class SubjectLogger implements BotLogger {
  readonly #logger: BotLogger;
  readonly #subject: string;

  /** Logs to `logger`, with `subject` and `: ` before every message. */
  constructor(logger: BotLogger, subject: string) {
    this.#logger = logger;
    this.#subject = subject;
  }

  /** Details for debugging. */
  debug(message: string): void {
    this.#logger.debug(`${this.#subject}: ${message}`);
  }

  /** Normal events. */
  info(message: string): void {
    this.#logger.info(`${this.#subject}: ${message}`);
  }

  /** Problems that were handled. */
  warn(message: string): void {
    this.#logger.warn(`${this.#subject}: ${message}`);
  }

  /** Failures, with their cause. */
  error(message: string, cause?: unknown): void {
    this.#logger.error(`${this.#subject}: ${message}`, cause);
  }
}
