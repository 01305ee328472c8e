/**
 * `roomz login`: requests a magic link and exchanges it for a session, which is stored.
 *
 * The link is a secret: it is read on a hidden prompt or from stdin, never from an argument.
 * @module
 */
import { createPrivateFile } from "../../client/auth/kv_file.ts";
import { messageOf } from "../../client/base/errors.ts";
import { createLoginClient } from "../account/create_client.ts";
import { askForToken, requestLink, requireEmail } from "../account/magic_link_login.ts";
import { sessionFile } from "../account/session_file.ts";
import type { CommandSpec } from "../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import { tokenVariable } from "../command_line/token_variable.ts";
import { requireSameServer } from "../config/magic_link.ts";
import { say } from "../terminal/output.ts";

export const loginCommand: CommandSpec = {
  name: "login",
  summary: "Log in with a magic link (requested for EMAIL, or one that you already have).",
  examples: ["roomz login ada@example.com", "roomz login < link.txt"],
  arguments: "[email]",
  async run(io, input) {
    const [email] = input.words;
    if (email !== undefined) requireEmail(email, "roomz login");
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
