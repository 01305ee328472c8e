/**
 * Edits a draft in the user's own editor.
 * @module
 */
import { dirname, join } from "@std/path";
import { sessionFile } from "../account/session_file.ts";
import { CommandError } from "../command_line/exit_code.ts";
import type { Io } from "../command_line/io.ts";
import { shellWords } from "../command_line/shell_words.ts";

/**
 * Opens `text` in $VISUAL, $EDITOR or vi, which owns the terminal until it exits: Ctrl+C is for the editor
 * alone.
 * @returns The text as saved.
 * @throws {CommandError} The editor could not be started, or failed.
 */
export async function editText(io: Io, text: string): Promise<string> {
  const [program, ...args] = editorCommand(io);
  const folder = dirname(sessionFile(io));
  const file = join(folder, `draft-${crypto.randomUUID()}.txt`);
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  await Deno.writeTextFile(file, text, { createNew: true, mode: 0o600 });
  try {
    const run = async () => (await start(program, [...args, file]).status).success;
    const success = await (io.terminal?.lend?.(run) ?? run());
    if (!success) {
      throw new CommandError(
        `${program} failed; your draft is unchanged. Try again, or set VISUAL or EDITOR to another editor.`,
      );
    }
    return (await Deno.readTextFile(file)).replace(/\r?\n$/, "");
  } finally {
    await Deno.remove(file);
  }
}

/** The editor and its arguments, as a shell would read them. */
function editorCommand(io: Io): [program: string, ...args: string[]] {
  for (const name of ["VISUAL", "EDITOR"]) {
    const value = io.env(name)?.trim();
    if (!value) continue;
    // On Windows a backslash separates folders.
    const text = Deno.build.os === "windows" ? value.replaceAll("\\", "\\\\") : value;
    const [program, ...args] = shellWords(text, (name) => io.env(name)) ?? [];
    if (program) return [program, ...args];
    throw new CommandError(`${name} is not a command: ${value}. Check its quotes.`);
  }
  return ["vi"];
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
    const reason = error instanceof Deno.errors.NotFound
      ? `Editor ${program} not found. Set VISUAL or EDITOR to an installed editor.`
      : `No permission to run ${program}. Use Alt+Enter for new lines, or run roomz with Deno ` +
        `and --allow-run=${program}.`;
    throw new CommandError(reason, undefined, { cause: error });
  }
}
