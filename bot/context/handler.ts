/**
 * Handlers: what a bot does in response to a message or event.
 * @module
 */
import type { Reply } from "./reply.ts";

/** A fixed reply, or a function of the context that may return one. */
export type Handler<C> = string | ((ctx: C) => Reply);

/** A handler with the type of its context erased. */
export type AnyHandler = Handler<never>;

/** Work that has begun; undefined if it has ended already, because it had to wait for nothing. */
export type Work = Promise<unknown> | undefined;
