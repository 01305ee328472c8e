/**
 * Runs tasks: those of one key one after the other, those of different keys at the same time.
 * @module
 */

/** A task's place in the order of its key. */
export interface Turn {
  /** Lets the tasks after this one run. The task itself goes on, and still counts as pending. */
  yieldTurn(): void;
  /** Takes a place again, behind those that wait by now; resolves when its turn has come. */
  rejoin(): Promise<void>;
}

/** Who is told what waits for its turn; what starts at once never waits. */
export interface QueueWatch {
  /** A task begins to wait, for its first turn or for one more. */
  enter(): void;
  /** A task that waited gets its turn. */
  leave(): void;
}

/** A queue with a bound. */
export class OrderedQueue {
  readonly #limit: number;
  readonly #watch: QueueWatch | undefined;
  /** The last place of every key that has one. */
  readonly #last = new Map<string, KeyedTurn>();
  #pending = 0;
  /** Resolves what `idle()` has given out; undefined while nobody waits for it. */
  #idle: PromiseWithResolvers<void> | undefined;

  /** `limit` is the most tasks that wait or run at a time. */
  constructor(limit: number, watch?: QueueWatch) {
    this.#limit = limit;
    this.#watch = watch;
  }

  /** How many tasks wait or run. */
  get pending(): number {
    return this.#pending;
  }

  /**
   * Takes a task, or returns false when the queue is full. Without a key it starts at once. A task
   * that throws or rejects ends like any other: what it has to tell, it tells before.
   */
  add(key: string | undefined, task: (turn: Turn) => Promise<void>): boolean {
    if (this.#pending >= this.#limit) return false;
    this.#pending++;
    const turn = new KeyedTurn(this.#last, key, this.#watch);
    const end = () => {
      turn.end();
      if (--this.#pending > 0) return;
      this.#idle?.resolve();
      this.#idle = undefined;
    };
    turn.enter(() => void start(task, turn).then(end, end));
    return true;
  }

  /** Resolves when no task waits or runs. */
  idle(): Promise<void> {
    if (this.#pending === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers();
    return this.#idle.promise;
  }
}

function start(task: (turn: Turn) => Promise<void>, turn: Turn): Promise<void> {
  try {
    return task(turn);
  } catch (error) {
    return Promise.reject(error);
  }
}

class KeyedTurn implements Turn {
  readonly #last: Map<string, KeyedTurn>;
  readonly #key: string | undefined;
  readonly #watch: QueueWatch | undefined;
  /** Not in the line of its key, in it, or at its head: then it is its turn. */
  #standing: "out" | "waiting" | "first" = "out";
  /** Whether it will let its turn go by. */
  #passes = false;
  /** Whether its task has ended, and takes no place any more. */
  #over = false;
  /** Begins what is behind this turn; undefined while nothing is. */
  #following: (() => void) | undefined;
  /** When the turn comes that `rejoin` waits for. */
  #rejoined: Promise<void> | undefined;

  constructor(
    last: Map<string, KeyedTurn>,
    key: string | undefined,
    watch: QueueWatch | undefined,
  ) {
    this.#last = last;
    this.#key = key;
    this.#watch = watch;
  }

  /** Takes the last turn; calls `begin` when its turn comes, which may be now. */
  enter(begin: () => void): void {
    if (this.#key === undefined || this.#over) return begin();
    const before = this.#last.get(this.#key);
    this.#last.set(this.#key, this);
    if (before === undefined) {
      this.#standing = "first";
      return begin();
    }
    this.#standing = "waiting";
    this.#watch?.enter();
    before.#following = () => {
      this.#watch?.leave();
      this.#standing = "first";
      begin();
      if (this.#passes) this.yieldTurn();
    };
  }

  yieldTurn(): void {
    if (this.#standing === "waiting") this.#passes = true;
    if (this.#standing !== "first" || this.#key === undefined) return;
    this.#standing = "out";
    this.#passes = false;
    if (this.#following === undefined) this.#last.delete(this.#key);
    // Not before the caller has done what it does next: the question that it waits for is sent first.
    else Promise.resolve().then(this.#following);
    this.#following = undefined;
  }

  async rejoin(): Promise<void> {
    this.#passes = this.#over;
    // A task may wait for two things at a time: the second finds the place taken again.
    if (this.#standing === "out") {
      this.#rejoined = new Promise((resolve) => this.enter(resolve));
    }
    await this.#rejoined;
  }

  /** The task has ended. What it has left behind may still wait for something: it gets no turn. */
  end(): void {
    this.#over = true;
    this.yieldTurn();
  }
}
