/**
 * `roomz bot check`: lists the commands of a bot, or reports where its definition is wrong.
 * @module
 */
import type { CommandSpec } from "../../command_line/command_spec.ts";
import { print, printJson } from "../../terminal/output.ts";

export const botCheckCommand: CommandSpec = {
  name: "check",
  summary: "Load a bot and list its commands, or report what is wrong with it.",
  examples: ["roomz bot check bot.ts", "roomz bot check --json bot.ts | jq -r '.commands[].name'"],
  arguments: "<file>",
  options: [{ flags: "--json", summary: "Print the bot's manifest as JSON." }],
  usesServer: false,
  async run(io, input) {
    const [file = ""] = input.words;
    const { loadBot } = await import("./bot_file.ts");
    const { manifest } = await loadBot(io, file);
    if (input.flag("json")) return await printJson(io, manifest);
    const [prefix = `@${manifest.name} `] = manifest.prefixes;
    for (const { signature, description, aliases } of manifest.commands) {
      const also = aliases.length === 0 ? "" : ` (also ${aliases.join(", ")})`;
      const what = description === undefined ? "" : `  ${description}`;
      await print(io, `${prefix}${signature}${also}${what}`);
    }
  },
};
