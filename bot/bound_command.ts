/**
 * A command as the bot runs it: its signature read, its definition tied to its scope.
 * @module
 */
import { ArgumentReader } from "./arguments.ts";
import type { AnyArgs } from "./args_of.ts";
import type { BoundSession, LoadedSession } from "./bound_session.ts";
import type { Company } from "./company.ts";
import type { MessageContext, RoomContext } from "./context.ts";
import type { AnyCommandEntry, AnyHandler, Command } from "./definition.ts";
import type { Lack } from "./lack.ts";
import { onion } from "./middleware.ts";
import type { Records } from "./record.ts";
import { deliver } from "./reply.ts";
import type { Scope } from "./scope.ts";
import type { Signature } from "./signature.ts";

/** What a command needs of the run of its bot. */
export interface Surroundings {
  /** What the bot keeps. */
  readonly records: Records;
  /** Who else is in the room. */
  readonly company: Company;
}

/** A command, ready to run. */
export interface BoundCommand {
  /** What it is called with. */
  readonly signature: Signature;
  /** Its words, with one space between: `"todo add"`. */
  readonly name: string;
  /** What it does, in one line, where the definition says it. */
  readonly description: string | undefined;
  /** Other words that call it. */
  readonly aliases: readonly string[];
  /** Whether it runs at once, out of order. */
  readonly concurrent: boolean;
  /** Where it runs. */
  readonly scope: Scope;
  /** Reads its arguments. */
  readonly reader: ArgumentReader;
  /** What it lacks that these arguments ask for: then it does not run. Default: nothing. */
  readonly lackOf?: (args: AnyArgs) => Lack | undefined;
  /** Runs its own middleware and its handler, and sends the reply. */
  run(ctx: MessageContext, args: AnyArgs, around: Surroundings): Promise<unknown>;
}

/** Ties a command's definition to its scope. */
export function bindCommand(
  signature: Signature,
  entry: AnyCommandEntry,
  scope: Scope,
): BoundCommand {
  const command: Command<never> = typeof entry === "object" ? entry : { run: entry };
  const guards = onion(command.use ?? []);
  const isFixed = typeof command.run === "string" && command.use === undefined &&
    command.confirm === undefined;
  return {
    signature,
    name: signature.words.join(" "),
    description: command.description,
    aliases: command.aliases ?? [],
    concurrent: command.concurrent ?? false,
    scope,
    reader: new ArgumentReader(signature),
    run(ctx, args, { records }) {
      const withArgs = Object.assign(ctx, { args });
      const session = isFixed ? undefined : scope.session;
      return withSession(
        session,
        withArgs,
        records,
        (loaded) =>
          guards(withArgs, (inner) => {
            const { run, confirm } = command;
            if (confirm === undefined) return callHandler(run, inner, loaded);
            return confirmFirst(confirm, inner, () => {
              // Others may have written the session while the answer was waited for.
              return withSession(session, inner, records, (now) => callHandler(run, inner, now));
            });
          }),
      );
    },
  };
}

async function confirmFirst(
  confirm: string | ((ctx: never) => string),
  ctx: MessageContext,
  task: () => Promise<unknown>,
): Promise<void> {
  // As in callHandler, the context is what the definition's type says.
  const question = typeof confirm === "string" ? confirm : confirm(ctx as never);
  if (await ctx.ask(`${question} (yes/no)`, { type: "bool", timeout: "1m" })) await task();
  else await ctx.reply("Not done.");
}

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
function withSession(
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
