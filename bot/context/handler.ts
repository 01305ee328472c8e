/**
 * What a bot's author writes to react to something: a fixed reply, or a function of the context.
 * @module
 */
import type { Reply } from "./reply.ts";

/** A fixed reply, or a function of the context that may return one. */
export type Handler<C> = string | ((ctx: C) => Reply);

/** A handler whose context's type is forgotten. */
export type AnyHandler = Handler<never>;
