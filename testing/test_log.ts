/**
 * The bot's log in a test.
 * @module
 */
import type { BotLogger } from "../bot/mod.ts";
import type { ProcessLife } from "./process_life.ts";
import type { Transcript } from "./transcript.ts";

/** A line of the bot's log. */
export interface LogEntry {
  /** How much it matters. */
  readonly level: "debug" | "info" | "warn" | "error";
  /** What happened, with the bot's name before it. */
  readonly text: string;
  /** The error behind it, such as what a handler has thrown. */
  readonly cause?: unknown;
}

/** Keeps what one process of the bot logs; problems are in the transcript as well. */
export class TestLogger implements BotLogger {
  readonly #entries: LogEntry[];
  readonly #transcript: Transcript;
  readonly #life: ProcessLife;

  /** Adds to `entries` as long as the process lives. */
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
    if (!this.#life.over) this.#entries.push(entry);
  }

  #note(text: string): void {
    if (!this.#life.over) this.#transcript.add("(log)", text);
  }
}
