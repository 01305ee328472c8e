/**
 * The steps of a login: an email, a magic link that is sent to it, and the link or token that comes back.
 *
 * The link is a secret: it is read on a hidden prompt or from stdin, never from an argument.
 * @module
 */
import { type AsyncClient, ConnectionError } from "../../client/mod.ts";
import { isEmailAddress } from "../command_line/email_address.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import { interruptible } from "../command_line/interruption.ts";
import type { Io } from "../command_line/io.ts";
import { type PastedToken, readPastedToken } from "../config/magic_link.ts";
import { readText } from "../terminal/input_text.ts";
import { say } from "../terminal/output.ts";
import { promptSecret } from "../terminal/secret_prompt.ts";

/** The HTTP statuses with which a server rejects an email: invalid, not allowed, too many requests. */
const REFUSALS: readonly (number | undefined)[] = [400, 403, 429];

/**
 * Checks that it is an email: anything else may be the link itself, and must be neither sent nor shown.
 * `command` is the command that asks for a link.
 * @throws {CommandError} It is not.
 */
export function requireEmail(email: string, command: string): void {
  if (isEmailAddress(email)) return;
  throw new CommandError(
    "EMAIL must be an email address. Never pass a link or a token as an argument, where others can see " +
      `it: run ${command} without an email, and paste it when asked.`,
    ExitCode.USAGE,
  );
}

/**
 * Has the server send a magic link.
 * @throws {CommandError} The server rejects the email.
 * @throws {ConnectionError} The server does not answer.
 */
export async function requestLink(io: Io, client: AsyncClient, email: string): Promise<void> {
  try {
    await interruptible(io.signal, client.login(email));
  } catch (error) {
    // A rejected email is not a connection failure.
    const refused = error instanceof ConnectionError && REFUSALS.includes(error.status);
    throw refused ? new CommandError(error.message, ExitCode.FAILURE, { cause: error }) : error;
  }
  await say(io, `A magic link was sent to ${email}.`);
}

/**
 * Reads a magic link or a token, on a hidden prompt or from stdin.
 * @throws {CommandError} It is neither.
 */
export async function askForToken(io: Io): Promise<PastedToken> {
  const pasted = io.stdin.isTerminal
    ? await promptSecret(io, "Paste the link or its token (input is hidden):")
    : await readText(io);
  const found = readPastedToken(pasted);
  if (found !== undefined) return found;
  const what = pasted.trim() === ""
    ? "No link or token was entered."
    : "That is not a magic link or token.";
  throw new CommandError(
    `${what} Paste the whole link from the email, or the part after "token=".`,
    ExitCode.USAGE,
  );
}
