/**
 * `roomz logout`: ends the session.
 * @module
 */
import { KvSessionCache } from "../../client/mod.ts";
import { createLoginClient } from "../account/create_client.ts";
import { sessionFile } from "../account/session_file.ts";
import type { CommandSpec } from "../command_line/command_spec.ts";
import { interruptible } from "../command_line/interruption.ts";
import { tokenVariable } from "../command_line/token_variable.ts";
import { say } from "../terminal/output.ts";

export const logoutCommand: CommandSpec = {
  name: "logout",
  summary: "Log out and delete the session stored on this machine.",
  examples: ["roomz logout", "roomz logout -s https://roomz.example"],
  async run(io, input) {
    const client = await createLoginClient(io, input);
    const { serverUrl } = client;
    const session = await new KvSessionCache(sessionFile(io)).get(serverUrl);
    await interruptible(io.signal, client.logout());
    await say(
      io,
      session === undefined
        ? `You were not logged in to ${serverUrl}.`
        : `Logged out of ${serverUrl}.`,
    );
    const variable = tokenVariable(io);
    if (variable !== undefined) await say(io, `${variable} is still set. Unset it as well.`);
  },
};
