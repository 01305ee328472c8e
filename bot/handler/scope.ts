/**
 * A bot or a group as what its handlers run in: its middleware, and the place for its errors.
 * @module
 */
import { NoAnswerError } from "../context/ask.ts";
import type { MessageContext, RoomContext } from "../context/context.ts";
import { deliver, type Reply } from "../context/reply.ts";
import { type AnyMiddleware, type Inside, type Onion, onion } from "../middleware/middleware.ts";
import type { BoundSession } from "../session/loaded_session.ts";
import { recordFailure } from "./tracing.ts";

type Catch = (error: unknown, ctx: never) => Reply;

/** The bot's scope holds those of its groups, and so on inwards. */
export class Scope {
  /** The session that its handlers have; undefined where none is declared. */
  readonly session: BoundSession | undefined;
  readonly #parent: Scope | undefined;
  readonly #catch: Catch | undefined;
  /** Its middleware, inside the place for its errors. */
  readonly #around: Onion;

  /** `parent` is the scope around this one. */
  constructor(
    parent: Scope | undefined,
    use: readonly AnyMiddleware[] = [],
    handleError?: Catch,
    session?: BoundSession,
  ) {
    this.session = session;
    this.#parent = parent;
    this.#catch = handleError;
    const middleware = onion(use);
    this.#around = handleError === undefined
      ? middleware
      : (ctx, task) => caught(ctx, () => middleware(ctx, task), handleError);
  }

  /** Runs `task` inside the middleware of this scope and of those around it. */
  run(ctx: MessageContext, task: Inside): Promise<unknown> {
    if (this.#parent === undefined) return this.#around(ctx, task);
    return this.#parent.run(ctx, (inner) => this.#around(inner, task));
  }

  /** Runs `task` without middleware; its errors go where those of handlers go. */
  runBare(ctx: RoomContext, task: () => Promise<unknown>): Promise<unknown> {
    const handleError = this.#catch;
    const inside = handleError === undefined ? task : () => caught(ctx, task, handleError);
    return this.#parent === undefined ? inside() : this.#parent.runBare(ctx, inside);
  }
}

async function caught(
  ctx: RoomContext,
  task: () => Promise<unknown>,
  handleError: Catch,
): Promise<void> {
  try {
    await task();
  } catch (error) {
    if (ctx.signal.aborted || error instanceof NoAnswerError) throw error;
    ctx.log.error("failed", error);
    recordFailure(error);
    // Its type promises no more of the context than is there before any middleware has run.
    await deliver(ctx, handleError(error, ctx as never));
  }
}
