/**
 * `roomz logout`: ends the session.
 * @module
 */
import type { CommandSpec } from "./command_spec.ts";
import { createLoginClient } from "./connect.ts";
import { environmentToken } from "./environment_token.ts";
import { interruptible } from "./interruption.ts";
import { say } from "./say.ts";

/** The command. */
export const logoutCommand: CommandSpec = {
  name: "logout",
  summary: "Log out, and forget the session on this machine.",
  examples: ["roomz logout", "roomz logout -s https://roomz.example"],
  async run(io, input) {
    const client = await createLoginClient(io, input);
    await interruptible(io.signal, client.logout());
    await say(io, `Logged out of ${client.serverUrl}.`);
    if (environmentToken(io) !== "") await say(io, "ROOMZ_TOKEN is still set: unset it as well.");
  },
};
