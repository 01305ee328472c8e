/**
 * A bot in a file of the user's.
 * @module
 */
import { resolve, toFileUrl } from "@std/path";
import { type Bot, isBot } from "../bot/mod.ts";
import { CommandError, ExitCode } from "./exit_code.ts";
import { interruptible } from "./interruption.ts";
import type { Io } from "./io.ts";

/**
 * Imports `file` and gives the bot that it exports.
 * @throws {CommandError} There is no such file, it cannot be loaded, or it exports no bot.
 */
export async function loadBot(io: Io, file: string): Promise<Bot> {
  const url = toFileUrl(resolve(io.workingFolder(), file)).href;
  const module = await importModule(io, file, url);
  const bot: unknown = module["default"];
  if (isBot(bot)) return bot;
  throw new CommandError(
    `${file} exports no bot. Its default export must be one: export default defineBot({…});`,
  );
}

async function importModule(io: Io, file: string, url: string): Promise<Record<string, unknown>> {
  try {
    return await interruptible(io.signal, import(url));
  } catch (error) {
    io.signal.throwIfAborted();
    const message = uncoloured(error instanceof Error ? error.message : String(error));
    if (message === `Module not found "${url}".`) {
      throw failure(`There is no file ${file}. Check the path.`, error);
    }
    throw failure(`${file} cannot be loaded: ${message}${position(error)}`, error);
  }
}

function failure(message: string, cause: unknown): CommandError {
  return new CommandError(message, ExitCode.FAILURE, { cause });
}

/** Where a module threw: an error in its syntax says so itself. */
function position(error: unknown): string {
  if (!(error instanceof Error) || / at .*file:/.test(error.message)) return "";
  const [place] = /\bfile:\/\/\S+:\d+:\d+/.exec(error.stack ?? "") ?? [];
  return place === undefined ? "" : `\nat ${place}`;
}

/** Deno colours what it says of a module, also in the message of an error. */
function uncoloured(text: string): string {
  // deno-lint-ignore no-control-regex -- colours begin with ESC
  return text.replace(/\x1b\[[\d;]*m/g, "");
}
