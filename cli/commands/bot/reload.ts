/**
 * `roomz bot run --watch`: a bot that is loaded again when its file changes.
 * @module
 */
import { basename, dirname, resolve } from "@std/path";
import type { Bot } from "../../../bot/mod.ts";
import { CommandError } from "../../command_line/exit_code.ts";
import type { Io } from "../../command_line/io.ts";
import { say } from "../../terminal/output.ts";
import { loadBot } from "./bot_file.ts";

/** An editor writes a file in several steps: how long it must be quiet, milliseconds. */
const QUIET_TIME = 100;

/**
 * Runs the bot `first` of `file`, and a new one in its place each time that the file changes. `run`
 * uses a connection that stays, and takes messages from the call on: a new bot listens before the old
 * one has finished what it began, so that no message is lost. A file that is wrong changes nothing.
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

/** Calls `changed` each time that the file has changed. Returns what ends that. */
function watchFile(path: string, changed: () => Promise<void>): () => void {
  // Its folder, because many editors put a new file in the old one's place.
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
