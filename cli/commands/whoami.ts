/**
 * `roomz whoami`: prints the account that is logged in.
 * @module
 */
import type { Account } from "../../client/auth/auth_api.ts";
import { serverOf } from "../account/server_of.ts";
import { storedAccount } from "../account/stored_account.ts";
import type { CommandSpec } from "../command_line/command_spec.ts";
import { interruptible } from "../command_line/interruption.ts";
import type { Io } from "../command_line/io.ts";
import { readConfiguration } from "../config/configuration.ts";
import { environmentToken } from "../config/environment_token.ts";
import type { Configuration } from "../config/settings.ts";
import { print, printJson } from "../terminal/output.ts";

export const whoamiCommand: CommandSpec = {
  name: "whoami",
  summary: "Print the account you are logged in as.",
  examples: ["roomz whoami", "roomz whoami --json -s https://roomz.example"],
  options: [{ flags: "--json", summary: "Print a JSON object: email, created_at, server." }],
  async run(io, input) {
    const configuration = await readConfiguration(io, input);
    const server = serverOf(configuration.server_url);
    const { email, created_at } = environmentToken(io) === ""
      ? await interruptible(io.signal, storedAccount(io, server))
      : await connectedAccount(io, configuration);
    if (input.flag("json")) await printJson(io, { email, created_at, server });
    else await print(io, email);
  },
};

/** A magic-link token becomes a session when a client connects. */
async function connectedAccount(io: Io, configuration: Configuration): Promise<Account> {
  const { createConfiguredClient } = await import("../account/create_client.ts");
  await using client = createConfiguredClient(io, configuration);
  await client.connect("", { signal: io.signal });
  return await interruptible(io.signal, client.whoami());
}
