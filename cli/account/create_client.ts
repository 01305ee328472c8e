/**
 * Creates the client that a command uses to talk to the server.
 * @module
 */
import { isSessionJwt } from "../../client/auth/session_token.ts";
import { silentLogger } from "../../client/base/logger.ts";
import { AsyncClient, type ClientOptions, ConnectionState } from "../../client/mod.ts";
import type { CommandInput } from "../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import type { Io } from "../command_line/io.ts";
import { doctorCommandLine } from "../command_line/login_hint.ts";
import { withoutPassword } from "../command_line/redaction.ts";
import { shellWord } from "../command_line/shell_word.ts";
import { tokenVariable } from "../command_line/token_variable.ts";
import { projectFile, readConfiguration } from "../config/configuration.ts";
import { environmentToken } from "../config/environment_token.ts";
import type { Configuration, Setting } from "../config/settings.ts";
import { say } from "../terminal/output.ts";
import { serverOf } from "./server_of.ts";
import { sessionFile } from "./session_file.ts";

/**
 * An unconnected client for the configured server. It uses the session in
 * ROOMZ_TOKEN, or else the stored one. A magic-link token in ROOMZ_TOKEN works only once, so the
 * session obtained with it is stored as after a login. The client's warnings go to `warn`, by default
 * to stderr.
 * @throws {ConfigurationError} The server's URL is invalid.
 */
export function createConfiguredClient(
  io: Io,
  { server_url }: Pick<Configuration, "server_url">,
  options: Omit<ClientOptions, "logger"> = {},
  warn: (problem: string) => void = (problem) => void say(io, problem),
): AsyncClient {
  const token = environmentToken(io);
  if (token !== "") requireUsersServer(io, server_url);
  const sessionCacheFile = isSessionJwt(token) ? null : sessionFile(io);
  return new AsyncClient(serverOf(server_url), token, {
    sessionCacheFile,
    logger: { ...silentLogger, warn },
    ...options,
  });
}

/**
 * A token belongs to one server, and the one in the environment does not say to which. A folder that was
 * checked out from somewhere must not decide where it is sent.
 * @throws {CommandError} Only the project's roomz.toml names the server.
 */
function requireUsersServer(io: Io, { value, origin }: Setting<string>): void {
  if (origin !== projectFile(io)) return;
  const server = withoutPassword(value);
  throw new CommandError(
    `${
      tokenVariable(io)
    } is set, but only ${origin} names the server ${server}: the token was not sent. If it ` +
      `belongs to that server, pass -s ${
        shellWord(server)
      } or set ROOMZ_SERVER_URL; otherwise unset it.`,
    ExitCode.USAGE,
  );
}

/** A client for the stored session, to replace or delete it, whatever ROOMZ_TOKEN says. */
export async function createLoginClient(io: Io, input: CommandInput): Promise<AsyncClient> {
  const { server_url } = await readConfiguration(io, input);
  return new AsyncClient(serverOf(server_url), "", { sessionCacheFile: sessionFile(io) });
}

/** Reports on stderr when the connection is lost and when it is back. */
export function reportConnection(io: Io, client: AsyncClient): void {
  let lost = false;
  client.on("connection_state_changed", async ({ state, reason, attempt = 1, retryIn }) => {
    if (state === ConnectionState.RECONNECTING && retryIn !== undefined) {
      lost = true;
      const advice = attempt === 1
        ? ""
        : ` If this persists, check the server with: ${doctorCommandLine(client.serverUrl)}`;
      await say(io, `${reason} Trying again in ${Math.ceil(retryIn / 1_000)} s.${advice}`);
    } else if (state === ConnectionState.CONNECTED && lost) {
      lost = false;
      await say(io, "Reconnected. Messages sent while you were offline were missed.");
    }
  });
}

/** Reports on stderr when the server rejects the configured display name. */
export function reportDisplayName(io: Io, client: AsyncClient): void {
  client.on("error", async ({ error, code }) => {
    if (code === 400) await say(io, error);
  });
}
