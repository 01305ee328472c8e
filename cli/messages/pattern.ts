/**
 * Regular expressions from the command line.
 * @module
 */
import { CommandError, ExitCode } from "../command_line/exit_code.ts";

/** How long a match may take: nothing else, not even Ctrl+C, is heard meanwhile; milliseconds. */
const LONGEST_MATCH = 1_000;

/** What the user looks for. */
export interface Pattern {
  /**
   * Whether it is found in `text`.
   * @throws {CommandError} It takes too long to say.
   */
  test(text: string): boolean;
}

/**
 * A regular expression that knows Unicode, and with `i` no case; undefined where none was given.
 * `name` is what the user calls it.
 * @throws {CommandError} It is none.
 */
export async function patternOf(
  name: string,
  text: string | undefined,
  flags: "u" | "iu" = "u",
): Promise<Pattern | undefined> {
  if (text === undefined) return undefined;
  const world = { pattern: expressionOf(name, text, flags), text: "" };
  // Loaded here, because most calls have no pattern. Of all that runs an expression, it alone can
  // end one that backtracks for hours, which takes no more than (a+)+ and 40 letters.
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
          `${name} takes too long on a text of ${text.length} characters. Repeat nothing that ` +
            "repeats itself, as (a+)+ does.",
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
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${name} is no regular expression: ${reason}.`, ExitCode.USAGE);
  }
}
