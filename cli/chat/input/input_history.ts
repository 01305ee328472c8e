/**
 * The input history, saved in a file that only the user can read. It never contains secrets.
 * @module
 */
import { createPrivateFile } from "../../../client/auth/kv_file.ts";
import { holdsSecret } from "./secret_text.ts";

const MAX_ENTRIES = 1_000;

/** The entries, oldest first, and the user's position in them. */
export class InputHistory {
  readonly #file: string | undefined;
  #entries: string[] = [];
  #position = 0;
  /** The entries that were edited and left, and the draft, by position. They are not saved. */
  readonly #edited = new Map<number, string>();
  #saved: Promise<void> = Promise.resolve();

  /** Without `file`, the history is not saved. */
  constructor(file?: string) {
    this.#file = file;
  }

  /** Loads the file. Damaged lines are skipped; an unreadable file counts as empty. */
  async load(): Promise<void> {
    if (this.#file === undefined) return;
    try {
      const saved = (await Deno.readTextFile(this.#file)).split("\n").flatMap(parseEntry);
      const entries = saved.filter((entry) => !holdsSecret(entry));
      this.#entries = [...entries.slice(-MAX_ENTRIES), ...this.#entries];
      this.reset();
      // Earlier versions saved secrets that were spelt differently.
      const hasSecrets = entries.length < saved.length;
      if (hasSecrets || entries.length > 2 * MAX_ENTRIES) await this.#rewrite(this.#file);
    } catch {
      // First start, or no permission. The chat works without a history.
    }
  }

  /** Adds an entry, except secrets and repeats of the last entry. Resolves once it is saved. */
  add(text: string): Promise<void> {
    if (text.trim() !== "" && !holdsSecret(text) && text !== this.#entries.at(-1)) {
      this.#entries.push(text);
      if (this.#entries.length > MAX_ENTRIES) this.#entries.shift();
      this.reset();
      const file = this.#file;
      // One at a time, to keep their order.
      if (file !== undefined) this.#saved = this.#saved.then(() => append(file, text));
    }
    return this.#saved;
  }

  /** Resolves when every added entry was written or has failed to be. */
  get saved(): Promise<void> {
    return this.#saved;
  }

  /** The index of the entry shown; the number of entries while the draft is shown. */
  get position(): number {
    return this.#position;
  }

  /** The previous entry, if any, as it was left. `shown` is the text shown now, which is kept. */
  older(shown: string): string | undefined {
    return this.#position === 0 ? undefined : this.#leave(shown, this.#position - 1);
  }

  /** The next entry, or the draft after the last one, as it was left. `shown` is kept. */
  newer(shown: string): string | undefined {
    const isLast = this.#position >= this.#entries.length;
    return isLast ? undefined : this.#leave(shown, this.#position + 1);
  }

  /** The newest entry that contains `text`, or the one `skip` matches before it. */
  search(text: string, skip = 0): string | undefined {
    if (text === "") return undefined;
    const matches = [...new Set(this.#entries.toReversed())].filter((one) => one.includes(text));
    return matches[Math.min(skip, matches.length - 1)];
  }

  /** Returns to the end, and drops the draft and what was edited in other entries. */
  reset(): void {
    this.#position = this.#entries.length;
    this.#edited.clear();
  }

  #leave(shown: string, position: number): string {
    if (shown === this.#entries[this.#position]) this.#edited.delete(this.#position);
    else this.#edited.set(this.#position, shown);
    this.#position = position;
    return this.#edited.get(position) ?? this.#entries[position] ?? "";
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
    // A full disk or a read-only folder must not end the chat.
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
