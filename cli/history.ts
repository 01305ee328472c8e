/**
 * `roomz history`: finds messages that were seen.
 * @module
 */
import { AsyncClient } from "../client/mod.ts";
import type { CommandSpec } from "./command_spec.ts";
import { readConfiguration } from "./configuration.ts";
import { historyFile } from "./keep_history.ts";
import { localDate, messageEntry } from "./message_line.ts";
import { patternOf } from "./pattern.ts";
import { print, printJson, say } from "./say.ts";

/** The command. */
export const historyCommand: CommandSpec = {
  name: "history",
  summary: "Print the messages that were kept, those that an expression matches.",
  examples: ["roomz history", "roomz history --json 'deploy(ed)?' | jq -r .content"],
  arguments: "[pattern]",
  options: [
    { flags: "--json", summary: "Print each message as a line of JSON." },
    { flags: "--clear", summary: "Delete all that was kept, of every server." },
  ],
  async run(io, input) {
    const pattern = patternOf("PATTERN", input.words[0], "iu");
    const file = historyFile(io);
    if (input.flag("clear")) {
      await removeKv(file);
      return await say(io, "Nothing is kept any more.");
    }
    const { server_url, history } = await readConfiguration(io, input);
    const { serverUrl } = new AsyncClient(server_url.value); // Normalised, as it is kept.
    const { keptMessages } = await import("./message_history.ts");
    let found = 0;
    for await (const message of keptMessages(file, serverUrl)) {
      if (pattern !== undefined && !pattern.test(message.content)) continue;
      found++;
      if (input.flag("json")) await printJson(io, message);
      else await print(io, `${localDate(message.timestamp)} ${messageEntry(message)}`);
    }
    if (found > 0 || history.value) return;
    await say(io, "Messages are not kept. To keep them: history = true in ~/.roomz.toml.");
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
