/**
 * `roomz sessions`: lists the stored sessions.
 * @module
 */
import { KvSessionCache } from "../../client/mod.ts";
import { serverOf } from "../account/server_of.ts";
import { type KnownSession, knownSessions } from "../account/known_sessions.ts";
import { sessionFile } from "../account/session_file.ts";
import type { CommandInput, CommandSpec } from "../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import type { Io } from "../command_line/io.ts";
import { loginCommandLine } from "../command_line/login_hint.ts";
import { readConfiguration } from "../config/configuration.ts";
import { print, printJson, say } from "../terminal/output.ts";

export const sessionsCommand: CommandSpec = {
  name: "sessions",
  summary: "List stored sessions: server, email and expiry date.",
  examples: [
    "roomz sessions",
    "roomz sessions --json | jq -r .server",
    'ROOMZ_TOKEN="$(roomz sessions --token)" ./helper-bot',
  ],
  options: [
    { flags: "--json", summary: "Print one JSON object per session: server, email, expires_at." },
    {
      flags: "--token",
      summary:
        "Print the session token for the server instead (a secret, for a bot on another machine).",
    },
  ],
  async run(io, input) {
    if (input.flag("token")) return await print(io, await tokenFor(io, input));
    const sessions = await knownSessions(io);
    if (sessions.length === 0) await say(io, "No stored sessions. Log in with: roomz login EMAIL");
    for (const session of sessions) {
      if (input.flag("json")) await printJson(io, forPrograms(session));
      else await print(io, forPeople(session));
    }
  },
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
    expires_at: expiresAt === undefined ? null : isoTime(expiresAt),
  };
}

/** Tab-separated, so that `cut` works. */
function forPeople({ server, email = "?", expiresAt }: KnownSession): string {
  const end = expiresAt === undefined
    ? "expiry unknown"
    : `${expiresAt > Date.now() ? "expires" : "expired"} ${isoTime(expiresAt).slice(0, 10)}`;
  return `${server}\t${email}\t${end}`;
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}
