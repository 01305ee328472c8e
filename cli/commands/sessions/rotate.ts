/**
 * `roomz sessions rotate`: encrypts the sessions of a fleet with a new key.
 * @module
 */
import type { CommandSpec } from "../../command_line/command_spec.ts";
import { FLEET_OPTION, STORAGE_OPTION } from "../../fleet/fleet_options.ts";
import { say } from "../../terminal/output.ts";

export const sessionsRotateCommand: CommandSpec = {
  name: "rotate",
  summary: "Encrypt a fleet's sessions with the first key in ROOMZ_FLEET_KEY.",
  examples: [
    "roomz sessions rotate --fleet helper --storage fleet.kv",
    'ROOMZ_FLEET_KEY="$NEW $OLD" roomz sessions rotate --fleet helper --storage fleet.kv',
  ],
  options: [FLEET_OPTION, STORAGE_OPTION],
  usesServer: false,
  async run(io, input) {
    const { FleetAccounts } = await import("../../../bot/mod.ts");
    const { fleetKeys, fleetStorage, inWordsOfTheCommand, requireFleet } = await import(
      "../../fleet/fleet_access.ts"
    );
    const fleet = requireFleet(input);
    const keys = fleetKeys(io);
    using storage = await fleetStorage(io, input, { creates: false });
    const count = await new FleetAccounts({ storage, fleet, keys }).rotate().catch((error) => {
      throw inWordsOfTheCommand(error);
    });
    const sessions = count === 1 ? "1 session" : `${count} sessions`;
    await say(io, `${sessions} encrypted with the first key. The others are needed no more.`);
  },
};
