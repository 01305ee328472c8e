/**
 * What an agent may not send.
 * @module
 */
import { CommandError, ExitCode } from "../../command_line/exit_code.ts";

/**
 * Refuses a text with a session token or a magic link: whoever reads the room could log in with it.
 * @throws {CommandError} There is one in it.
 */
export async function requireHarmless(...texts: readonly string[]): Promise<void> {
  const { holdsSecret } = await import("../../chat/input/secret_text.ts");
  if (!texts.some(holdsSecret)) return;
  throw new CommandError(
    "The text looks as if it held a session token or a magic link, so it was not sent.",
    ExitCode.USAGE,
  );
}
