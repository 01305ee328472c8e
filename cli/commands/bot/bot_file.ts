/**
 * A bot in a file of the user's.
 * @module
 */
import { join, resolve, toFileUrl } from "@std/path";
import { type Bot, isBot } from "../../../bot/mod.ts";
import { CommandError, ExitCode } from "../../command_line/exit_code.ts";
import { interruptible } from "../../command_line/interruption.ts";
import type { Io } from "../../command_line/io.ts";

/** Where the command's own modules are: nothing is wrong there. */
const OURS = new URL("../../", import.meta.url).href;

/** Counts the loads, because Deno keeps a module that it has loaded under its URL. */
let loads = 0;

/**
 * Imports `file` and gives the bot that it exports. Called again, it loads the file again, but not
 * what the file imports.
 * @throws {CommandError} There is no such file, it cannot be loaded, or it does not export a bot.
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
    return await interruptible(io.signal, import(url + query));
  } catch (error) {
    io.signal.throwIfAborted();
    const message = uncoloured(error instanceof Error ? error.message : String(error))
      .replaceAll(url + query, url);
    if (message === `Module not found "${url}".`) {
      // `deno task` starts everything in the folder of its deno.json, which may surprise.
      const where = resolve(file) === file ? "" : ` in ${io.workingFolder()}`;
      throw failure(`File not found: ${file}${where}. Check the path.`, error);
    }
    if (message.includes("ERR_UNSUPPORTED_DIR_IMPORT") && message.includes(`'${url}'`)) {
      throw failure(`${file} is a folder. Did you mean ${join(file, "bot.ts")}?`, error);
    }
    const place = await placeOf(error, url, query);
    const at = place === undefined ? "" : `\nat ${place}`;
    throw failure(`Could not load ${file}: ${message}${at}`, error);
  }
}

function failure(message: string, cause: unknown): CommandError {
  return new CommandError(message, ExitCode.FAILURE, { cause });
}

/** Where a module is wrong, as `file:///…/bot.ts:2:7`: an error in its syntax says so itself. */
async function placeOf(error: unknown, url: string, query: string): Promise<string | undefined> {
  if (!(error instanceof Error) || / at .*file:/.test(error.message)) return undefined;
  if (isAboutText(error)) {
    const place = positionOf(error.source, error.position, await Deno.readTextFile(new URL(url)));
    if (place !== undefined) return `${url}:${place}`;
  }
  const places = [...(error.stack ?? "").matchAll(/\bfile:\/\/[^\s()]+:\d+:\d+/g)]
    .map(([place]) => place.replace(url + query, url));
  const [innermost] = places;
  return places.find((place) => place.startsWith(`${url}:`)) ??
    (innermost?.startsWith(OURS) ? undefined : innermost);
}

/** Whether it points into a text of the definition, as a BotDefinitionError of any copy does. */
function isAboutText(error: Error): error is Error & { source: string; position: number } {
  return "source" in error && typeof error.source === "string" &&
    "position" in error && typeof error.position === "number";
}

/** Line and column of a character of `source`, where it stands in the text once, as written. */
function positionOf(source: string, position: number, text: string): string | undefined {
  const at = text.indexOf(source);
  if (at === -1 || text.indexOf(source, at + 1) !== -1) return undefined;
  const before = text.slice(0, at + position).split("\n");
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Deno colours what it says of a module, also in the message of an error. */
function uncoloured(text: string): string {
  // deno-lint-ignore no-control-regex -- colours begin with ESC
  return text.replace(/\x1b\[[\d;]*m/g, "");
}
