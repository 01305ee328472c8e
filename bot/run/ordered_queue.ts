/**
 * A task queue: tasks with the same key run one after the other, tasks with different keys in parallel.
 * @module
 */

/** A task's turn among the tasks with its key. */
export interface Turn {
  /** Lets the next task run. This task continues, and still counts as pending. */
  yieldTurn(): void;
  /** Queues up again, behind the tasks that wait by now; resolves when it is this task's turn. */
  rejoin(): Promise<void>;
}

/** Observes which tasks wait; a task that starts at once never waits. */
export interface QueueWatch {
  /** A task starts to wait, for its first turn or a later one. */
  enter(): void;
  /** A task that waited gets its turn. */
  leave(): void;
}

/** A bounded queue. */
export class OrderedQueue {
  readonly #limit: number;
  readonly #watch: QueueWatch | undefined;
  /** The last turn in line, by key. */
  readonly #last = new Map<string, KeyedTurn>();
  #pending = 0;
  /** The promise that `idle()` returned; undefined while nobody waits for it. */
  #idle: PromiseWithResolvers<void> | undefined;

  /** `limit` is the maximum number of tasks that wait or run. */
  constructor(limit: number, watch?: QueueWatch) {
    this.#limit = limit;
    this.#watch = watch;
  }

  /** The number of tasks that wait or run. */
  get pending(): number {
    return this.#pending;
  }

  /**
   * Adds a task; returns false if the queue is full. Without a key it starts at once. A task must
   * report its own errors: if it throws or rejects, the error is ignored.
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
  /** Not in line, waiting in line, or at the head of the line, when it is its turn. */
  #position: "out" | "waiting" | "first" = "out";
  /** Whether to yield as soon as the turn comes. */
  #yieldsAtOnce = false;
  /** Whether its task has ended, and must not queue up again. */
  #ended = false;
  /** Starts the next turn in line; undefined if there is none. */
  #startNext: (() => void) | undefined;
  /** Resolves when the turn comes that `rejoin` waits for. */
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

  /** Joins the end of the line; calls `begin` when the turn comes, which may be now. */
  enter(begin: () => void): void {
    if (this.#key === undefined || this.#ended) return begin();
    const before = this.#last.get(this.#key);
    this.#last.set(this.#key, this);
    if (before === undefined) {
      this.#position = "first";
      return begin();
    }
    this.#position = "waiting";
    this.#watch?.enter();
    before.#startNext = () => {
      this.#watch?.leave();
      this.#position = "first";
      begin();
      if (this.#yieldsAtOnce) this.yieldTurn();
    };
  }

  yieldTurn(): void {
    if (this.#position === "waiting") this.#yieldsAtOnce = true;
    if (this.#position !== "first" || this.#key === undefined) return;
    this.#position = "out";
    this.#yieldsAtOnce = false;
    if (this.#startNext === undefined) this.#last.delete(this.#key);
    // Asynchronously, because the caller sends its question first.
    else Promise.resolve().then(this.#startNext);
    this.#startNext = undefined;
  }

  async rejoin(): Promise<void> {
    this.#yieldsAtOnce = this.#ended;
    // A task may rejoin twice, after two parallel questions: both wait for the same turn.
    if (this.#position === "out") {
      this.#rejoined = new Promise((resolve) => this.enter(resolve));
    }
    await this.#rejoined;
  }

  /** The task has ended. If something it left running rejoins, it gets no turn. */
  end(): void {
    this.#ended = true;
    this.yieldTurn();
  }
}
