/**
 * The `help` command, which every bot has unless it defines its own.
 * @module
 */
import { ArgumentReader } from "../signature/argument_reader.ts";
import { parseSignature } from "../signature/signature_parser.ts";
import type { BoundCommand } from "./bound_command.ts";
import { helpOn, noHelpOn, overview } from "./help.ts";
import type { Registry } from "./registry.ts";

/** `help` and `help <command>` for the commands in `registry`; `call` is put before each command. */
export function helpCommand(bot: string, registry: Registry, call: string): BoundCommand {
  const { commands, scope } = registry;
  const signature = parseSignature("help [command...]", "help");
  return {
    signature,
    name: "help",
    description: "List commands, or explain one",
    aliases: [],
    concurrent: false,
    scope,
    reader: new ArgumentReader(signature),
    unavailable: ({ command }) =>
      typeof command !== "string" || helpOn(command, commands, call) !== undefined
        ? undefined
        : noHelpOn(command, commands, call),
    async run(ctx, { command }, { otherBots }) {
      // `unavailable` has already handled an unknown command.
      const text = typeof command === "string"
        ? helpOn(command, commands, call) ?? ""
        : overview(commands, call);
      // A reply must not begin with a command: another bot with the same prefix would run it.
      await ctx.reply(otherBots.isAlone ? text : `${bot}:\n${text}`);
    },
  };
}
