/**
 * Runs tasks: those of one key one after the other, those of different keys at the same time.
 * @module
 */

/** A task's place in the order of its key. */
export interface Place {
  /** Lets the tasks after this one run. The task itself goes on, and still counts as pending. */
  giveUp(): void;
  /** Takes a place again, behind those that wait by now; resolves when its turn has come. */
  takeAgain(): Promise<void>;
}

/** A queue with a bound. */
export class OrderedQueue {
  readonly #limit: number;
  /** The end of the last place of every key that has one. */
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
  add(key: string | undefined, task: (place: Place) => Promise<void>): boolean {
    if (this.#pending >= this.#limit) return false;
    if (this.#pending++ === 0) this.#idle = Promise.withResolvers();
    const place = new KeyedPlace(this.#last, key);
    const end = () => {
      place.giveUp();
      if (--this.#pending === 0) this.#idle.resolve();
    };
    const before = place.enter();
    (before?.then(() => task(place)) ?? start(task, place)).then(end, end);
    return true;
  }

  /** Resolves when no task waits or runs. */
  idle(): Promise<void> {
    return this.#idle.promise;
  }
}

class KeyedPlace implements Place {
  readonly #last: Map<string, Promise<void>>;
  readonly #key: string | undefined;
  /** Ends the place that it has; undefined while it has none. */
  #leave: (() => void) | undefined;
  /** When its turn comes, or came; undefined: at once. */
  #turn: Promise<void> | undefined;

  constructor(last: Map<string, Promise<void>>, key: string | undefined) {
    this.#last = last;
    this.#key = key;
  }

  /** Takes the last place; returns what is before it. */
  enter(): Promise<void> | undefined {
    const key = this.#key;
    if (key === undefined) return undefined;
    this.#turn = this.#last.get(key);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last.set(key, promise);
    this.#leave = () => {
      if (this.#last.get(key) === promise) this.#last.delete(key);
      resolve();
    };
    return this.#turn;
  }

  giveUp(): void {
    this.#leave?.();
    this.#leave = undefined;
  }

  async takeAgain(): Promise<void> {
    // A task may wait for two things at a time: the second finds the place taken again.
    await (this.#leave === undefined ? this.enter() : this.#turn);
  }
}

async function start(task: (place: Place) => Promise<void>, place: Place): Promise<void> {
  await task(place);
}
