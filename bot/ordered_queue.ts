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
  /** The last place of every key that has one. */
  readonly #last = new Map<string, KeyedPlace>();
  #pending = 0;
  /** Resolves what `idle()` has given out; undefined while nobody waits for it. */
  #idle: PromiseWithResolvers<void> | undefined;

  /** `limit` is the most tasks that wait or run at a time. */
  constructor(limit: number) {
    this.#limit = limit;
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
    this.#pending++;
    void this.#run(new KeyedPlace(this.#last, key), task);
    return true;
  }

  /** Resolves when no task waits or runs. */
  idle(): Promise<void> {
    if (this.#pending === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers();
    return this.#idle.promise;
  }

  async #run(place: KeyedPlace, task: (place: Place) => Promise<void>): Promise<void> {
    try {
      const turn = place.enter();
      if (turn !== undefined) await turn;
      await task(place);
    } catch {
      // Told by the task.
    }
    place.giveUp();
    if (--this.#pending > 0) return;
    this.#idle?.resolve();
    this.#idle = undefined;
  }
}

class KeyedPlace implements Place {
  readonly #last: Map<string, KeyedPlace>;
  readonly #key: string | undefined;
  #held = false;
  /** When its turn comes, or came; undefined: at once. */
  #turn: Promise<void> | undefined;
  /** The turn of the place after this one; undefined while there is none. */
  #following: PromiseWithResolvers<void> | undefined;

  constructor(last: Map<string, KeyedPlace>, key: string | undefined) {
    this.#last = last;
    this.#key = key;
  }

  /** Takes the last place; returns what is before it. */
  enter(): Promise<void> | undefined {
    if (this.#key === undefined) return undefined;
    this.#turn = this.#last.get(this.#key)?.left();
    this.#last.set(this.#key, this);
    this.#held = true;
    return this.#turn;
  }

  giveUp(): void {
    if (!this.#held || this.#key === undefined) return;
    this.#held = false;
    if (this.#following === undefined) this.#last.delete(this.#key);
    else this.#following.resolve();
    this.#following = undefined;
  }

  async takeAgain(): Promise<void> {
    // A task may wait for two things at a time: the second finds the place taken again.
    await (this.#held ? this.#turn : this.enter());
  }

  /** Resolves when this place is given up. */
  left(): Promise<void> {
    this.#following = Promise.withResolvers();
    return this.#following.promise;
  }
}
