/**
 * The session that the environment gives.
 * @module
 */
import type { Io } from "./io.ts";

/** The token in ROOMZ_TOKEN; empty where there is none. */
export function environmentToken(io: Io): string {
  return io.env("ROOMZ_TOKEN")?.trim() ?? "";
}
