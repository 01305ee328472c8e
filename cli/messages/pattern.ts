/**
 * Regular expressions from the command line.
 * @module
 */
import { messageOf } from "../../client/base/errors.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";

/** The time limit of one match, in milliseconds: it blocks everything else, Ctrl+C included. */
const LONGEST_MATCH = 1_000;

/** A pattern with a time limit. */
export interface Pattern {
  /**
   * Whether `text` matches.
   * @throws {CommandError} The match took too long.
   */
  test(text: string): boolean;
}

/**
 * A Unicode-aware regular expression, with the flag `i` ignoring case; undefined if none was given.
 * `name` is the name of the option or argument.
 * @throws {CommandError} It is not a valid regular expression.
 */
export async function patternOf(
  name: string,
  text: string | undefined,
  flags: "u" | "iu" = "u",
): Promise<Pattern | undefined> {
  if (text === undefined) return undefined;
  const world = { pattern: expressionOf(name, text, flags), text: "" };
  // Loaded on demand: most runs have no pattern. Nothing else can interrupt an expression that
  // backtracks for hours, and (a+)+ with 40 letters is enough for that.
  const { createContext, Script } = await import("node:vm");
  createContext(world);
  const match = new Script("pattern.test(text)");
  return {
    test(text) {
      world.text = text;
      try {
        return match.runInContext(world, { timeout: LONGEST_MATCH }) === true;
      } catch (error) {
        throw new CommandError(
          `${name} timed out on a message of ${text.length} characters. Avoid nested repetition such as ` +
            "(a+)+.",
          ExitCode.USAGE,
          { cause: error },
        );
      }
    },
  };
}

function expressionOf(name: string, text: string, flags: string): RegExp {
  try {
    return new RegExp(text, flags);
  } catch (error) {
    const reason = messageOf(error);
    throw new CommandError(`${name} is not a valid regular expression: ${reason}.`, ExitCode.USAGE);
  }
}
