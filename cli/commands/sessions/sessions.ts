/**
 * `roomz sessions`: lists the stored sessions, or those of a fleet.
 * @module
 */
import { KvSessionCache } from "../../../client/mod.ts";
import { serverOf } from "../../account/server_of.ts";
import { type KnownSession, knownSessions } from "../../account/known_sessions.ts";
import { expiryText } from "../../account/expiry_text.ts";
import { sessionFile } from "../../account/session_file.ts";
import type { CommandGroup, CommandInput } from "../../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../../command_line/exit_code.ts";
import type { Io } from "../../command_line/io.ts";
import { loginCommandLine } from "../../command_line/login_hint.ts";
import { readConfiguration } from "../../config/configuration.ts";
import { FLEET_OPTION, STORAGE_OPTION } from "../../fleet/fleet_options.ts";
import { print, printJson, say } from "../../terminal/output.ts";
import { sessionsAddCommand } from "./add.ts";
import { sessionsRemoveCommand } from "./remove.ts";
import { sessionsRotateCommand } from "./rotate.ts";

export const sessionsCommands: CommandGroup = {
  name: "sessions",
  summary: "List stored sessions, and manage those of a fleet.",
  examples: [
    "roomz sessions",
    "roomz sessions --json | jq -r .server",
    "roomz sessions --fleet helper --storage fleet.kv",
    'ROOMZ_TOKEN="$(roomz sessions --token)" ./helper-bot',
  ],
  main: {
    options: [
      {
        flags: "--json",
        summary:
          "Print one JSON object per session: server, email, expires_at; with --fleet also id, set_aside.",
      },
      {
        flags: "--token",
        summary:
          "Print the session token for the server instead (a secret, for a bot on another machine).",
      },
      { ...FLEET_OPTION, summary: "List the sessions of this fleet instead." },
      STORAGE_OPTION,
    ],
    async run(io, input) {
      if (input.text("fleet") !== undefined) {
        if (input.flag("token")) {
          throw new CommandError("--token cannot be combined with --fleet.", ExitCode.USAGE);
        }
        const { listFleetSessions } = await import("./fleet_sessions.ts");
        return await listFleetSessions(io, input);
      }
      if (input.flag("token")) return await print(io, await tokenFor(io, input));
      const sessions = await knownSessions(io);
      if (sessions.length === 0) {
        await say(io, "No stored sessions. Log in with: roomz login EMAIL");
      }
      for (const session of sessions) {
        if (input.flag("json")) await printJson(io, forPrograms(session));
        else await print(io, forPeople(session));
      }
    },
  },
  commands: [sessionsAddCommand, sessionsRemoveCommand, sessionsRotateCommand],
};

async function tokenFor(io: Io, input: CommandInput): Promise<string> {
  if (input.flag("json")) {
    throw new CommandError("--token cannot be combined with --json.", ExitCode.USAGE);
  }
  const { server_url } = await readConfiguration(io, input);
  const server = serverOf(server_url);
  const session = await new KvSessionCache(sessionFile(io)).get(server);
  if (session !== undefined) return session.jwt;
  throw new CommandError(
    `Not logged in to ${server}. Log in with: ${loginCommandLine(input.text("server"))}`,
    ExitCode.NOT_LOGGED_IN,
  );
}

function forPrograms({ server, email, expiresAt }: KnownSession): unknown {
  return {
    server,
    email: email ?? null,
    expires_at: expiresAt === undefined ? null : new Date(expiresAt).toISOString(),
  };
}

/** Tab-separated, so that `cut` works. */
function forPeople({ server, email = "?", expiresAt }: KnownSession): string {
  return `${server}\t${email}\t${expiryText(expiresAt)}`;
}
