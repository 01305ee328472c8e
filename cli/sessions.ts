/**
 * `roomz sessions`: on which servers this machine is logged in.
 * @module
 */
import type { CommandSpec } from "./command_spec.ts";
import { type KnownSession, knownSessions } from "./known_sessions.ts";
import { print, printJson, say } from "./say.ts";

/** The command. */
export const sessionsCommand: CommandSpec = {
  name: "sessions",
  summary: "List the sessions that are kept: server, email and expiry.",
  examples: ["roomz sessions", "roomz sessions --json | jq -r .server"],
  options: [{ flags: "--json", summary: "Print server, email and expires_at of each as JSON." }],
  async run(io, input) {
    const sessions = await knownSessions(io);
    if (sessions.length === 0) await say(io, "No session is kept. Log in with: roomz login EMAIL");
    for (const session of sessions) {
      if (input.flag("json")) await printJson(io, forPrograms(session));
      else await print(io, forPeople(session));
    }
  },
};

function forPrograms({ server, email, expiresAt }: KnownSession): unknown {
  return {
    server,
    email: email ?? null,
    expires_at: expiresAt === undefined ? null : isoTime(expiresAt),
  };
}

/** Tabs between the columns, so that `cut` works. */
function forPeople({ server, email = "?", expiresAt }: KnownSession): string {
  const end = expiresAt === undefined
    ? "no expiry known"
    : `${expiresAt > Date.now() ? "expires" : "expired"} ${isoTime(expiresAt).slice(0, 10)}`;
  return `${server}\t${email}\t${end}`;
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}
