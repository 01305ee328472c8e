/**
 * The user's own editor, for a message that is easier written there.
 * @module
 */
import { dirname, join } from "@std/path";
import { sessionFile } from "../account/session_file.ts";
import { CommandError } from "../command_line/exit_code.ts";
import type { Io } from "../command_line/io.ts";

/**
 * Lets the user edit `text` in $VISUAL, $EDITOR or vi, which has the terminal meanwhile.
 * @returns The text as it was saved.
 * @throws {CommandError} The editor could not be started, or failed.
 */
export async function editText(io: Io, text: string): Promise<string> {
  const [program = "vi", ...args] = (io.env("VISUAL") || io.env("EDITOR") || "vi").split(/\s+/);
  const folder = dirname(sessionFile(io));
  const file = join(folder, `draft-${crypto.randomUUID()}.txt`);
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  await Deno.writeTextFile(file, text, { createNew: true, mode: 0o600 });
  try {
    const { success } = await start(program, [...args, file]).status;
    if (!success) throw new CommandError(`${program} failed, so the message stays as it was.`);
    return (await Deno.readTextFile(file)).replace(/\r?\n$/, "");
  } finally {
    await Deno.remove(file);
  }
}

function start(program: string, args: readonly string[]): Deno.ChildProcess {
  try {
    return new Deno.Command(program, {
      args: [...args],
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn();
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound
      ? `There is no program ${program}. Set VISUAL or EDITOR to one.`
      : `roomz may not start ${program} here. Write with Alt+Enter for new lines, or run roomz ` +
        `by Deno with --allow-run=${program}.`;
    throw new CommandError(why, undefined, { cause: error });
  }
}
