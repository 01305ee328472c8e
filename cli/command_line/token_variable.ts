/**
 * The variables of the environment that a session token comes from.
 * @module
 */
import type { Io } from "./io.ts";

const TOKEN_VARIABLES = ["ROOMZ_TOKEN", "ROOMZ_TOKEN_FILE"] as const;

/** A variable that holds a token, or names a file that does. */
export type TokenVariable = typeof TOKEN_VARIABLES[number];

/** The variable that the token comes from: the first that is set; undefined if neither is. */
export function tokenVariable(io: Io): TokenVariable | undefined {
  return TOKEN_VARIABLES.find((name) => io.env(name)?.trim());
}
