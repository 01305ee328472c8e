/**
 * `roomz bot run`: runs a bot from a file until it is asked to end.
 * @module
 */
import type { BotLogger } from "../bot/mod.ts";
import type { CommandSpec } from "./command_spec.ts";
import { createClient, reportConnection } from "./connect.ts";
import { endService } from "./interruption.ts";
import type { Io } from "./io.ts";
import { say } from "./say.ts";
import { serverAddress } from "./server_address.ts";

/** The command. */
export const botRunCommand: CommandSpec = {
  name: "run",
  summary: "Run the bot that a file exports, until Ctrl+C.",
  examples: ["roomz bot run bot.ts", "roomz bot run bot.ts -s https://roomz.example"],
  arguments: "<file>",
  async run(io, input) {
    const [file = ""] = input.words;
    // Loaded here, because no other command needs the bot layer.
    const { runBot } = await import("../bot/mod.ts");
    const { loadBot } = await import("./bot_file.ts");
    const bot = await loadBot(io, file);
    await using client = createClient(io, serverAddress(io, input), {
      displayName: bot.name,
      maxReconnectAttempts: Infinity,
    });
    reportConnection(io, client);
    await runBot(bot, { client, signal: io.signal, standalone: true, logger: logTo(io) });
    endService(io.signal);
  },
};

/** What a bot tells is talk; what failed in its own code is told with its place. */
function logTo(io: Io): BotLogger {
  const tell = (message: string): void => void say(io, message);
  return {
    debug() {},
    info: tell,
    warn: tell,
    error(message, cause) {
      const details = cause instanceof Error ? cause.stack ?? cause.message : cause;
      tell(details === undefined ? message : `${message}\n${details}`);
    },
  };
}
