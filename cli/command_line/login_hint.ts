/**
 * The commands that error messages suggest as the next step.
 * @module
 */
import { withoutPassword } from "./redaction.ts";
import { shellWord } from "./shell_word.ts";

/** The command that logs in to `server`, or to the configured server. */
export function loginCommandLine(server: string | undefined): string {
  return `roomz login${serverOption(server)} EMAIL`;
}

/** The command that diagnoses problems with that server. */
export function doctorCommandLine(server: string | undefined): string {
  return `roomz doctor${serverOption(server)}`;
}

function serverOption(server: string | undefined): string {
  return server === undefined ? "" : ` -s ${shellWord(withoutPassword(server))}`;
}
