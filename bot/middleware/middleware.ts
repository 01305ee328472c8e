/**
 * Middleware: functions wrapped around a handler, each around the next, like the layers of an onion.
 * @module
 */
import { askWithin } from "../context/ask.ts";
import { contextNames, innerSignal, type MessageContext } from "../context/context.ts";
import { ReplyError } from "../context/reply.ts";

/**
 * What {@linkcode Next} resolves to. It carries no value: only its type matters, which says what
 * state was added. Return it from the middleware so that the type reaches the handlers.
 */
export type Passed<Added extends object = object> = { readonly "~added"?: Added } | undefined;

/**
 * Runs the inner middleware and the handler. `add` is merged into their context. Resolves when
 * everything inside has finished, replies included; rejects if anything inside does.
 * @throws {Error} The same middleware has already called it for this message.
 */
export type Next = <Added extends object = object>(add?: Added) => Promise<Passed<Added>>;

/**
 * A function around every handler of a bot or a group. It calls `next()` to run what is inside, may
 * do something before and after, and stops the message by not calling it. It must await `next()`.
 * What it passes to `next` is added to the handlers' context; return the result of `next` to add its
 * type as well.
 *
 * @example Time every command, and pass the start time to the handlers
 * ```ts
 * import { defineBot, type Middleware } from "@roomz/roomz/bot";
 *
 * const timed: Middleware<{ startedAt: number }> = async (ctx, next) => {
 *   const startedAt = performance.now();
 *   const passed = await next({ startedAt });
 *   ctx.log.info(`took ${performance.now() - startedAt} ms`);
 *   return passed;
 * };
 *
 * defineBot({
 *   name: "helper",
 *   use: [timed],
 *   commands: { "when": ({ startedAt }) => `at ${startedAt.toFixed()} ms` },
 * });
 * ```
 */
export type Middleware<Added extends object = object> = (
  ctx: MessageContext,
  next: Next,
) => Promise<Passed<Added> | void>;

/**
 * Middleware of one command. It sees the command's arguments and the bot's state, and can stop the
 * command. What it passes to `next` does not appear in the type of the handler's context.
 */
export type Guard<C> = (ctx: C, next: Next) => Promise<Passed | void>;

/**
 * The state that one middleware or plug-in adds.
 * @internal
 */
type AddedBy<M> = M extends { readonly group: object; readonly "~added"?: infer Added } ? Added
  : M extends (...args: never[]) => infer Returned
    ? Awaited<Returned> extends infer Result
      ? Result extends { readonly "~added"?: infer Added } ? Added : never
    : never
  : never;

/**
 * The combined state that a list of middleware and plug-ins adds; `unknown`, which adds nothing, if
 * the list is not a tuple.
 */
export type StateOf<M> = M extends readonly [infer First, ...infer Others]
  ? ([AddedBy<First>] extends [never] ? unknown : AddedBy<First>) & StateOf<Others>
  : unknown;

/** Middleware with its types erased, as it is run. */
export type AnyMiddleware = (ctx: never, next: Next) => Promise<unknown>;

/** What middleware wraps. It receives the context with the state that the middleware added. */
export type Inside = (ctx: MessageContext) => Promise<unknown>;

/** Runs `core` inside a fixed list of middleware. */
export type Onion = (ctx: MessageContext, core: Inside) => Promise<unknown>;

/** Composes middleware; the first is outermost. */
export function onion(middleware: readonly AnyMiddleware[]): Onion {
  if (middleware.length === 0) return (ctx, core) => core(ctx);
  return (outermost, core) => {
    let deepest = -1;
    const run = (depth: number, around: MessageContext, add?: object): Promise<unknown> => {
      if (depth <= deepest) return Promise.reject(calledTwice(middleware, depth - 1));
      deepest = depth;
      try {
        const ctx = add === undefined ? around : withState(around, add);
        const current = middleware[depth];
        if (current === undefined) return core(ctx);
        const next = run.bind(undefined, depth + 1, ctx);
        // The casts are safe: defineBot checked each middleware against its context, and no code reads
        // the value that next() resolves to, only its type matters.
        return Promise.resolve(current(ctx as never, next as Next));
      } catch (error) {
        return Promise.reject(error);
      }
    };
    return run(0, outermost);
  };
}

/**
 * The context for what is inside. State is added to the existing context, so that `catch` sees
 * whatever had been added when something failed. A signal requires a new context.
 */
function withState(ctx: MessageContext, add: object): MessageContext {
  if (innerSignal in add && add[innerSignal] instanceof AbortSignal) {
    return withSignal(ctx, add[innerSignal]);
  }
  for (const name of Object.keys(add)) {
    if (contextNames.has(name)) {
      throw new TypeError(
        `Middleware cannot replace ctx.${name}. Use another name for what it adds.`,
      );
    }
  }
  return Object.assign(ctx, add);
}

/** A context with a signal of its own; once it aborts, replies are refused. */
function withSignal(ctx: MessageContext, signal: AbortSignal): MessageContext {
  return {
    ...ctx,
    signal,
    ask: askWithin(signal, ctx.ask),
    reply: async (text) => {
      if (signal.aborted) {
        const error = "The handler timed out before it sent this reply.";
        throw new ReplyError({ error, code: 499, delivery: "not_sent" });
      }
      await ctx.reply(text);
    },
  };
}

function calledTwice(middleware: readonly AnyMiddleware[], index: number): Error {
  const name = middleware[index]?.name ?? "";
  const which = name === "" ? `number ${index + 1}` : `"${name}"`;
  return new Error(`Middleware ${which} called next() twice. Call it at most once.`);
}
