/**
 * The client that a command talks to the server with.
 * @module
 */
import { isSessionJwt } from "../../client/auth/session_token.ts";
import { silentLogger } from "../../client/base/logger.ts";
import { parseServerUrl } from "../../client/base/server_url.ts";
import {
  AsyncClient,
  type ClientLogger,
  type ClientOptions,
  ConfigurationError,
  ConnectionState,
} from "../../client/mod.ts";
import type { CommandInput } from "../command_line/command_spec.ts";
import type { Io } from "../command_line/io.ts";
import { doctorCommandLine } from "../command_line/login_hint.ts";
import { readConfiguration } from "../config/configuration.ts";
import { environmentToken } from "../config/environment_token.ts";
import type { Setting } from "../config/settings.ts";
import { say } from "../terminal/output.ts";
import { sessionFile } from "./session_file.ts";

/**
 * A client, not connected, for the server and with the display name of the configuration. Its
 * session is the one in ROOMZ_TOKEN, else the one that is kept; a magic-link token in ROOMZ_TOKEN
 * works once, so that its session is kept as after a login.
 * @throws {CommandError} The configuration is wrong.
 */
export async function createClient(
  io: Io,
  input: CommandInput,
  options: ClientOptions = {},
): Promise<AsyncClient> {
  const { server_url, display_name } = await readConfiguration(io, input);
  const token = environmentToken(io);
  const sessionCacheFile = isSessionJwt(token) ? null : sessionFile(io);
  const logger: ClientLogger = { ...silentLogger, warn: (text) => void say(io, text) };
  return new AsyncClient(serverOf(server_url), token, {
    sessionCacheFile,
    logger,
    displayName: display_name.value,
    ...options,
  });
}

/** A client for the session that is kept, to replace or to forget it, whatever ROOMZ_TOKEN is. */
export async function createLoginClient(io: Io, input: CommandInput): Promise<AsyncClient> {
  const { server_url } = await readConfiguration(io, input);
  return new AsyncClient(serverOf(server_url), "", { sessionCacheFile: sessionFile(io) });
}

/**
 * The server's URL, as the client has it.
 * @throws {ConfigurationError} It is none; the message says where it comes from.
 */
export function serverOf({ value, origin }: Setting<string>): string {
  try {
    return parseServerUrl(value).href;
  } catch (error) {
    if (!(error instanceof ConfigurationError) || origin === "--server") throw error;
    throw new ConfigurationError(`${error.message} It comes from ${origin}.`, { cause: error });
  }
}

/** Tells the user when the connection is lost, and when it is back. */
export function reportConnection(io: Io, client: AsyncClient): void {
  let lost = false;
  client.on("connection_state_changed", async ({ state, reason, attempt = 1, retryIn }) => {
    if (state === ConnectionState.RECONNECTING && retryIn !== undefined) {
      lost = true;
      const advice = attempt === 1
        ? ""
        : ` If this lasts, check the server with: ${doctorCommandLine(client.serverUrl)}`;
      await say(io, `${reason} Trying again in ${Math.ceil(retryIn / 1_000)} s.${advice}`);
    } else if (state === ConnectionState.CONNECTED && lost) {
      lost = false;
      await say(io, "Connected again. What was sent meanwhile did not arrive here.");
    }
  });
}

/** Tells the user when the server does not take the configured display name. */
export function reportDisplayName(io: Io, client: AsyncClient): void {
  client.on("error", async ({ error, code }) => {
    if (code === 400) await say(io, error);
  });
}
