/**
 * The client that a command talks to the server with.
 * @module
 */
import {
  AsyncClient,
  type ClientLogger,
  type ClientOptions,
  ConnectionState,
} from "../client/mod.ts";
import { silentLogger } from "../client/logger.ts";
import { isSessionJwt } from "../client/session_token.ts";
import type { Io } from "./io.ts";
import { say } from "./say.ts";
import { sessionFile } from "./session_file.ts";

/**
 * A client, not connected. Its session is the one in ROOMZ_TOKEN, else the one that is kept; a
 * magic-link token in ROOMZ_TOKEN works once, so that its session is kept as after a login.
 */
export function createClient(io: Io, server: string, options: ClientOptions = {}): AsyncClient {
  const token = environmentToken(io);
  const sessionCacheFile = isSessionJwt(token) ? null : sessionFile(io);
  const logger: ClientLogger = { ...silentLogger, warn: (text) => void say(io, text) };
  return new AsyncClient(server, token, { sessionCacheFile, logger, ...options });
}

/** A client for the session that is kept, to replace or to forget it, whatever ROOMZ_TOKEN is. */
export function createLoginClient(io: Io, server: string): AsyncClient {
  return new AsyncClient(server, "", { sessionCacheFile: sessionFile(io) });
}

/** The token in ROOMZ_TOKEN; empty where there is none. */
export function environmentToken(io: Io): string {
  return io.env("ROOMZ_TOKEN")?.trim() ?? "";
}

/** Tells the user when the connection is lost, and when it is back. */
export function reportConnection(io: Io, client: AsyncClient): void {
  let lost = false;
  client.on("connection_state_changed", async ({ state, reason, retryIn }) => {
    if (state === ConnectionState.RECONNECTING && retryIn !== undefined) {
      lost = true;
      await say(io, `${reason} Trying again in ${Math.ceil(retryIn / 1_000)} s.`);
    } else if (state === ConnectionState.CONNECTED && lost) {
      lost = false;
      await say(io, "Connected again. What was sent meanwhile did not arrive here.");
    }
  });
}
