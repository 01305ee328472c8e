/**
 * Regular expressions from the command line.
 * @module
 */
import { CommandError, ExitCode } from "./exit_code.ts";

/**
 * A regular expression that knows Unicode, and with `i` no case; undefined where none was given.
 * `name` is what the user calls it.
 * @throws {CommandError} It is none.
 */
export function patternOf(
  name: string,
  text: string | undefined,
  flags: "u" | "iu" = "u",
): RegExp | undefined {
  try {
    return text === undefined ? undefined : new RegExp(text, flags);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${name} is no regular expression: ${reason}.`, ExitCode.USAGE);
  }
}
