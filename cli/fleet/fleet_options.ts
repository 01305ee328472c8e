/**
 * The options of the commands that reach a fleet.
 * @module
 */
import type { OptionSpec } from "../command_line/command_spec.ts";

/** Which database the fleet has. */
export const STORAGE_OPTION: OptionSpec = {
  flags: "--storage <path>",
  summary: "The fleet's database: a file, or the URL of a KV server (or ROOMZ_FLEET_STORAGE).",
};

/** Which fleet is meant. */
export const FLEET_OPTION: OptionSpec = {
  flags: "--fleet <name>",
  summary: "The fleet: the name of its bot, unless it has a name of its own.",
};
