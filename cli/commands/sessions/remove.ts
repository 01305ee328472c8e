/**
 * `roomz sessions remove`: removes an account from a fleet.
 * @module
 */
import type { CommandSpec } from "../../command_line/command_spec.ts";
import { CommandError } from "../../command_line/exit_code.ts";
import { FLEET_OPTION, STORAGE_OPTION } from "../../fleet/fleet_options.ts";
import { say } from "../../terminal/output.ts";

export const sessionsRemoveCommand: CommandSpec = {
  name: "remove",
  summary: "Remove an account and its session from a fleet, by its email or its id.",
  examples: [
    "roomz sessions remove ada@example.com --fleet helper --storage fleet.kv",
    "roomz sessions remove ada@example.com --fleet helper --storage https://kv.example",
  ],
  arguments: "<account>",
  options: [FLEET_OPTION, STORAGE_OPTION],
  usesServer: false,
  async run(io, input) {
    const [account = ""] = input.words;
    const { FleetAccounts, newFleetKey } = await import("../../../bot/mod.ts");
    const { fleetStorage, fleetWords, requireFleet } = await import(
      "../../fleet/fleet_access.ts"
    );
    const fleet = requireFleet(input);
    using storage = await fleetStorage(io, input, { creates: false });
    // No session is opened or encrypted, so any key will do.
    const accounts = new FleetAccounts({ storage, fleet, keys: [newFleetKey()] });
    const removed = await accounts.remove(account);
    if (removed === undefined) {
      throw new CommandError(
        `The fleet "${fleet}" does not have this account. List its accounts with: roomz sessions ` +
          fleetWords(input, fleet),
      );
    }
    await say(
      io,
      `Removed ${removed.email} on ${removed.server} from the fleet "${fleet}". The server still accepts ` +
        "its session until that expires.",
    );
  },
};
