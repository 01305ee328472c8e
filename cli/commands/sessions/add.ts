/**
 * `roomz sessions add`: adds an account to a fleet, whether or not its hosts run.
 *
 * The link is a secret: it is read on a hidden prompt or from stdin, never from an argument.
 * @module
 */
import { createLoginClient } from "../../account/create_client.ts";
import { askForToken, requestLink, requireEmail } from "../../account/magic_link_login.ts";
import type { CommandSpec } from "../../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../../command_line/exit_code.ts";
import { interruptible } from "../../command_line/interruption.ts";
import { requireSameServer } from "../../config/magic_link.ts";
import { FLEET_OPTION, STORAGE_OPTION } from "../../fleet/fleet_options.ts";
import { say } from "../../terminal/output.ts";

const COMMAND = "roomz sessions add";

export const sessionsAddCommand: CommandSpec = {
  name: "add",
  summary:
    "Add an account to a fleet, or renew its session, with a magic link (requested for EMAIL, or one " +
    "that you already have).",
  examples: [
    "roomz sessions add ada@example.com --fleet helper --storage fleet.kv",
    "roomz sessions add --fleet helper --storage fleet.kv < link.txt",
  ],
  arguments: "[email]",
  options: [FLEET_OPTION, STORAGE_OPTION],
  async run(io, input) {
    const [email] = input.words;
    if (email !== undefined) requireEmail(email, COMMAND);
    const { AuthenticationError, FleetAccounts } = await import("../../../bot/mod.ts");
    const { fleetKeys, fleetStorage, requireFleet } = await import("../../fleet/fleet_access.ts");
    const fleet = requireFleet(input);
    const keys = fleetKeys(io);
    using storage = await fleetStorage(io, input, { creates: true });
    const accounts = new FleetAccounts({ storage, fleet, keys });
    // A link works once: it must not be used up if the storage does not answer.
    await interruptible(io.signal, accounts.list());

    await using client = await createLoginClient(io, input);
    const server = client.serverUrl;
    if (email !== undefined) await requestLink(io, client, email);
    const pasted = await askForToken(io);
    requireSameServer(pasted, server, COMMAND);
    try {
      const { token } = pasted;
      const wanted = email === undefined ? {} : { email };
      const adding = accounts.add({ server, token, ...wanted });
      const added = await interruptible(io.signal, adding);
      await say(io, `Added ${added.email} on ${added.server} to the fleet "${fleet}".`);
    } catch (error) {
      if (!(error instanceof AuthenticationError)) throw error;
      throw new CommandError(
        `${error.facts}\nAsk for a new magic link, and add the account with that.`,
        ExitCode.NOT_LOGGED_IN,
        { cause: error },
      );
    }
  },
};
