/**
 * A command that is ready to run: its signature parsed, its definition bound to its scope.
 * @module
 */
import type { MessageContext } from "../context/context.ts";
import type { Work } from "../context/handler.ts";
import { readFrom } from "../context/device_key.ts";
import type { AnyCommandEntry, Command, Confirmation } from "../definition/definition.ts";
import { callHandler, type SessionTask, withSession } from "../handler/call_handler.ts";
import type { Scope } from "../handler/scope.ts";
import { onion } from "../middleware/middleware.ts";
import type { AnyArgs } from "../signature/args_of.ts";
import { ArgumentReader } from "../signature/argument_reader.ts";
import type { Signature } from "../signature/signature.ts";
import type { Records } from "../storage/records.ts";
import type { OtherBots } from "./other_bots.ts";
import type { UnknownCommand } from "./unknown_command.ts";

/** The parts of a running bot that commands need. */
export interface CommandRuntime {
  readonly records: Records;
  readonly otherBots: OtherBots;
}

/** A command that is ready to run. */
export interface BoundCommand {
  readonly signature: Signature;
  /** Its words, separated by single spaces: `"todo add"`. */
  readonly name: string;
  /** One line for the help. */
  readonly description: string | undefined;
  /** Alternative words for the command. */
  readonly aliases: readonly string[];
  /** Whether it starts at once, without waiting for its turn. */
  readonly concurrent: boolean;
  readonly scope: Scope;
  readonly reader: ArgumentReader;
  /**
   * Checks that what the arguments refer to exists; if not, the command does not run, and the result
   * is the reply. Only `help` has it.
   */
  readonly unavailable?: (args: AnyArgs) => UnknownCommand | undefined;
  /** Runs the command's own middleware and its handler, and sends the reply. */
  run(ctx: MessageContext, args: AnyArgs, runtime: CommandRuntime): Work;
}

/**
 * Binds a command's definition to its scope; `path` is its path in the bot's definition.
 * @throws {BotDefinitionError} The definition is invalid.
 */
export function bindCommand(
  signature: Signature,
  entry: AnyCommandEntry,
  scope: Scope,
  path: string,
): BoundCommand {
  const command: Command<never> = typeof entry === "object" ? entry : { run: entry };
  const confirmation = confirmationOf(command);
  readFrom(confirmation?.from, `${path}.confirm.from`);
  const guards = command.use === undefined ? undefined : onion(command.use);
  const isFixed = typeof command.run === "string" && command.use === undefined &&
    confirmation === undefined;
  const session = isFixed ? undefined : scope.session;
  const { run } = command;
  const call: SessionTask<MessageContext> = (ctx, loaded) => callHandler(run, ctx, loaded);
  const guarded: SessionTask<MessageContext> = guards === undefined
    ? call
    : (ctx, loaded) => guards(ctx, (inner) => call(inner, loaded));
  return {
    signature,
    name: signature.words.join(" "),
    description: command.description,
    aliases: command.aliases ?? [],
    concurrent: command.concurrent ?? false,
    scope,
    reader: new ArgumentReader(signature),
    run(ctx, args, { records }) {
      // Object.assign takes longer than all that has been done for the message so far.
      const withArgs: MessageContext & { args?: AnyArgs } = ctx;
      withArgs.args = args;
      if (confirmation === undefined) return withSession(session, withArgs, records, guarded);
      const confirmed = (inner: MessageContext) =>
        // The session may have changed while the bot waited for the answer.
        confirmFirst(confirmation, inner, () => withSession(session, inner, records, call));
      return withSession(
        session,
        withArgs,
        records,
        () => guards === undefined ? confirmed(withArgs) : guards(withArgs, confirmed),
      );
    },
  };
}

function confirmationOf({ confirm }: Command<never>): Confirmation<never> | undefined {
  if (confirm === undefined || typeof confirm === "object") return confirm;
  return { question: confirm };
}

async function confirmFirst(
  { question, from }: Confirmation<never>,
  ctx: MessageContext,
  task: () => Work,
): Promise<void> {
  // As in callHandler, the definition's type guarantees the context.
  const text = typeof question === "string" ? question : question(ctx as never);
  const options = { type: "bool", timeout: "1m", ...(from === undefined ? {} : { from }) } as const;
  if (await ctx.ask(text, options)) await task();
  else await ctx.reply("OK, nothing was done.");
}
