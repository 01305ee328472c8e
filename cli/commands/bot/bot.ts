/**
 * `roomz bot`: creates, checks, runs and deploys bots.
 * @module
 */
import type { CommandGroup } from "../../command_line/command_spec.ts";
import { botCheckCommand } from "./check.ts";
import { botCompileCommand } from "./compile.ts";
import { botDeployCommand } from "./deploy.ts";
import { botDocsCommand } from "./docs.ts";
import { botNewCommand } from "./new.ts";
import { botRunCommand } from "./run.ts";

export const botCommands: CommandGroup = {
  name: "bot",
  summary: "Create, check, run and deploy bots.",
  examples: ["roomz bot new helper", "roomz bot run helper/bot.ts"],
  commands: [
    botNewCommand,
    botCheckCommand,
    botRunCommand,
    botDocsCommand,
    botCompileCommand,
    botDeployCommand,
  ],
};
