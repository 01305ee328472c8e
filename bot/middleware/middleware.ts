/**
 * Middleware: functions around a handler, each one around the next, like the skins of an onion.
 * @module
 */
import { askWithin } from "../context/ask.ts";
import { contextNames, innerSignal, type MessageContext } from "../context/context.ts";
import { ReplyError } from "../context/reply.ts";

/**
 * What {@linkcode Next} resolves to. Nothing is in it: its type tells which state was added, and
 * reaches the handlers when the middleware returns it.
 */
export type Passed<Added extends object = object> = { readonly "~added"?: Added } | undefined;

/**
 * Runs what is inside. `add` is what the handlers find in their context from now on. Resolves when
 * everything inside has finished, replies included; rejects as what is inside does.
 * @throws {Error} It was called before by the same middleware, for the same message.
 */
export type Next = <Added extends object = object>(add?: Added) => Promise<Passed<Added>>;

/**
 * A function around every handler of a bot or a group. It runs what is inside by `next()`, may do
 * something before and after, and stops the message by not calling it. It waits for `next()`: what is
 * inside is part of it. What it passes to `next` is added to the handlers' context, with its type
 * when it returns what `next` returns.
 *
 * @example Time every command, and tell the handlers when it began
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
 * Middleware of one command: it sees the command's arguments and the bot's state, and may stop the
 * command. What it passes to `next` is not in the type of the handler's context.
 */
export type Guard<C> = (ctx: C, next: Next) => Promise<Passed | void>;

/**
 * The state that one middleware or plug-in adds, by its type.
 * @internal
 */
type AddedBy<M> = M extends { readonly group: object; readonly "~added"?: infer Added } ? Added
  : M extends (...args: never[]) => infer Returned
    ? Awaited<Returned> extends infer Result
      ? Result extends { readonly "~added"?: infer Added } ? Added : never
    : never
  : never;

/**
 * The state that a list of middleware and plug-ins adds up to; `unknown`, which adds nothing, for an
 * open list.
 */
export type StateOf<M> = M extends readonly [infer First, ...infer Others]
  ? ([AddedBy<First>] extends [never] ? unknown : AddedBy<First>) & StateOf<Others>
  : unknown;

/** Middleware with its types forgotten, as it is run. */
export type AnyMiddleware = (ctx: never, next: Next) => Promise<unknown>;

/** What middleware is around of: it gets the context as the middleware left it. */
export type Inside = (ctx: MessageContext) => Promise<unknown>;

/** Runs `last` inside a fixed list of middleware. */
export type Onion = (ctx: MessageContext, last: Inside) => Promise<unknown>;

/** Puts middleware together, the first outermost. */
export function onion(middleware: readonly AnyMiddleware[]): Onion {
  if (middleware.length === 0) return (ctx, last) => last(ctx);
  return (outermost, last) => {
    let deepest = -1;
    const run = (depth: number, around: MessageContext, add?: object): Promise<unknown> => {
      if (depth <= deepest) return Promise.reject(calledTwice(middleware, depth - 1));
      deepest = depth;
      try {
        const ctx = add === undefined ? around : withState(around, add);
        const current = middleware[depth];
        if (current === undefined) return last(ctx);
        const next = run.bind(undefined, depth + 1, ctx);
        // The list was checked against its contexts when the bot was defined; and no code looks into
        // what next() resolves to, of which only the type means anything.
        return Promise.resolve(current(ctx as never, next as Next));
      } catch (error) {
        return Promise.reject(error);
      }
    };
    return run(0, outermost);
  };
}

/**
 * The context for what is inside. State goes into the context that there is, so that `catch` finds
 * what had been added when something failed; a signal of its own makes it another context.
 */
function withState(ctx: MessageContext, add: object): MessageContext {
  if (innerSignal in add && add[innerSignal] instanceof AbortSignal) {
    return limited(ctx, add[innerSignal]);
  }
  for (const name of Object.keys(add)) {
    if (contextNames.has(name)) {
      throw new TypeError(`Middleware cannot replace ctx.${name}: add it under another name.`);
    }
  }
  return Object.assign(ctx, add);
}

/** The context of what ends earlier than the rest: when `signal` aborts, it replies no more. */
function limited(ctx: MessageContext, signal: AbortSignal): MessageContext {
  return {
    ...ctx,
    signal,
    ask: askWithin(signal, ctx.ask),
    reply: async (text) => {
      if (signal.aborted) {
        const error = "The handler was stopped before it replied this.";
        throw new ReplyError({ error, code: 499, delivery: "not_sent" });
      }
      await ctx.reply(text);
    },
  };
}

function calledTwice(middleware: readonly AnyMiddleware[], index: number): Error {
  const name = middleware[index]?.name ?? "";
  const which = name === "" ? `number ${index + 1}` : `"${name}"`;
  return new Error(`The middleware ${which} called next() twice: call it once at most.`);
}
