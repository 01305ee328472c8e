/**
 * The questions of other connections, as far as they were heard, and the handles that are not open any
 * more: a late answer to one of those is not taken for the answer to another question.
 * @module
 */
import type { User } from "../../client/mod.ts";
import type { Clock } from "../context/clock.ts";
import { isSameDevice } from "../context/device_key.ts";

/**
 * How long a question outlives its asker's connection. The asker may be reconnecting, and whoever reads
 * the room sees its question as open.
 */
const LEAVE_GRACE = 600_000;
/** After this time a question that its asker never closed is forgotten. */
const FORGET = 86_400_000;
/** Anyone can make up questions: beyond this many the oldest are forgotten. */
const MAX_OTHERS = 1_000;
/** How many closed handles are remembered. */
const MAX_CLOSED = 200;

/** A question of another connection. */
export interface OtherQuestion {
  readonly handle: string;
  readonly text: string;
  /** Its place in the order of the channel. */
  readonly position: number;
}

interface Heard extends OtherQuestion {
  user: User;
  heardAt: number;
  /** When it is forgotten because its asker has left; undefined while the asker is there. */
  goneAt: number | undefined;
}

/** What one connection knows of the questions of others. */
export class OtherQuestions {
  readonly #clock: Clock;
  readonly #open = new Map<string, Heard>();
  readonly #closed = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many are open. */
  get count(): number {
    return this.#open.size === 0 ? 0 : this.all().length;
  }

  /** Those that are open, and not forgotten by now. */
  all(): readonly OtherQuestion[] {
    const now = this.#clock.monotonic();
    for (const [handle, { goneAt = Infinity, heardAt }] of this.#open) {
      if (now >= goneAt || now - heardAt >= FORGET) this.close(handle);
    }
    return [...this.#open.values()];
  }

  /** Whether a question with this handle is open. */
  has(handle: string): boolean {
    return this.#open.has(handle);
  }

  /** Whether a question with this handle, whoever asked it, is or was open. */
  knows(handle: string): boolean {
    return this.#open.has(handle) || this.#closed.has(handle);
  }

  /** A question was heard, for the first time or again. */
  heard(question: OtherQuestion, user: User): void {
    const { handle } = question;
    const before = this.#open.get(handle);
    this.#closed.delete(handle);
    const heardAt = this.#clock.monotonic();
    if (before !== undefined) {
      Object.assign(before, { user, heardAt, goneAt: undefined });
      return;
    }
    if (this.#open.size >= MAX_OTHERS) {
      const [oldest = ""] = this.#open.keys();
      this.#open.delete(oldest);
    }
    this.#open.set(handle, { ...question, user, heardAt, goneAt: undefined });
  }

  /** A connection has left: it may come back, or not. */
  left(user: User): void {
    const goneAt = this.#clock.monotonic() + LEAVE_GRACE;
    for (const other of this.#open.values()) {
      if (isSameDevice(other.user, user)) other.goneAt ??= goneAt;
    }
  }

  /** A question was closed. Its handle, which may be that of an own one, is remembered. */
  close(handle: string): void {
    this.#open.delete(handle);
    this.#closed.add(handle);
    if (this.#closed.size <= MAX_CLOSED) return;
    const [oldest = ""] = this.#closed;
    this.#closed.delete(oldest);
  }

  /** What others say is not heard any more. Returns whether one of their questions was open. */
  closeAll(): boolean {
    const handles = [...this.#open.keys()];
    for (const handle of handles) this.close(handle);
    return handles.length > 0;
  }

  /** An own question gets this handle, which it had before. */
  reopen(handle: string): void {
    this.#closed.delete(handle);
  }

  /** Forgets everything. */
  clear(): void {
    this.#open.clear();
    this.#closed.clear();
  }
}
