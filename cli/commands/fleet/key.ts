/**
 * `roomz fleet key`: makes a key for the sessions of a fleet.
 * @module
 */
import type { CommandSpec } from "../../command_line/command_spec.ts";
import { print } from "../../terminal/output.ts";

export const fleetKeyCommand: CommandSpec = {
  name: "key",
  summary: "Print a new key for a fleet's sessions (a secret, for ROOMZ_FLEET_KEY).",
  examples: [
    'export ROOMZ_FLEET_KEY="$(roomz fleet key)"',
    "(umask 077 && roomz fleet key > fleet.key)",
  ],
  usesServer: false,
  async run(io) {
    const { newFleetKey } = await import("../../../bot/mod.ts");
    await print(io, newFleetKey());
  },
};
