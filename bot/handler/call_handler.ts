/**
 * Calls a handler: loads its session, runs it, saves the session and sends the reply.
 * @module
 */
import type { RoomContext } from "../context/context.ts";
import type { AnyHandler, Work } from "../context/handler.ts";
import { deliver, type Reply } from "../context/reply.ts";
import type { BoundSession, LoadedSession } from "../session/loaded_session.ts";
import type { Records } from "../storage/records.ts";
import { isPromise } from "../storage/storage.ts";
import type { Scope } from "./scope.ts";

/** Calls a handler with the session of its scope, and sends the reply. */
export function callInScope(
  scope: Scope,
  handler: AnyHandler,
  ctx: RoomContext,
  records: Records,
): Work {
  const session = typeof handler === "string" ? undefined : scope.session;
  return withSession(session, ctx, records, (_ctx, loaded) => callHandler(handler, ctx, loaded));
}

/** What runs with a session in its context; it gets both, so that one function serves all messages. */
export type SessionTask<C> = (ctx: C, loaded: LoadedSession | undefined) => Work;

/** Runs `task` with the session in the context; at once, unless the session has to be waited for. */
export function withSession<C extends RoomContext>(
  session: BoundSession | undefined,
  ctx: C,
  records: Records,
  task: SessionTask<C>,
): Work {
  if (session === undefined) return task(ctx, undefined);
  const loaded = session.load(records, ctx.user);
  return isPromise(loaded)
    ? loaded.then((later) => begin(later, ctx, task))
    : begin(loaded, ctx, task);
}

function begin<C extends RoomContext>(loaded: LoadedSession, ctx: C, task: SessionTask<C>): Work {
  loaded.addTo(ctx);
  return task(ctx, loaded);
}

/**
 * Calls a handler, saves its session and sends its reply. The session is saved first, so that no
 * reply confirms a change that was not saved. A stream keeps working while it is sent, so it is saved
 * at its end.
 */
export function callHandler(
  handler: AnyHandler,
  ctx: RoomContext,
  session: LoadedSession | undefined,
): Work {
  // The cast is safe: args_of.ts mirrors the parser, and the middleware that adds state has run.
  const returned = typeof handler === "string" ? handler : handler(ctx as never);
  if (returned === undefined) return session === undefined ? undefined : save(session, ctx);
  return finish(returned, ctx, session);
}

async function finish(
  returned: Reply,
  ctx: RoomContext,
  session: LoadedSession | undefined,
): Promise<void> {
  const reply = typeof returned === "string" ? returned : await returned;
  const streams = typeof reply === "object";
  if (session !== undefined && !streams) await save(session, ctx);
  if (reply !== undefined) await deliver(ctx, reply);
  if (session !== undefined && streams) await save(session, ctx);
}

/** Saves the session, unless the handler was cut off: then it was reported as failed. */
function save(session: LoadedSession, ctx: RoomContext): Promise<void> | undefined {
  ctx.signal.throwIfAborted();
  return session.save() ?? undefined;
}
