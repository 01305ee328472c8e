/**
 * `roomz bot run --watch`: reloads a bot when its file changes.
 * @module
 */
import { basename, dirname, resolve } from "@std/path";
import type { Bot } from "../../../bot/mod.ts";
import { CommandError } from "../../command_line/exit_code.ts";
import type { Io } from "../../command_line/io.ts";
import { say } from "../../terminal/output.ts";
import { loadBot } from "./bot_file.ts";

/** Editors write a file in several steps: wait for this long without changes, in milliseconds. */
const QUIET_TIME = 100;

/**
 * Runs the bot `first`, and replaces it each time `file` changes. `run` uses a shared connection and
 * listens as soon as it is called: the new bot starts before the old one has finished its work, so no
 * message is lost. An invalid file changes nothing.
 */
export async function runReloading(
  io: Io,
  file: string,
  first: Bot,
  run: (bot: Bot, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const ended = Promise.withResolvers<void>();
  let running = 0;
  const start = (bot: Bot): AbortController => {
    const replaced = new AbortController();
    running++;
    run(bot, AbortSignal.any([io.signal, replaced.signal])).then(() => {
      if (--running === 0) ended.resolve();
    }, ended.reject);
    return replaced;
  };

  let current = start(first);
  const reload = async (): Promise<void> => {
    try {
      const bot = await loadBot(io, file);
      current.abort();
      current = start(bot);
    } catch (error) {
      if (io.signal.aborted) return;
      if (!(error instanceof CommandError)) return ended.reject(error);
      await say(io, `${error.message}\nThe previous version keeps running.`);
    }
  };
  const stopWatching = watchFile(resolve(io.workingFolder(), file), reload);
  try {
    await ended.promise;
  } finally {
    stopWatching();
  }
}

/** Calls `changed` whenever the file changes. Returns a function that stops watching. */
function watchFile(path: string, changed: () => Promise<void>): () => void {
  // Watch the folder, because many editors replace the file.
  const watcher = Deno.watchFs(dirname(path), { recursive: false });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const read = async (): Promise<void> => {
    for await (const { kind, paths } of watcher) {
      if (kind === "access" || !paths.some((one) => basename(one) === basename(path))) continue;
      clearTimeout(timer);
      timer = setTimeout(changed, QUIET_TIME);
    }
  };
  read();
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
