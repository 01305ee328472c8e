/**
 * The client that a command talks to the server with.
 * @module
 */
import { AsyncClient, type ClientOptions } from "../client/mod.ts";
import type { Io } from "./io.ts";
import { say } from "./say.ts";
import { sessionFile } from "./session_file.ts";

/** A client, not connected, with the session in ROOMZ_TOKEN or else the one that is kept. */
export function createClient(io: Io, server: string, options: ClientOptions = {}): AsyncClient {
  const token = io.env("ROOMZ_TOKEN")?.trim() ?? "";
  return new AsyncClient(server, token, { sessionCacheFile: sessionFile(io), ...options });
}
