/**
 * How a handler is called: with its session loaded before, and saved after it; and its reply sent.
 * @module
 */
import type { RoomContext } from "../context/context.ts";
import type { AnyHandler } from "../context/handler.ts";
import { deliver } from "../context/reply.ts";
import type { BoundSession, LoadedSession } from "../session/loaded_session.ts";
import type { Records } from "../storage/records.ts";
import type { Scope } from "./scope.ts";

/** Loads the session of a scope, calls a handler in it and sends its reply. */
export function callInScope(
  scope: Scope,
  handler: AnyHandler,
  ctx: RoomContext,
  records: Records,
): Promise<unknown> {
  const session = typeof handler === "string" ? undefined : scope.session;
  return withSession(session, ctx, records, (loaded) => callHandler(handler, ctx, loaded));
}

/** Runs `task` with the session in the context; at once where there is none to load. */
export function withSession(
  session: BoundSession | undefined,
  ctx: RoomContext,
  records: Records,
  task: (loaded: LoadedSession | undefined) => Promise<unknown>,
): Promise<unknown> {
  return session === undefined ? task(undefined) : inSession(session, ctx, records, task);
}

async function inSession(
  session: BoundSession,
  ctx: RoomContext,
  records: Records,
  task: (loaded: LoadedSession) => Promise<unknown>,
): Promise<unknown> {
  const loaded = await session.load(records, ctx.user);
  loaded.addTo(ctx);
  return await task(loaded);
}

/**
 * Calls a handler, saves its session and sends its reply: in this order, so that no one is told of
 * what was not saved. A stream is work that goes on: it is saved at its end.
 */
export async function callHandler(
  handler: AnyHandler,
  ctx: RoomContext,
  session: LoadedSession | undefined,
): Promise<void> {
  // The context is what the definition's type says: args_of.ts follows the parser, and the state is
  // there because the middleware that adds it has run.
  const returned = typeof handler === "string" ? handler : handler(ctx as never);
  const reply = returned === undefined || typeof returned === "string" ? returned : await returned;
  const streams = typeof reply === "object";
  if (session !== undefined && !streams) await save(session, ctx);
  if (reply !== undefined) await deliver(ctx, reply);
  if (session !== undefined && streams) await save(session, ctx);
}

/** Saves the session, unless the handler's time was up before it ended: that was told as a failure. */
function save(session: LoadedSession, ctx: RoomContext): Promise<void> {
  ctx.signal.throwIfAborted();
  return session.save();
}
