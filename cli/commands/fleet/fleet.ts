/**
 * `roomz fleet`: looks at a fleet, that is, at the hosts that run a bot for many accounts.
 * @module
 */
import type { CommandGroup } from "../../command_line/command_spec.ts";
import { fleetKeyCommand } from "./key.ts";

export const fleetCommands: CommandGroup = {
  name: "fleet",
  summary: "Make the key of a fleet, a bot that runs for many accounts.",
  examples: [
    'export ROOMZ_FLEET_KEY="$(roomz fleet key)"',
    "roomz bot run bot.ts --fleet --storage fleet.kv",
  ],
  commands: [fleetKeyCommand],
};
