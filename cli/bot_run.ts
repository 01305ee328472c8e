/**
 * `roomz bot run`: runs a bot from a file until it is asked to end.
 * @module
 */
import type { CommandSpec } from "./command_spec.ts";
import { endService } from "./interruption.ts";
import { serverAddress } from "./server_address.ts";
import { sessionFile } from "./session_file.ts";

/** The command. */
export const botRunCommand: CommandSpec = {
  name: "run",
  summary: "Run the bot that a file exports, until Ctrl+C.",
  examples: ["roomz bot run bot.ts", "roomz bot run bot.ts -s https://roomz.example"],
  arguments: "<file>",
  async run(io, input) {
    const [file = ""] = input.words;
    // Loaded here, because no other command needs the bot layer.
    const { loadBot } = await import("./bot_file.ts");
    const { runBot } = await import("../bot/mod.ts");
    const bot = await loadBot(io, file);
    await runBot(bot, {
      server: serverAddress(io, input),
      token: io.env("ROOMZ_TOKEN")?.trim() ?? "",
      sessionCacheFile: sessionFile(io),
      signal: io.signal,
    });
    endService(io.signal);
  },
};
