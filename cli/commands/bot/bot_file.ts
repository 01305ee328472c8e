/**
 * Loads a bot from the user's file.
 * @module
 */
import { join, resolve, toFileUrl } from "@std/path";
import { type Bot, isBot } from "../../../bot/mod.ts";
import { messageOf } from "../../../client/base/errors.ts";
import { CommandError, ExitCode } from "../../command_line/exit_code.ts";
import { interruptible } from "../../command_line/interruption.ts";
import type { Io } from "../../command_line/io.ts";
import { importBotModule } from "./bot_modules.ts";

/** The folder of the command's own modules, where an error location would not help the user. */
const OWN_MODULES = new URL("../../", import.meta.url).href;

/** Counts the loads: Deno caches modules by URL, so each load needs a new one. */
let loads = 0;

/**
 * Imports `file` and returns the bot that it exports. Calling it again reloads the file, but not what
 * the file imports.
 * @throws {CommandError} The file does not exist, cannot be loaded, or does not export a bot.
 */
export async function loadBot(io: Io, file: string): Promise<Bot> {
  const url = toFileUrl(resolve(io.workingFolder(), file)).href;
  const module = await importModule(io, file, url);
  const bot: unknown = module["default"];
  if (isBot(bot)) return bot;
  throw new CommandError(
    `${file} does not export a bot. Its default export must be one: export default defineBot({…});`,
  );
}

async function importModule(io: Io, file: string, url: string): Promise<Record<string, unknown>> {
  const query = loads++ === 0 ? "" : `?load=${loads}`;
  try {
    return await interruptible(io.signal, importBotModule(url, query));
  } catch (error) {
    io.signal.throwIfAborted();
    const message = uncoloured(messageOf(error))
      .replaceAll(url + query, url);
    if (message === `Module not found "${url}".`) {
      // `deno task` runs in the folder of its deno.json, which may surprise.
      const where = resolve(file) === file ? "" : ` in ${io.workingFolder()}`;
      throw failure(`File not found: ${file}${where}. Check the path.`, error);
    }
    if (message.includes("ERR_UNSUPPORTED_DIR_IMPORT") && message.includes(`'${url}'`)) {
      throw failure(`${file} is a folder. Did you mean ${join(file, "bot.ts")}?`, error);
    }
    if (!/(^|[/\\])[^.]*$|\.[cm]?[jt]sx?$/i.test(file)) {
      throw failure(
        `${file} is neither TypeScript nor JavaScript. Name the file that exports the bot: bot.ts`,
        error,
      );
    }
    const location = await locationOf(error, url, query);
    const at = location === undefined ? "" : `\nat ${location}`;
    throw failure(`Could not load ${file}: ${message}${at}`, error);
  }
}

function failure(message: string, cause: unknown): CommandError {
  return new CommandError(message, ExitCode.FAILURE, { cause });
}

/** Where the mistake is, as `file:///…/bot.ts:2:7`. A syntax error already says so. */
async function locationOf(error: unknown, url: string, query: string): Promise<string | undefined> {
  if (!(error instanceof Error) || /\bat .*file:/.test(error.message)) return undefined;
  if (isAboutText(error)) {
    const position = positionOf(
      error.source,
      error.position,
      await Deno.readTextFile(new URL(url)),
    );
    if (position !== undefined) return `${url}:${position}`;
  }
  const locations = [...(error.stack ?? "").matchAll(/\bfile:\/\/[^\s()]+:\d+:\d+/g)]
    .map(([location]) => location.replace(url + query, url));
  const [innermost] = locations;
  return locations.find((location) => location.startsWith(`${url}:`)) ??
    (innermost?.startsWith(OWN_MODULES) ? undefined : innermost);
}

/** Whether the error points into a string of the definition, as a BotDefinitionError does. */
function isAboutText(error: Error): error is Error & { source: string; position: number } {
  return "source" in error && typeof error.source === "string" &&
    "position" in error && typeof error.position === "number";
}

/** Line and column of a character of `source`, if it occurs in the text exactly once. */
function positionOf(source: string, position: number, text: string): string | undefined {
  const at = text.indexOf(source);
  if (at === -1 || text.indexOf(source, at + 1) !== -1) return undefined;
  const before = text.slice(0, at + position).split("\n");
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Deno colours module errors, even in the message. */
function uncoloured(text: string): string {
  // deno-lint-ignore no-control-regex -- colours begin with ESC
  return text.replace(/\x1b\[[\d;]*m/g, "");
}
