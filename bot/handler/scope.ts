/**
 * A scope: the middleware, session and error handler of a bot or group, around its handlers.
 * @module
 */
import { NoAnswerError } from "../context/ask.ts";
import type { MessageContext, RoomContext } from "../context/context.ts";
import type { Work } from "../context/handler.ts";
import { deliver, type Reply } from "../context/reply.ts";
import { type AnyMiddleware, type Inside, type Onion, onion } from "../middleware/middleware.ts";
import type { BoundSession } from "../session/loaded_session.ts";
import { recordFailure } from "./tracing.ts";

type Catch = (error: unknown, ctx: never) => Reply;

/** Scopes nest: the bot's contains those of its groups, which contain those of theirs. */
export class Scope {
  /** The session of its handlers; undefined if none is declared. */
  readonly session: BoundSession | undefined;
  readonly #parent: Scope | undefined;
  readonly #catch: Catch | undefined;
  /** Its middleware, inside its error handler. */
  readonly #around: Onion;
  /** Whether neither it nor what encloses it has middleware or an error handler. */
  readonly isBare: boolean;

  /** `parent` is the enclosing scope. */
  constructor(
    parent: Scope | undefined,
    use: readonly AnyMiddleware[] = [],
    handleError?: Catch,
    session?: BoundSession,
  ) {
    this.session = session;
    this.#parent = parent;
    this.#catch = handleError;
    this.isBare = use.length === 0 && handleError === undefined && (parent?.isBare ?? true);
    const middleware = onion(use);
    this.#around = handleError === undefined
      ? middleware
      : (ctx, task) => withCatch(ctx, () => middleware(ctx, task), handleError);
  }

  /** Runs `task` inside the middleware of this scope and of the enclosing ones. */
  run(ctx: MessageContext, task: Inside): Work {
    if (this.#parent === undefined) return this.#around(ctx, task);
    return this.#parent.run(ctx, (inner) => this.#around(inner, task));
  }

  /** Runs `task` without middleware; its errors go to the same `catch` as those of handlers. */
  runWithoutMiddleware(ctx: RoomContext, task: () => Work): Work {
    const handleError = this.#catch;
    const inside = handleError === undefined ? task : () => withCatch(ctx, task, handleError);
    return this.#parent === undefined ? inside() : this.#parent.runWithoutMiddleware(ctx, inside);
  }
}

async function withCatch(
  ctx: RoomContext,
  task: () => Work,
  handleError: Catch,
): Promise<void> {
  try {
    await task();
  } catch (error) {
    if (ctx.signal.aborted || error instanceof NoAnswerError) throw error;
    ctx.log.error("failed", error);
    recordFailure(error);
    // The cast is safe: `catch` is only typed with what exists before any middleware has run.
    await deliver(ctx, handleError(error, ctx as never));
  }
}
