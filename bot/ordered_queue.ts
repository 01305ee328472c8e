/**
 * Runs tasks: those of one key one after the other, those of different keys at the same time.
 * @module
 */

/** A queue with a bound. */
export class OrderedQueue {
  readonly #limit: number;
  /** The last task of every key that has one. */
  readonly #last = new Map<string, Promise<void>>();
  #pending = 0;
  #idle = Promise.withResolvers<void>();

  /** `limit` is the most tasks that wait or run at a time. */
  constructor(limit: number) {
    this.#limit = limit;
    this.#idle.resolve();
  }

  /** How many tasks wait or run. */
  get pending(): number {
    return this.#pending;
  }

  /**
   * Takes a task, or returns false when the queue is full. Without a key it starts at once. A task
   * that throws or rejects ends like any other: what it has to tell, it tells before.
   */
  add(key: string | undefined, task: () => Promise<void>): boolean {
    if (this.#pending >= this.#limit) return false;
    if (this.#pending++ === 0) this.#idle = Promise.withResolvers();
    const before = key === undefined ? undefined : this.#last.get(key);
    const end = () => this.#finish(key, done);
    const done: Promise<void> = (before?.then(task) ?? start(task)).then(end, end);
    if (key !== undefined) this.#last.set(key, done);
    return true;
  }

  /** Resolves when no task waits or runs. */
  idle(): Promise<void> {
    return this.#idle.promise;
  }

  #finish(key: string | undefined, task: Promise<void>): void {
    if (key !== undefined && this.#last.get(key) === task) this.#last.delete(key);
    if (--this.#pending === 0) this.#idle.resolve();
  }
}

async function start(task: () => Promise<void>): Promise<void> {
  await task();
}
