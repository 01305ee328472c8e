/**
 * `roomz fleet`: looks at a fleet, that is, at the hosts that run a bot for many accounts.
 * @module
 */
import type { CommandGroup } from "../../command_line/command_spec.ts";
import { fleetKeyCommand } from "./key.ts";
import { fleetStatusCommand } from "./status.ts";

export const fleetCommands: CommandGroup = {
  name: "fleet",
  summary: "Inspect a fleet (a bot that runs for many accounts), and make its key.",
  examples: [
    'export ROOMZ_FLEET_KEY="$(roomz fleet key)"',
    "roomz fleet status helper --storage fleet.kv",
  ],
  commands: [fleetStatusCommand, fleetKeyCommand],
};
