/**
 * Middleware: functions wrapped around a handler, each around the next, like the layers of an onion.
 * @module
 */
import { askWithin } from "../context/ask.ts";
import type { BotClient } from "../context/bot_client.ts";
import { contextNames, innerSignal, type MessageContext } from "../context/context.ts";
import type { Work } from "../context/handler.ts";
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
 * do something before and after, and stops the message by not calling it. It must await `next()`: if it
 * returns before that has settled, the bot waits anyway, and the log names the middleware once.
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
export type Inside = (ctx: MessageContext) => Work;

/** Runs `core` inside a fixed list of middleware. */
export type Onion = (ctx: MessageContext, core: Inside) => Work;

/** Composes middleware; the first is outermost. */
export function onion(middleware: readonly AnyMiddleware[]): Onion {
  if (middleware.length === 0) return (ctx, core) => core(ctx);
  const layers = new Layers(middleware);
  return (ctx, core) => new Passage(layers, ctx, core).run();
}

/** How many messages are watched at every layer; after that, only at the outermost and the core. */
const WATCHED_CLOSELY = 100;

/** A list of middleware, and what is known of how it behaves. */
class Layers {
  readonly middleware: readonly AnyMiddleware[];
  /** Whether all of them have so far returned the very promise that `next()` gave them. */
  passOn = true;
  #messages = 0;
  /** Whether one of them has returned early. */
  #returnsEarly = false;

  constructor(middleware: readonly AnyMiddleware[]) {
    this.middleware = middleware;
  }

  /**
   * Whether to watch every layer of the next message. A missing `await` is missing every time, so it is
   * enough to look closely at first.
   */
  watchClosely(): boolean {
    if (this.#returnsEarly) return true;
    if (this.#messages === WATCHED_CLOSELY) return false;
    this.#messages++;
    return true;
  }

  /** Logs that a middleware does not wait for `next()`, once per run. */
  reportEarlyReturn(ctx: MessageContext, index: number): void {
    this.#returnsEarly = true;
    const middleware = this.middleware[index];
    let reported = reportedEarly.get(ctx.client);
    if (reported === undefined) reportedEarly.set(ctx.client, reported = new Set());
    if (middleware === undefined || reported.has(middleware)) return;
    reported.add(middleware);
    ctx.log.warn(
      `Middleware ${this.nameOf(index)} returned before next() had settled. ` +
        'Write "await next()", or return what next() returns.',
    );
  }

  /** The middleware's name, or its number. */
  nameOf(index: number): string {
    const name = this.middleware[index]?.name ?? "";
    return name === "" ? `number ${index + 1}` : `"${name}"`;
  }
}

/**
 * Calls middleware. The casts are safe: defineBot checked each middleware against its context, and no code
 * reads the value that next() resolves to, only its type matters.
 */
function call(
  middleware: AnyMiddleware,
  ctx: MessageContext,
  next: (add?: object) => Promise<unknown>,
): Promise<unknown> {
  return middleware(ctx as never, next as Next);
}

/** Which middleware has been reported in a run. A run has one client. */
const reportedEarly = new WeakMap<BotClient, Set<AnyMiddleware>>();

/** What to do if nothing handles a rejection: by the promise of `next()`, and by the error. */
const unhandled = new WeakMap<object, () => void>();

/**
 * Takes care of a rejection that nothing handled, if it is one of `next()`: the failure goes to `catch`,
 * or to the log if the message has ended. Returns false for any other rejection.
 */
export function takeForgottenFailure(promise: Promise<unknown>, reason: unknown): boolean {
  // By the error as well, because middleware may have called then() on the promise.
  const take = unhandled.get(promise) ?? (isObject(reason) ? unhandled.get(reason) : undefined);
  take?.();
  return take !== undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** A layer's inside has failed. The layer may catch that, unless it does not wait for it. */
interface Failure {
  readonly promise: Promise<unknown>;
  readonly error: unknown;
  /** Whether it is certain that the layer has not caught it. */
  uncaught: boolean;
  /** Whether nothing has handled it at all: no layer has caught it. */
  unhandled: boolean;
}

/** What a layer must wait for: the promise of its `next()`, and the depth that settles with it. */
interface Inner {
  readonly promise: Promise<unknown>;
  readonly depth: number;
}

/** How a layer ended. */
type Outcome = { readonly value: unknown } | { readonly error: unknown };

/**
 * One message's way through the layers. A layer that returns before its `next()` has settled ends when
 * that has settled: otherwise the message would end while its handler runs.
 */
class Passage {
  readonly #layers: Layers;
  readonly #ctx: MessageContext;
  readonly #core: Inside;
  readonly #closely: boolean;
  /** Whether the core's promise is handed on as it is, to be what the outermost layer returns. */
  #passesOn: boolean;
  /** The core's promise, if it was handed on as it is. */
  #passedOn: Promise<unknown> | undefined;
  /** The innermost depth that was entered. */
  #deepest = -1;
  /** The outermost depth that has settled; layers settle from the inside out. */
  #settled = Infinity;
  /** The depth whose promise `enter` returned last: a layer may return that of its inside. */
  #returned = Infinity;
  /**
   * By depth, what the layers must wait for, unless every layer is watched. Where that is the core's promise,
   * handed on, there is nothing: see `#insideOf`.
   */
  readonly #insides: Promise<unknown>[] = [];
  /** The outermost layer that may return early, by depth, unless every layer is watched. */
  #mayReturnEarly = Infinity;
  #failure: Failure | undefined;
  /** The failure that went on to what is around the middleware. */
  #thrown: unknown;

  constructor(layers: Layers, ctx: MessageContext, core: Inside) {
    this.#layers = layers;
    this.#ctx = ctx;
    this.#core = core;
    this.#closely = layers.watchClosely();
    this.#passesOn = !this.#closely && layers.passOn;
  }

  /** Runs all layers and the core. */
  run(): Promise<unknown> {
    if (this.#closely) return this.#enterClosely(0, this.#ctx);
    const outermost = this.#enter(0, this.#ctx);
    if (outermost === this.#passedOn) return outermost;
    this.#passesOn = false;
    const watched = () => this.#watch(outermost, 0, () => this.#insideOfOutermost());
    return this.#passedOn === undefined ? watched() : this.#watchLate(this.#passedOn, watched);
  }

  /** Runs the layer at `depth`, or the core, without watching the layers. */
  #enter(depth: number, around: MessageContext, add?: object): Promise<unknown> {
    this.#deepest = depth;
    try {
      const ctx = add === undefined ? around : withState(around, add);
      const current = this.#layers.middleware[depth];
      if (current === undefined) return this.#enterCore(depth, ctx);
      const next = (add?: object): Promise<unknown> => {
        if (this.#deepest > depth) return this.#refuse(depth);
        if (this.#settled <= depth) return this.#enterTooLate(depth, ctx, add);
        if (add !== undefined && innerSignal in add && depth < this.#mayReturnEarly) {
          this.#mayReturnEarly = depth;
        }
        const inside = this.#enter(depth + 1, ctx, add);
        if (inside !== this.#passedOn) this.#insides[depth] = inside;
        return inside;
      };
      const running = call(current, ctx, next);
      return running instanceof Promise ? running : Promise.resolve(running);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #enterCore(depth: number, ctx: MessageContext): Promise<unknown> {
    let running: Promise<unknown>;
    try {
      running = this.#core(ctx) ?? Promise.resolve();
    } catch (error) {
      running = Promise.reject(error);
    }
    if (!this.#passesOn) return this.#watch(running, depth);
    return this.#passedOn = running;
  }

  /** Runs the layer at `depth`, or the core, and watches it. */
  #enterClosely(depth: number, around: MessageContext, add?: object): Promise<unknown> {
    this.#deepest = depth;
    const current = this.#layers.middleware[depth];
    let inside: Promise<unknown> | undefined;
    let insideDepth = Infinity;
    let running: Promise<unknown>;
    try {
      const ctx = add === undefined ? around : withState(around, add);
      if (current === undefined) {
        running = this.#core(ctx) ?? Promise.resolve();
      } else {
        const next = (add?: object): Promise<unknown> => {
          if (this.#deepest > depth) return this.#refuse(depth);
          if (this.#settled <= depth) return this.#enterTooLate(depth, ctx, add);
          inside = this.#enterClosely(depth + 1, ctx, add);
          // A layer that passes a signal may return early.
          if (add === undefined || !(innerSignal in add)) insideDepth = this.#returned;
          return inside;
        };
        running = Promise.resolve(call(current, ctx, next));
        if (running === inside) return running;
        if (inside !== undefined) this.#layers.passOn = false;
      }
    } catch (error) {
      running = Promise.reject(error);
    }
    return this.#watch(running, depth, () => {
      if (inside === undefined || insideDepth === Infinity) return undefined;
      return { promise: inside, depth: insideDepth };
    });
  }

  /**
   * Waits until a layer, or the core, and what it must wait for have settled. `innerOf` is called when the
   * layer settles.
   */
  #watch(
    running: Promise<unknown>,
    depth: number,
    innerOf: () => Inner | undefined = () => undefined,
  ): Promise<unknown> {
    const promise: Promise<unknown> = running.then((value) => {
      const inner = innerOf();
      if (inner !== undefined && (this.#settled > inner.depth || this.#failure !== undefined)) {
        return this.#endAfter(inner, promise, depth, { value });
      }
      if (depth < this.#settled) this.#settled = depth;
      return value;
    }, (error) => {
      const inner = innerOf();
      if (inner !== undefined && this.#settled > inner.depth) {
        return this.#endAfter(inner, promise, depth, { error });
      }
      return this.#fail(promise, depth, error, 2);
    });
    this.#returned = depth;
    return promise;
  }

  /** What the layer at `depth` must wait for; undefined if it has not called `next()`. */
  #insideOf(depth: number): Promise<unknown> | undefined {
    return this.#insides[depth] ?? (this.#deepest > depth ? this.#passedOn : undefined);
  }

  /** What the outermost layer must wait for, if only it and the core are watched. */
  #insideOfOutermost(): Inner | undefined {
    const promise = this.#insideOf(0);
    const depth = this.#layers.middleware.length;
    return promise === undefined || this.#mayReturnEarly === 0 ? undefined : { promise, depth };
  }

  /**
   * Watches the core although its promise was handed on: a layer that had always returned what `next()`
   * gave it now has not. A failure that it may or may not have caught is logged, this one time.
   */
  #watchLate(core: Promise<unknown>, watchOutermost: () => Promise<unknown>): Promise<unknown> {
    this.#layers.passOn = false;
    const settle = () => {
      this.#settled = Math.min(this.#settled, this.#layers.middleware.length);
    };
    // Before the outermost layer is watched: it may have settled at the same time.
    core.then(settle, async (error: unknown) => {
      settle();
      let logged = false;
      const log = () => {
        if (logged) return;
        logged = true;
        this.#ctx.log.error("failed inside middleware that may have caught it", error);
      };
      this.#ifUnhandled(error, log);
      const thrown = await outermost.then(() => undefined, (error: unknown) => error);
      if (thrown !== error) log();
    });
    const outermost = watchOutermost();
    return outermost;
  }

  /** Ends the layer at `depth` once its inside has settled, with the failure that it did not wait for. */
  async #endAfter(
    { promise: inside, depth: innerDepth }: Inner,
    promise: Promise<unknown>,
    depth: number,
    outcome: Outcome,
  ): Promise<unknown> {
    const failure = this.#failure;
    let forgotten: { readonly error: unknown } | undefined;
    if (failure !== undefined && (failure.promise === inside || failure.unhandled)) {
      this.#failure = undefined;
      if (failure.uncaught) {
        forgotten = failure;
        inside.catch(() => {}); // It is thrown below.
        this.#layers.reportEarlyReturn(this.#ctx, depth);
      }
    } else if (this.#settled > innerDepth || this.#closely) {
      // If not every layer is watched, any of them may have returned early.
      const around = this.#closely ? depth : 0;
      const last = this.#closely ? 0 : Math.min(this.#deepest, this.#mayReturnEarly) - 1;
      for (let i = 0; i <= last; i++) {
        const one = this.#closely ? inside : this.#insideOf(i);
        if (one === undefined || !await isPending(one)) continue;
        this.#layers.reportEarlyReturn(this.#ctx, around + i);
        await one.catch((error: unknown) => forgotten = { error });
      }
      // Nothing handled it while this waited.
      if (this.#failure?.unhandled === true) forgotten ??= this.#failure;
    }
    if (forgotten !== undefined) {
      if (!("error" in outcome)) return this.#fail(promise, depth, forgotten.error, 3);
      this.#ctx.log.error("failed", forgotten.error);
    }
    if ("error" in outcome) return this.#fail(promise, depth, outcome.error, 3);
    if (depth < this.#settled) this.#settled = depth;
    return outcome.value;
  }

  /**
   * Throws the failure at `depth`, and notes it in case the layer around does not wait for it. A layer
   * that waits for `promise` can end in `microtasks` at the earliest.
   */
  #fail(promise: Promise<unknown>, depth: number, error: unknown, microtasks: number): never {
    if (depth < this.#settled) this.#settled = depth;
    if (depth === 0) {
      this.#thrown = error;
    } else {
      const failure: Failure = { promise, error, uncaught: true, unhandled: false };
      this.#failure = failure;
      after(microtasks, () => failure.uncaught = false);
      const take = () => this.#takeForgotten(failure, depth);
      unhandled.set(promise, take);
      this.#ifUnhandled(error, take);
    }
    throw error;
  }

  /** Calls `take` if nothing handles a rejection with `error`. */
  #ifUnhandled(error: unknown, take: () => void): void {
    // Where not every layer is watched, their promises are not noted one by one.
    for (let depth = 0; depth < this.#deepest; depth++) {
      const inside = this.#insideOf(depth);
      if (inside !== undefined) unhandled.set(inside, take);
    }
    if (isObject(error)) unhandled.set(error, take);
  }

  /** The layer around `depth` has not waited for its failure: it gets it when it ends. */
  #takeForgotten(failure: Failure, depth: number): void {
    if (this.#settled >= depth) {
      failure.uncaught = failure.unhandled = true;
      this.#failure = failure;
    } else if (failure.error !== this.#thrown) {
      this.#layers.reportEarlyReturn(this.#ctx, depth - 1);
      this.#ctx.log.error("failed", failure.error);
    }
  }

  /** The second `next()` of a layer. */
  #refuse(depth: number): Promise<never> {
    const error = new Error(
      `Middleware ${this.#layers.nameOf(depth)} called next() twice. Call it at most once.`,
    );
    const refused = Promise.reject(error);
    unhandled.set(refused, () => this.#ctx.log.error("failed", error));
    return refused;
  }

  /** A layer called `next()` after it had returned: its message may have ended. */
  #enterTooLate(depth: number, ctx: MessageContext, add?: object): Promise<unknown> {
    this.#layers.reportEarlyReturn(this.#ctx, depth);
    const inside = this.#closely
      ? this.#enterClosely(depth + 1, ctx, add)
      : this.#enter(depth + 1, ctx, add);
    inside.catch((error: unknown) => this.#ctx.log.error("failed", error));
    return inside;
  }
}

/** Calls `callback` after so many microtasks. */
function after(microtasks: number, callback: () => void): void {
  queueMicrotask(microtasks === 1 ? callback : () => after(microtasks - 1, callback));
}

/** Whether a promise has not settled by now. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol();
  const first = await Promise.race([promise, Promise.resolve(pending)]).catch(() => undefined);
  return first === pending;
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
