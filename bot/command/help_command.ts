/**
 * The command `help` that every bot has unless it defines its own.
 * @module
 */
import { ArgumentReader } from "../signature/argument_reader.ts";
import { parseSignature } from "../signature/signature_parser.ts";
import type { BoundCommand } from "./bound_command.ts";
import { helpOn, noHelpOn, overview } from "./help.ts";
import type { Registry } from "./registry.ts";

/** `help` and `help <command>`, of all the commands in the registry; `call` stands before a command. */
export function helpCommand(bot: string, registry: Registry, call: string): BoundCommand {
  const { commands, scope } = registry;
  const signature = parseSignature("help [command...]", "help");
  return {
    signature,
    name: "help",
    description: "What I understand",
    aliases: [],
    concurrent: false,
    scope,
    reader: new ArgumentReader(signature),
    unavailable: ({ command }) =>
      typeof command !== "string" || helpOn(command, commands, call) !== undefined
        ? undefined
        : noHelpOn(command, commands, call),
    async run(ctx, { command }, { otherBots }) {
      // Where there is no such command, `unavailable` has told.
      const text = typeof command === "string"
        ? helpOn(command, commands, call) ?? ""
        : overview(commands, call);
      // A text that begins with a command would call it, where another bot has the same prefix.
      await ctx.reply(otherBots.isAlone ? text : `${bot}:\n${text}`);
    },
  };
}
