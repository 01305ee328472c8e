/**
 * A command as the bot runs it: its signature read, its definition tied to its scope.
 * @module
 */
import { ArgumentReader } from "./arguments.ts";
import type { AnyArgs } from "./args_of.ts";
import type { MessageContext } from "./context.ts";
import type { AnyCommandEntry, AnyHandler, Command } from "./definition.ts";
import { onion } from "./middleware.ts";
import { deliver } from "./reply.ts";
import type { Scope } from "./scope.ts";
import type { Signature } from "./signature.ts";

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
  /** Runs its own middleware and its handler, and sends the reply. */
  run(ctx: MessageContext, args: AnyArgs): Promise<unknown>;
}

/** Ties a command's definition to its scope. */
export function bindCommand(
  signature: Signature,
  entry: AnyCommandEntry,
  scope: Scope,
): BoundCommand {
  const command: Command<never> = typeof entry === "object" ? entry : { run: entry };
  const guards = onion(command.use ?? []);
  return {
    signature,
    name: signature.words.join(" "),
    description: command.description,
    aliases: command.aliases ?? [],
    concurrent: command.concurrent ?? false,
    scope,
    reader: new ArgumentReader(signature),
    run(ctx, args) {
      const withArgs = Object.assign(ctx, { args });
      return guards(withArgs, () => callHandler(command.run, withArgs));
    },
  };
}

/** Calls a handler and sends its reply. */
export async function callHandler(
  handler: AnyHandler,
  ctx: Parameters<typeof deliver>[0],
): Promise<void> {
  // The context is what the definition's type says: args_of.ts follows the parser, and the state is
  // there because the middleware that adds it has run.
  await deliver(ctx, typeof handler === "string" ? handler : handler(ctx as never));
}
