/**
 * A command as the bot runs it: its signature read, its definition tied to its scope.
 * @module
 */
import type { MessageContext } from "../context/context.ts";
import type { AnyCommandEntry, Command } from "../definition/definition.ts";
import { callHandler, withSession } from "../handler/call_handler.ts";
import type { Scope } from "../handler/scope.ts";
import { onion } from "../middleware/middleware.ts";
import type { AnyArgs } from "../signature/args_of.ts";
import { ArgumentReader } from "../signature/argument_reader.ts";
import type { Signature } from "../signature/signature.ts";
import type { Records } from "../storage/records.ts";
import type { OtherBots } from "./other_bots.ts";
import type { UnknownCommand } from "./unknown_command.ts";

/** What a command needs of the run of its bot. */
export interface CommandRuntime {
  /** What the bot keeps. */
  readonly records: Records;
  /** Who else is in the room. */
  readonly otherBots: OtherBots;
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
  readonly unavailable?: (args: AnyArgs) => UnknownCommand | undefined;
  /** Runs its own middleware and its handler, and sends the reply. */
  run(ctx: MessageContext, args: AnyArgs, runtime: CommandRuntime): Promise<unknown>;
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
