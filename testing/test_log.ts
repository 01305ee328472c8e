/**
 * The log of a bot under test.
 * @module
 */
import type { BotLogger } from "../bot/mod.ts";
import type { ProcessLife } from "./process_life.ts";
import type { Transcript } from "./transcript.ts";

/** A line of the bot's log. */
export interface LogEntry {
  /** The severity. */
  readonly level: "debug" | "info" | "warn" | "error";
  /** The message, which starts with the bot's name. */
  readonly text: string;
  /** The error that caused it, such as one thrown by a handler. */
  readonly cause?: unknown;
}

/** The logger of one process. Warnings and errors also appear in the transcript. */
export class TestLogger implements BotLogger {
  readonly #entries: LogEntry[];
  readonly #transcript: Transcript;
  readonly #life: ProcessLife;

  /** Appends to `entries` as long as the process lives. */
  constructor(entries: LogEntry[], transcript: Transcript, life: ProcessLife) {
    this.#entries = entries;
    this.#transcript = transcript;
    this.#life = life;
  }

  /** See `BotLogger`. */
  debug(text: string): void {
    this.#add({ level: "debug", text });
  }

  /** See `BotLogger`. */
  info(text: string): void {
    this.#add({ level: "info", text });
  }

  /** See `BotLogger`. */
  warn(text: string): void {
    this.#add({ level: "warn", text });
    this.#note(`warning: ${text}`);
  }

  /** See `BotLogger`. */
  error(text: string, cause?: unknown): void {
    this.#add({ level: "error", text, ...(cause === undefined ? {} : { cause }) });
    this.#note(`error: ${text}${cause === undefined ? "" : ` (${cause})`}`);
  }

  #add(entry: LogEntry): void {
    if (!this.#life.ended) this.#entries.push(entry);
  }

  #note(text: string): void {
    if (!this.#life.ended) this.#transcript.add("(log)", text);
  }
}
