/**
 * `roomz bot`: making, checking and running bots.
 * @module
 */
import { botCheckCommand } from "./bot_check.ts";
import { botCompileCommand } from "./bot_compile.ts";
import { botDocsCommand } from "./bot_docs.ts";
import { botNewCommand } from "./bot_new.ts";
import { botRunCommand } from "./bot_run.ts";
import type { CommandGroup } from "./command_spec.ts";

/** The commands. */
export const botCommands: CommandGroup = {
  name: "bot",
  summary: "Make, check and run bots.",
  examples: ["roomz bot new helper", "roomz bot run helper/bot.ts"],
  commands: [botNewCommand, botCheckCommand, botRunCommand, botDocsCommand, botCompileCommand],
};
