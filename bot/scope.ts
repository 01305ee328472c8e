/**
 * A bot or a group as what its handlers run in: its middleware, and the place for its errors.
 * @module
 */
import type { MessageContext, RoomContext } from "./context.ts";
import { type AnyMiddleware, type Onion, onion } from "./middleware.ts";
import { deliver, type Reply } from "./reply.ts";

type Catch = (error: unknown, ctx: never) => Reply;

/** The bot's scope holds those of its groups, and so on inwards. */
export class Scope {
  readonly #parent: Scope | undefined;
  readonly #onion: Onion;
  readonly #catch: Catch | undefined;

  /** `parent` is the scope around this one. */
  constructor(
    parent: Scope | undefined,
    use: readonly AnyMiddleware[] = [],
    handleError?: Catch,
  ) {
    this.#parent = parent;
    this.#onion = onion(use);
    this.#catch = handleError;
  }

  /** Runs `task` inside the middleware of this scope and of those around it. */
  run(ctx: MessageContext, task: () => Promise<void>): Promise<void> {
    const inside = () => this.#guard(ctx, () => this.#onion(ctx, task));
    return this.#parent === undefined ? inside() : this.#parent.run(ctx, inside);
  }

  /** Runs `task` without middleware; its errors go where those of handlers go. */
  runBare(ctx: RoomContext, task: () => Promise<void>): Promise<void> {
    const inside = () => this.#guard(ctx, task);
    return this.#parent === undefined ? inside() : this.#parent.runBare(ctx, inside);
  }

  async #guard(ctx: RoomContext, task: () => Promise<unknown>): Promise<void> {
    const handleError = this.#catch;
    if (handleError === undefined) {
      await task();
      return;
    }
    try {
      await task();
    } catch (error) {
      ctx.log.error("failed", error);
      // What the definition's type promises of the context was added before the task ran.
      await deliver(ctx, handleError(error, ctx as never));
    }
  }
}
