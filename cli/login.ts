/**
 * `roomz login`: requests a magic link, and exchanges it for a session that is kept.
 *
 * The link is a secret: it is asked for on a hidden prompt or taken from stdin, never an argument.
 * @module
 */
import type { CommandSpec } from "./command_spec.ts";
import { createClient } from "./connect.ts";
import { CommandError, ExitCode } from "./exit_code.ts";
import { readText } from "./input_text.ts";
import { interruptible } from "./interruption.ts";
import type { Io } from "./io.ts";
import { tokenOf } from "./magic_link.ts";
import { say } from "./say.ts";
import { promptSecret } from "./secret_prompt.ts";
import { serverAddress } from "./server_address.ts";

/** The command. */
export const loginCommand: CommandSpec = {
  name: "login",
  summary: "Log in with a magic link. Without EMAIL, no new link is requested.",
  examples: ["roomz login ada@example.com", "roomz login < link.txt"],
  arguments: "[email]",
  async run(io, input) {
    const [email] = input.words;
    const client = createClient(io, serverAddress(io, input));
    if (email !== undefined) {
      await interruptible(io.signal, client.login(email));
      await say(io, `A magic link is on its way to ${email}.`);
    }
    await using connection = client;
    await connection.connect(await askForToken(io), { signal: io.signal });
    await say(io, `Logged in to ${client.serverUrl} as ${client.user?.email}.`);
    if (io.env("ROOMZ_TOKEN")) {
      await say(io, "ROOMZ_TOKEN is set, and comes before this session: unset it to use this one.");
    }
  },
};

async function askForToken(io: Io): Promise<string> {
  const pasted = io.stdin.isTerminal
    ? await promptSecret(io, "Paste the link, or its token (it stays hidden):")
    : await readText(io);
  const token = tokenOf(pasted);
  if (token !== "") return token;
  const what = pasted.trim() === "" ? "No link or token was given." : "That is no link or token.";
  throw new CommandError(
    `${what} Paste the whole link from the email, or what follows "token=" in it.`,
    ExitCode.USAGE,
  );
}
