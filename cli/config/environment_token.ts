/**
 * The session that the environment gives.
 * @module
 */
import type { Io } from "../command_line/io.ts";
import { tokenOf } from "./magic_link.ts";

/** The token in ROOMZ_TOKEN, which may be a whole magic link; empty where there is none. */
export function environmentToken(io: Io): string {
  const given = io.env("ROOMZ_TOKEN")?.trim() ?? "";
  return given.includes("://") ? tokenOf(given) || given : given;
}
