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

/** Work with a turn; undefined if it has ended at once. */
export type Task = (turn: Turn) => Promise<unknown> | undefined;

/** How many keys are kept that nobody waits for. */
const MAX_KEPT = 1_000;

/** A bounded queue. */
export class OrderedQueue {
  readonly #limit: number;
  readonly #lines: Lines;
  #pending = 0;
  /** The promise that `idle()` returned; undefined while nobody waits for it. */
  #idle: PromiseWithResolvers<void> | undefined;

  /** `limit` is the maximum number of tasks that wait or run. */
  constructor(limit: number, watch?: QueueWatch) {
    this.#limit = limit;
    this.#lines = {
      last: new Map(),
      watch,
      ended: () => {
        if (--this.#pending > 0) return;
        this.#idle?.resolve();
        this.#idle = undefined;
      },
    };
  }

  /** The number of tasks that wait or run. */
  get pending(): number {
    return this.#pending;
  }

  /** Whether no task can be added. */
  get isFull(): boolean {
    return this.#pending >= this.#limit;
  }

  /**
   * Adds a task; returns false if the queue is full. Without a key it starts at once. A task must
   * report its own errors: if it throws or rejects, the error is ignored.
   */
  add(key: string | undefined, task: Task): boolean {
    if (this.isFull) return false;
    this.#pending++;
    new KeyedTurn(this.#lines, key, task).enter();
    return true;
  }

  /** Resolves when no task waits or runs. */
  idle(): Promise<void> {
    if (this.#pending === 0) return Promise.resolve();
    this.#idle ??= Promise.withResolvers();
    return this.#idle.promise;
  }
}

/** What the turns of a queue share. */
interface Lines {
  /** The last turn in line, by key; one that is out if the line is empty. */
  readonly last: Map<string, KeyedTurn>;
  readonly watch: QueueWatch | undefined;
  /** A task has ended. */
  ended(): void;
}

class KeyedTurn implements Turn {
  readonly #lines: Lines;
  readonly #key: string | undefined;
  /** Undefined once it has started. */
  #task: Task | undefined;
  /** Not in line, waiting in line, or at the head of the line, when it is its turn. */
  #position: "out" | "waiting" | "first" = "out";
  /** Whether to yield as soon as the turn comes. */
  #yieldsAtOnce = false;
  /** Whether its task has ended, and must not queue up again. */
  #ended = false;
  /** The next turn in line; undefined if there is none. */
  #next: KeyedTurn | undefined;
  /** Resolves when the turn comes that `rejoin` waits for. */
  #rejoined: PromiseWithResolvers<void> | undefined;

  constructor(lines: Lines, key: string | undefined, task: Task) {
    this.#lines = lines;
    this.#key = key;
    this.#task = task;
  }

  /** Joins the end of the line; begins when the turn comes, which may be now. */
  enter(): void {
    if (this.#key === undefined || this.#ended) return this.#begin();
    const { last, watch } = this.#lines;
    const before = last.get(this.#key);
    last.set(this.#key, this);
    if (before === undefined || before.#position === "out") {
      this.#position = "first";
      return this.#begin();
    }
    this.#position = "waiting";
    watch?.enter();
    before.#next = this;
  }

  yieldTurn(): void {
    if (this.#position === "waiting") this.#yieldsAtOnce = true;
    if (this.#position !== "first" || this.#key === undefined) return;
    this.#position = "out";
    this.#yieldsAtOnce = false;
    const next = this.#next;
    this.#next = undefined;
    if (next === undefined) this.#leaveEmpty(this.#key);
    // Asynchronously, because the caller sends its question first.
    else queueMicrotask(() => next.#comeFirst());
  }

  /** Nobody waits behind this turn. Its place is kept: a map that grows and shrinks is copied again and again. */
  #leaveEmpty(key: string): void {
    const { last } = this.#lines;
    if (last.size > MAX_KEPT) last.delete(key);
  }

  async rejoin(): Promise<void> {
    this.#yieldsAtOnce = this.#ended;
    // A task may rejoin twice, after two parallel questions: both wait for the same turn.
    if (this.#position === "out") {
      this.#rejoined = Promise.withResolvers();
      this.enter();
    }
    await this.#rejoined?.promise;
  }

  #comeFirst(): void {
    this.#lines.watch?.leave();
    this.#position = "first";
    this.#begin();
    if (this.#yieldsAtOnce) this.yieldTurn();
  }

  /** Starts the task, or lets it go on. */
  #begin(): void {
    const task = this.#task;
    if (task === undefined) return this.#rejoined?.resolve();
    this.#task = undefined;
    let running: Promise<unknown> | undefined;
    try {
      running = task(this);
    } catch {
      // It has reported the error.
    }
    if (running === undefined) return this.#end();
    const end = () => this.#end();
    running.then(end, end);
  }

  /** The task has ended. If something it left running rejoins, it gets no turn. */
  #end(): void {
    this.#ended = true;
    this.yieldTurn();
    this.#lines.ended();
  }
}
