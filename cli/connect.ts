/**
 * The client that a command talks to the server with.
 * @module
 */
import { AsyncClient, type ClientOptions, ConnectionState } from "../client/mod.ts";
import type { Io } from "./io.ts";
import { say } from "./say.ts";
import { sessionFile } from "./session_file.ts";

/** A client, not connected, with the session in ROOMZ_TOKEN or else the one that is kept. */
export function createClient(io: Io, server: string, options: ClientOptions = {}): AsyncClient {
  const token = io.env("ROOMZ_TOKEN")?.trim() ?? "";
  return new AsyncClient(server, token, { sessionCacheFile: sessionFile(io), ...options });
}

/** Tells the user, from now on, when the connection is lost and when it is back. */
export function reportConnection(io: Io, client: AsyncClient): void {
  client.on("disconnect", async () => {
    if (client.connectionState !== ConnectionState.RECONNECTING) return;
    await say(io, "The connection is lost; connecting again.");
  });
  client.on("authenticated", async () => {
    await say(io, "Connected again. What others sent meanwhile is not shown.");
  });
}
