/**
 * The session token in the environment.
 * @module
 */
import type { Io } from "../command_line/io.ts";
import { readPastedToken } from "./magic_link.ts";

/** The token in ROOMZ_TOKEN, which may hold a whole magic link; empty if it is not set. */
export function environmentToken(io: Io): string {
  const given = io.env("ROOMZ_TOKEN")?.trim() ?? "";
  return given.includes("://") ? readPastedToken(given)?.token ?? given : given;
}
