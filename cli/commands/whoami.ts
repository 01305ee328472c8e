/**
 * `roomz whoami`: prints the account that is logged in.
 * @module
 */
import { EXPIRES_SOON } from "../account/known_sessions.ts";
import { serverOf } from "../account/server_of.ts";
import { type AccountOfSession, storedAccount } from "../account/stored_account.ts";
import type { CommandSpec } from "../command_line/command_spec.ts";
import { interruptible } from "../command_line/interruption.ts";
import type { Io } from "../command_line/io.ts";
import { loginCommandLine } from "../command_line/login_hint.ts";
import { readConfiguration } from "../config/configuration.ts";
import { environmentToken } from "../config/environment_token.ts";
import type { Configuration } from "../config/settings.ts";
import { print, printJson, say } from "../terminal/output.ts";

export const whoamiCommand: CommandSpec = {
  name: "whoami",
  summary: "Print the account you are logged in as.",
  examples: ["roomz whoami", "roomz whoami --json -s https://roomz.example"],
  options: [{
    flags: "--json",
    summary: "Print a JSON object: email, created_at, expires_at, server.",
  }],
  async run(io, input) {
    const configuration = await readConfiguration(io, input);
    const server = serverOf(configuration.server_url);
    const { account, expiresAt } = environmentToken(io) === ""
      ? await interruptible(io.signal, storedAccount(io, server))
      : await connectedAccount(io, configuration);
    const { email, created_at } = account;
    const expires_at = expiresAt === undefined ? null : new Date(expiresAt).toISOString();
    if (input.flag("json")) await printJson(io, { email, created_at, expires_at, server });
    else await print(io, email);
    if (expiresAt === undefined || expiresAt - Date.now() > EXPIRES_SOON) return;
    await say(
      io,
      `The session expires on ${expires_at}. Renew it with: ${
        loginCommandLine(input.text("server"))
      }`,
    );
  },
};

/** A magic-link token becomes a session when a client connects. */
async function connectedAccount(io: Io, configuration: Configuration): Promise<AccountOfSession> {
  const { createConfiguredClient } = await import("../account/create_client.ts");
  await using client = createConfiguredClient(io, configuration);
  await client.connect("", { signal: io.signal });
  const account = await interruptible(io.signal, client.whoami());
  return { account, expiresAt: (await client.sessionExpiry())?.getTime() };
}
