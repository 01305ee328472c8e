/**
 * `roomz history`: prints saved messages.
 * @module
 */
import { serverOf } from "../account/server_of.ts";
import { unreadableKv } from "../account/state_kv.ts";
import type { CommandSpec } from "../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import { readConfiguration } from "../config/configuration.ts";
import { historyFile } from "../messages/keep_history.ts";
import { localDate, messageEntry } from "../messages/message_line.ts";
import { patternOf } from "../messages/pattern.ts";
import { print, printJson, say } from "../terminal/output.ts";

export const historyCommand: CommandSpec = {
  name: "history",
  summary: "Print saved messages, optionally filtered by a regular expression.",
  examples: ["roomz history", "roomz history --json 'deploy(ed)?' | jq -r .content"],
  arguments: "[pattern]",
  options: [
    { flags: "--json", summary: "Print one JSON object per message." },
    { flags: "--clear", summary: "Delete the saved messages of all servers." },
  ],
  async run(io, input) {
    const pattern = await patternOf("PATTERN", input.words[0], "iu");
    if (input.flag("clear")) {
      if (pattern !== undefined) {
        throw new CommandError(
          "--clear deletes all saved messages and takes no PATTERN.",
          ExitCode.USAGE,
        );
      }
      await removeKv(historyFile(io));
      return await say(io, "History deleted.");
    }
    const { server_url, history } = await readConfiguration(io, input);
    const serverUrl = serverOf(server_url);
    let found = 0;
    for await (const message of readMessages(historyFile(io), serverUrl)) {
      if (pattern !== undefined && !pattern.test(message.content)) continue;
      found++;
      if (input.flag("json")) await printJson(io, message);
      else await print(io, `${localDate(message.timestamp)} ${messageEntry(message)}`);
    }
    if (found > 0 || history.value) return;
    await say(
      io,
      "Messages are not being saved. To save them, set history = true in ~/.roomz.toml.",
    );
  },
};

async function removeKv(path: string): Promise<void> {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    try {
      await Deno.remove(file);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** The saved messages. An unreadable file is an error that says how to start over. */
async function* readMessages(file: string, server: string) {
  const { keptMessages } = await import("../messages/message_history.ts");
  try {
    yield* keptMessages(file, server);
  } catch (error) {
    if (error instanceof CommandError || !(error instanceof Error)) throw error;
    throw unreadableKv(file, error, "start over with: roomz history --clear");
  }
}
