/**
 * Which server a command talks to.
 * @module
 */
import type { CommandInput } from "./command_spec.ts";
import type { Io } from "./io.ts";

/** Where a Roomz server on this machine listens, unless told otherwise. */
export const DEFAULT_SERVER = "http://localhost:8000";

/** The server's URL: `--server`, else ROOMZ_SERVER_URL, else {@linkcode DEFAULT_SERVER}. */
export function serverAddress(io: Io, input: CommandInput): string {
  return input.text("server") || io.env("ROOMZ_SERVER_URL") || DEFAULT_SERVER;
}
