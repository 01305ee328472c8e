/**
 * `roomz whoami`: prints the account that is logged in.
 * @module
 */
import { createConfiguredClient } from "../account/create_client.ts";
import type { CommandSpec } from "../command_line/command_spec.ts";
import { interruptible } from "../command_line/interruption.ts";
import { readConfiguration } from "../config/configuration.ts";
import { environmentToken } from "../config/environment_token.ts";
import { print, printJson } from "../terminal/output.ts";

export const whoamiCommand: CommandSpec = {
  name: "whoami",
  summary: "Print the account you are logged in as.",
  examples: ["roomz whoami", "roomz whoami --json -s https://roomz.example"],
  options: [{ flags: "--json", summary: "Print a JSON object: email, created_at, server." }],
  async run(io, input) {
    await using client = createConfiguredClient(io, await readConfiguration(io, input));
    // whoami() needs a session, and a magic-link token becomes one when the client connects.
    if (environmentToken(io) !== "") await client.connect("", { signal: io.signal });
    const { email, created_at } = await interruptible(io.signal, client.whoami());
    if (input.flag("json")) await printJson(io, { email, created_at, server: client.serverUrl });
    else await print(io, email);
  },
};
