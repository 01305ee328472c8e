/**
 * Saved messages, in a Deno KV file on this machine.
 * @module
 */
import { retryWhileLocked } from "../../client/auth/kv_file.ts";
import { isJsonObject } from "../../client/base/json.ts";
import type { Message, User } from "../../client/mod.ts";
import { openExistingKv, openPrivateKv } from "../account/state_kv.ts";
import { messageEntry } from "./message_line.ts";

/** A message as it is saved. */
export interface KeptMessage {
  /** The server's id. */
  readonly id: string;
  /** The sender, with the display name at that time. */
  readonly user: User;
  /** The text, plain. */
  readonly content: string;
  /** When the server accepted it, ISO 8601. */
  readonly timestamp: string;
}

/** How long a message is kept, in milliseconds. */
export const LONGEST_KEPT = 90 * 86_400_000;

/** How many messages are kept per server. */
export const MOST_KEPT = 10_000;

/** How long a message waits so that it can be written together with others, in milliseconds. */
const WRITE_DELAY = 250;

/**
 * Deno KV accepts 800 KB per write. The longest message of a Roomz server is about 4 KB; anything much
 * longer (in UTF-16 code units) does not come from one and is not saved.
 */
const MOST_PER_WRITE = 50;
const LONGEST_MESSAGE = 6_000;

const PREFIX = ["roomz", "message"];

/** The messages of one server. */
export class MessageHistory implements AsyncDisposable {
  readonly #kv: Deno.Kv;
  readonly #server: string;
  readonly #onFailure: (error: unknown) => void;
  #waiting: KeptMessage[] = [];
  /** How many were added since the last pruning. */
  #added = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Resolves after the last write that was queued: writes run one after the other. */
  #written: Promise<void> = Promise.resolve();

  private constructor(kv: Deno.Kv, server: string, onFailure: (error: unknown) => void) {
    this.#kv = kv;
    this.#server = server;
    this.#onFailure = onFailure;
  }

  /**
   * Opens the file, created if needed, and deletes messages that are too old (at time `now`) or too
   * many. `onFailure` is called when a message cannot be written.
   */
  static async open(
    path: string,
    server: string,
    onFailure: (error: unknown) => void,
    now: number = Date.now(),
  ): Promise<MessageHistory> {
    const kv = await openPrivateKv(path);
    const history = new MessageHistory(kv, server, onFailure);
    await history.#prune(now);
    return history;
  }

  /** Saves a message; it is written a little later, together with others. */
  add({ id, user, content, timestamp }: Message): void {
    const { email, display_name } = user;
    const length = id.length + 2 * email.length + (display_name?.length ?? 0) + content.length;
    if (length > LONGEST_MESSAGE) return;
    this.#waiting.push({ id, user, content, timestamp });
    this.#timer ??= setTimeout(() => this.#write(), WRITE_DELAY);
  }

  /** The newest `most` messages whose displayed text contains `text`, ignoring case; oldest first. */
  async search(text: string, most: number): Promise<KeptMessage[]> {
    await this.#writeAll();
    const wanted = text.toLowerCase();
    const found: KeptMessage[] = [];
    const prefix = [...PREFIX, this.#server];
    for await (const { value } of this.#kv.list({ prefix }, { reverse: true })) {
      if (!isKeptMessage(value) || !messageEntry(value).toLowerCase().includes(wanted)) continue;
      if (found.push(value) === most) break;
    }
    return found.reverse();
  }

  /** Writes what is pending, and closes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writeAll();
    this.#kv.close();
  }

  async #writeAll(): Promise<void> {
    clearTimeout(this.#timer);
    this.#write();
    await this.#written;
  }

  #write(): void {
    this.#timer = undefined;
    const messages = this.#waiting;
    this.#waiting = [];
    this.#written = this.#written.then(async () => {
      try {
        for (let at = 0; at < messages.length; at += MOST_PER_WRITE) {
          await this.#writeTogether(messages.slice(at, at + MOST_PER_WRITE));
        }
        if (this.#added >= MOST_KEPT) await this.#prune(Date.now());
      } catch (error) {
        this.#onFailure(error);
      }
    });
  }

  /** Another process that saves the same message uses the same key. */
  async #writeTogether(messages: readonly KeptMessage[]): Promise<void> {
    this.#added += messages.length;
    await retryWhileLocked(() => {
      const write = this.#kv.atomic();
      for (const message of messages) {
        const time = Date.parse(message.timestamp);
        if (Number.isNaN(time)) continue;
        // Messages of the same millisecond differ in the microseconds of the text.
        write.set([...PREFIX, this.#server, time, message.timestamp, message.id], message);
      }
      return write.commit();
    });
  }

  async #prune(now: number): Promise<void> {
    const oldest = now - LONGEST_KEPT;
    const prefix = [...PREFIX, this.#server];
    const surplus: Deno.KvKey[] = [];
    let kept = 0;
    for await (const { key } of this.#kv.list({ prefix }, { reverse: true })) {
      const time = key.at(-3);
      if (++kept <= MOST_KEPT && typeof time === "number" && time >= oldest) continue;
      surplus.push(key);
    }
    for (let at = 0; at < surplus.length; at += MOST_PER_WRITE) {
      await retryWhileLocked(() => {
        const write = this.#kv.atomic();
        for (const key of surplus.slice(at, at + MOST_PER_WRITE)) write.delete(key);
        return write.commit();
      });
    }
    this.#added = 0;
  }
}

/** The saved messages of a server, oldest first; none if the file does not exist. */
export async function* keptMessages(path: string, server: string): AsyncGenerator<KeptMessage> {
  const kv = await openExistingKv(path);
  if (kv === undefined) return;
  try {
    for await (const { value } of kv.list({ prefix: [...PREFIX, server] })) {
      if (isKeptMessage(value)) yield value;
    }
  } finally {
    kv.close();
  }
}

function isKeptMessage(value: unknown): value is KeptMessage {
  if (!isJsonObject(value)) return false;
  const { id, user, content, timestamp } = value;
  return [id, content, timestamp].every((field) => typeof field === "string") &&
    isJsonObject(user) && typeof user["email"] === "string" &&
    (user["display_name"] === null || typeof user["display_name"] === "string");
}
