/**
 * `roomz login`: requests a magic link and exchanges it for a session, which is stored.
 *
 * The link is a secret: it is read on a hidden prompt or from stdin, never from an argument.
 * @module
 */
import { createPrivateFile } from "../../client/auth/kv_file.ts";
import { messageOf } from "../../client/base/errors.ts";
import { type AsyncClient, ConnectionError } from "../../client/mod.ts";
import { createLoginClient } from "../account/create_client.ts";
import { sessionFile } from "../account/session_file.ts";
import type { CommandSpec } from "../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import { interruptible } from "../command_line/interruption.ts";
import type { Io } from "../command_line/io.ts";
import { tokenVariable } from "../command_line/token_variable.ts";
import { type PastedToken, readPastedToken, requireSameServer } from "../config/magic_link.ts";
import { readText } from "../terminal/input_text.ts";
import { say } from "../terminal/output.ts";
import { promptSecret } from "../terminal/secret_prompt.ts";

/** The HTTP statuses with which a server rejects an email: invalid, not allowed, too many requests. */
const REFUSALS: readonly (number | undefined)[] = [400, 403, 429];

export const loginCommand: CommandSpec = {
  name: "login",
  summary: "Log in with a magic link (requested for EMAIL, or one that you already have).",
  examples: ["roomz login ada@example.com", "roomz login < link.txt"],
  arguments: "[email]",
  async run(io, input) {
    const [email] = input.words;
    if (email !== undefined) requireEmail(email);
    await using client = await createLoginClient(io, input);
    if (email !== undefined) await requestLink(io, client, email);
    const pasted = await askForToken(io);
    requireSameServer(pasted, client.serverUrl);
    await requireWritable(sessionFile(io));

    let notStored: string | undefined;
    client.on("error", ({ error }) => void (notStored = error));
    await client.connect(pasted.token, { signal: io.signal });
    if (notStored !== undefined) throw new CommandError(notStored);

    await say(io, `Logged in to ${client.serverUrl} as ${client.user?.email}.`);
    const variable = tokenVariable(io);
    if (variable !== undefined) {
      await say(io, `${variable} is set and overrides this session. Unset it to use this session.`);
    }
  },
};

/** A link works once: it must not be used up for a session that cannot be stored. */
async function requireWritable(path: string): Promise<void> {
  try {
    await createPrivateFile(path);
    (await Deno.open(path, { write: true })).close();
  } catch (error) {
    const reason = messageOf(error);
    throw new CommandError(
      `The session could not be stored in ${path}, so the link was not used: ${reason}. Find out more ` +
        "with: roomz doctor",
      ExitCode.FAILURE,
      { cause: error },
    );
  }
}

/** Anything else may be the link itself, and must be neither sent nor shown. */
function requireEmail(email: string): void {
  if (/^[^\s@/]+@[^\s@/]+$/.test(email.trim())) return;
  throw new CommandError(
    "EMAIL must be an email address. Never pass a link or a token as an argument, where others can see " +
      "it: run roomz login without arguments, and paste it when asked.",
    ExitCode.USAGE,
  );
}

async function requestLink(io: Io, client: AsyncClient, email: string): Promise<void> {
  try {
    await interruptible(io.signal, client.login(email));
  } catch (error) {
    // A rejected email is not a connection failure.
    const refused = error instanceof ConnectionError && REFUSALS.includes(error.status);
    throw refused ? new CommandError(error.message, ExitCode.FAILURE, { cause: error }) : error;
  }
  await say(io, `A magic link was sent to ${email}.`);
}

async function askForToken(io: Io): Promise<PastedToken> {
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
