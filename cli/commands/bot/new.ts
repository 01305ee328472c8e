/**
 * `roomz bot new`: creates a bot.
 * @module
 */
import { basename, dirname, join, resolve } from "@std/path";
import type { CommandSpec } from "../../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../../command_line/exit_code.ts";
import { shellWord } from "../../command_line/shell_word.ts";
import { print, say } from "../../terminal/output.ts";
import { scaffold } from "./scaffold.ts";

export const botNewCommand: CommandSpec = {
  name: "new",
  summary: "Create a folder with a bot, its test and its configuration.",
  examples: ["roomz bot new helper", "roomz bot new bots/helper && deno test bots/helper"],
  arguments: "<folder>",
  usesServer: false,
  async run(io, input) {
    const [folder = ""] = input.words;
    const path = resolve(io.workingFolder(), folder);
    if (folder === "" || path === dirname(path)) {
      throw new CommandError(
        "The folder has no name. Give one, or use . for the current folder.",
        ExitCode.USAGE,
      );
    }
    const name = basename(path);
    await requireBotName(name);
    const files = scaffold(name);
    await makeFolder(path, folder);
    await refuseExisting(path, files.keys());
    for (const [file, text] of files) {
      await Deno.writeTextFile(join(path, file), text, { createNew: true });
      await print(io, join(folder, file));
    }
    const file = shellWord(join(folder, "bot.ts"));
    await say(io, `Test it: cd ${shellWord(folder)} && deno test`);
    await say(io, `Run it: roomz bot run ${file}`);
  },
};

/** The folder's name becomes the bot's name, which has rules. */
async function requireBotName(name: string): Promise<void> {
  // Loaded on demand: no other command needs the bot layer.
  const { BotDefinitionError, defineBot } = await import("../../../bot/mod.ts");
  try {
    defineBot({ name, commands: {} });
  } catch (error) {
    if (!(error instanceof BotDefinitionError)) throw error;
    const [rule] = error.message.split("\n", 1);
    throw new CommandError(`${rule} Choose another folder name.`, ExitCode.USAGE, { cause: error });
  }
}

/** @throws {CommandError} There is a file where the folder, or one above it, would be. */
async function makeFolder(path: string, named: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch (error) {
    const isFile = error instanceof Deno.errors.AlreadyExists ||
      error instanceof Deno.errors.NotADirectory;
    if (!isFile) throw error;
    throw new CommandError(
      `Could not create the folder ${named}: a file is in the way. Choose another folder.`,
      ExitCode.USAGE,
      { cause: error },
    );
  }
}

/** All or nothing: half a scaffold is of no use. */
async function refuseExisting(folder: string, names: Iterable<string>): Promise<void> {
  const present = await Array.fromAsync(Deno.readDir(folder), (entry) => entry.name);
  const [conflict] = [...names].filter((name) => present.includes(name));
  if (conflict === undefined) return;
  throw new CommandError(
    `${
      join(folder, conflict)
    } already exists. Choose another folder, or move the file aside first.`,
  );
}
