/**
 * Waits that outlive the calls of a tool: a host gives up on a call after a minute, a person may take an
 * hour. Each has a handle, by which later calls go on waiting; what comes between two calls is kept.
 * @module
 */
import type { JsonObject } from "../../../client/base/json.ts";
import { CommandError } from "../../command_line/exit_code.ts";

/** How many waits may be open at once, and how many finished ones are kept. */
const MOST_OPEN = 20;
const MOST_KEPT = 200;

/** How a wait ended. */
export type Outcome = { readonly result: JsonObject } | { readonly error: unknown };

/** Something that is waited for. */
export class Wait {
  /** Names it, in this process and beyond: no later process gives it to another. */
  readonly handle: string = crypto.randomUUID().slice(0, 8);
  /** The tool that waits. */
  readonly tool: string;
  /** When it began. */
  readonly began: Date = new Date();
  /** Resolves when it is over; never rejects. */
  readonly over: Promise<Outcome>;
  readonly #withdrawal = new AbortController();
  #changed: Date = this.began;
  #outcome: Outcome | undefined;

  /** `run` is what waits, until its signal aborts. */
  constructor(tool: string, run: (signal: AbortSignal) => Promise<JsonObject>) {
    this.tool = tool;
    this.over = run(this.#withdrawal.signal)
      .then((result): Outcome => ({ result }), (error: unknown): Outcome => ({ error }))
      .then((outcome) => {
        this.#changed = new Date();
        return this.#outcome = outcome;
      });
  }

  /** How it ended; undefined while it goes on. */
  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  /** Whether nobody waits for it any more. */
  get isWithdrawn(): boolean {
    return this.#withdrawal.signal.aborted;
  }

  /** When it began or ended. */
  get changed(): Date {
    return this.#changed;
  }

  /** For how long it has waited, in seconds. */
  get waited(): number {
    const end = this.#outcome === undefined ? Date.now() : this.#changed.getTime();
    return Math.max(0, Math.floor((end - this.began.getTime()) / 1_000));
  }

  /** Ends it, if it is not over: nobody waits for it any more. */
  withdraw(): void {
    if (this.#outcome !== undefined) return;
    this.#withdrawal.abort(new CommandError("The wait was cancelled."));
  }

  /**
   * Waits for at most `limit` milliseconds; undefined if it goes on after that. It is withdrawn when
   * `signal` aborts.
   */
  async leg(limit: number, signal: AbortSignal): Promise<Outcome | undefined> {
    const { promise: legIsOver, resolve: endLeg } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => endLeg(undefined), limit);
    const withdraw = (): void => this.withdraw();
    if (signal.aborted) withdraw();
    signal.addEventListener("abort", withdraw);
    try {
      return await Promise.race([this.over, legIsOver]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", withdraw);
    }
  }
}

/** The waits of one process. */
export class Waits {
  /** By handle, oldest first. */
  readonly #waits = new Map<string, Wait>();
  #ended = false;

  /**
   * Requires room for one more wait.
   * @throws {CommandError} Too many are open, or the server is ending.
   */
  requireRoom(): void {
    if (this.#ended) throw new CommandError("The server is ending.");
    const open = this.#open().length;
    if (open < MOST_OPEN) return;
    throw new CommandError(
      `${open} waits are open, which is the maximum. Let one of them end first.`,
    );
  }

  /**
   * Begins to wait.
   * @throws {CommandError} Too many waits are open, or the server is ending.
   */
  open(tool: string, run: (signal: AbortSignal) => Promise<JsonObject>): Wait {
    this.requireRoom();
    const wait = new Wait(tool, run);
    this.#waits.set(wait.handle, wait);
    for (const [handle, { outcome }] of this.#waits) {
      if (this.#waits.size <= MOST_KEPT) break;
      if (outcome !== undefined) this.#waits.delete(handle);
    }
    return wait;
  }

  /** The wait with this handle; undefined if there is none. */
  get(handle: string): Wait | undefined {
    return this.#waits.get(handle);
  }

  /**
   * The wait of a tool with this handle.
   * @throws {CommandError} There is none.
   */
  find(tool: string, handle: string): Wait {
    const wait = this.#waits.get(handle);
    if (wait?.tool === tool) return wait;
    throw new CommandError(
      wait === undefined
        ? `There is no wait with the handle "${handle.slice(0, 50)}": it ended long ago, or the ` +
          "server was restarted, which withdraws questions. Call again without a handle."
        : `The handle "${handle}" is one of ${wait.tool}. Call that tool with it.`,
    );
  }

  /** Withdraws everything; resolves when all of it is over. */
  async end(): Promise<void> {
    this.#ended = true;
    const open = this.#open();
    for (const wait of open) wait.withdraw();
    await Promise.all(open.map(({ over }) => over));
  }

  #open(): Wait[] {
    return [...this.#waits.values()].filter(({ outcome }) => outcome === undefined);
  }
}
