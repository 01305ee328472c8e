/**
 * The next step of whoever is not logged in.
 * @module
 */
import { withoutPassword } from "./redaction.ts";
import { shellWord } from "./shell_word.ts";

/**
 * The command that logs in to the server that a command talked to: `--server` said which, or, where
 * it did not, the configuration, which says the same the next time.
 */
export function loginCommand(server: string | undefined): string {
  if (server === undefined) return "roomz login EMAIL";
  return `roomz login -s ${shellWord(withoutPassword(server))} EMAIL`;
}
