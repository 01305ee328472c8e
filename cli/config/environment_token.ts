/**
 * The session token in the environment.
 * @module
 */
import { messageOf } from "../../client/base/errors.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import type { Io } from "../command_line/io.ts";
import { tokenVariable } from "../command_line/token_variable.ts";
import { readPastedToken } from "./magic_link.ts";

/**
 * The token in ROOMZ_TOKEN, or else in the file that ROOMZ_TOKEN_FILE names, as service managers pass
 * secrets; it may be a whole magic link. Empty if neither is set.
 * @throws {CommandError} The file cannot be read, or is empty.
 */
export function environmentToken(io: Io): string {
  const given = givenToken(io);
  return given.includes("://") ? readPastedToken(given)?.token ?? given : given;
}

function givenToken(io: Io): string {
  const variable = tokenVariable(io);
  const value = variable === undefined ? "" : io.env(variable)?.trim() ?? "";
  return variable === "ROOMZ_TOKEN_FILE" ? readTokenFile(value) : value;
}

function readTokenFile(path: string): string {
  let text: string;
  try {
    text = Deno.readTextFileSync(path).trim();
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? `there is no file "${path}"`
      : messageOf(error);
    throw unusable(`${reason}.`, error);
  }
  // Another session, of whoever runs the command, would be a surprise.
  if (text === "") throw unusable(`${path} is empty.`);
  return text;
}

function unusable(reason: string, cause?: unknown): CommandError {
  return new CommandError(
    `ROOMZ_TOKEN_FILE is set, but there is no token: ${reason} Put a session token into the file: ` +
      "roomz sessions --token",
    ExitCode.USAGE,
    { cause },
  );
}
