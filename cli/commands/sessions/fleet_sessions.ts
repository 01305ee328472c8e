/**
 * `roomz sessions --fleet`: lists the accounts of a fleet. It opens no session, and so needs no key.
 * @module
 */
import { type FleetAccount, FleetAccounts, newFleetKey } from "../../../bot/mod.ts";
import { expiryText } from "../../account/expiry_text.ts";
import type { CommandInput } from "../../command_line/command_spec.ts";
import type { Io } from "../../command_line/io.ts";
import { fleetStorage, noAccounts, requireFleet } from "../../fleet/fleet_access.ts";
import { print, printJson, say } from "../../terminal/output.ts";

/** Prints a line for each account, by email. */
export async function listFleetSessions(io: Io, input: CommandInput): Promise<void> {
  const fleet = requireFleet(input);
  using storage = await fleetStorage(io, input, { creates: false });
  const accounts = await new FleetAccounts({ storage, fleet, keys: [newFleetKey()] }).list();
  if (accounts.length === 0) await say(io, noAccounts(input, fleet));
  for (const account of accounts) {
    if (input.flag("json")) await printJson(io, forPrograms(account));
    else await print(io, forPeople(account));
  }
}

function forPrograms({ id, server, email, expires, setAside }: FleetAccount): unknown {
  return {
    id,
    server,
    email,
    expires_at: expires?.toISOString() ?? null,
    set_aside: setAside && { reason: setAside.reason, since: setAside.since.toISOString() },
  };
}

/** Tab-separated, as without a fleet. Whether a host holds the account, `roomz fleet status` knows. */
function forPeople({ server, email, expires, setAside }: FleetAccount): string {
  const line = `${server}\t${email}\t${expiryText(expires?.getTime())}`;
  if (setAside === null) return line;
  const reason = setAside.reason.replaceAll(/\s+/g, " ");
  return `${line}\tset aside ${setAside.since.toISOString().slice(0, 10)}: ${reason}`;
}
