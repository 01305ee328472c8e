/**
 * What the user wrote before, kept between starts in a file that only its owner can read. Secrets
 * are never in it.
 * @module
 */
import { createPrivateFile } from "../../client/auth/kv_file.ts";

const MOST_ENTRIES = 1_000;

/** A session JWT, a magic link, or a command that takes a token. */
const SECRET = /^\s*\/token\b|\beyJ[\w-]+\.[\w-]+\.|[?&]token=/;

/** The entries, oldest first, and where the user is in them. */
export class InputHistory {
  readonly #file: string | undefined;
  #entries: string[] = [];
  /** The entry that is shown; as many as there are: what is being written. */
  #position = 0;
  /** What was being written before the user went back. */
  #draft = "";
  #kept: Promise<void> = Promise.resolve();

  /** Without `file`, nothing is kept after the end. */
  constructor(file?: string) {
    this.#file = file;
  }

  /** Reads the file. One that is damaged or cannot be read costs what it held. */
  async load(): Promise<void> {
    if (this.#file === undefined) return;
    try {
      const entries = (await Deno.readTextFile(this.#file)).split("\n").flatMap(parseEntry);
      this.#entries = [...entries.slice(-MOST_ENTRIES), ...this.#entries];
      this.leave();
      if (entries.length > 2 * MOST_ENTRIES) await this.#rewrite(this.#file);
    } catch {
      // The first start, or no permission: a chat works without.
    }
  }

  /** Adds what was written, but no secret and nothing twice in a row; resolves when it is kept. */
  add(text: string): Promise<void> {
    if (text.trim() !== "" && !SECRET.test(text) && text !== this.#entries.at(-1)) {
      this.#entries.push(text);
      if (this.#entries.length > MOST_ENTRIES) this.#entries.shift();
      this.leave();
      const file = this.#file;
      // One after the other, in the order in which they were written.
      if (file !== undefined) this.#kept = this.#kept.then(() => append(file, text));
    }
    return this.#kept;
  }

  /** Resolves when all that was added is in the file, or could not be written. */
  get kept(): Promise<void> {
    return this.#kept;
  }

  /** The entry before the one that is shown. `current` is what is being written. */
  older(current: string): string | undefined {
    if (this.#position === 0) return undefined;
    if (this.#position === this.#entries.length) this.#draft = current;
    return this.#entries[--this.#position];
  }

  /** The entry after the one that is shown, at last what was being written. */
  newer(): string | undefined {
    if (this.#position >= this.#entries.length) return undefined;
    this.#position++;
    return this.#entries[this.#position] ?? this.#draft;
  }

  /** The newest entry that holds `text`, `skip` matches further back. */
  search(text: string, skip = 0): string | undefined {
    if (text === "") return undefined;
    const matches = [...new Set(this.#entries.toReversed())].filter((one) => one.includes(text));
    return matches[Math.min(skip, matches.length - 1)];
  }

  /** Back to what is being written. */
  leave(): void {
    this.#position = this.#entries.length;
    this.#draft = "";
  }

  async #rewrite(file: string): Promise<void> {
    const fresh = `${file}.${crypto.randomUUID()}`;
    const text = this.#entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    await Deno.writeTextFile(fresh, text, { createNew: true, mode: 0o600 });
    await Deno.rename(fresh, file);
  }
}

async function append(file: string, text: string): Promise<void> {
  try {
    await createPrivateFile(file);
    await Deno.writeTextFile(file, `${JSON.stringify(text)}\n`, { append: true });
  } catch {
    // A disk that is full or a folder that is not ours must not end a chat.
  }
}

function parseEntry(line: string): string[] {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === "string" ? [entry] : [];
  } catch {
    return [];
  }
}
