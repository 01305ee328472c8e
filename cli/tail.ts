/**
 * `roomz tail`: prints the messages that arrive.
 * @module
 */
import type { Message } from "../client/mod.ts";
import type { CommandSpec } from "./command_spec.ts";
import { createClient, reportConnection } from "./connect.ts";
import { printMessage } from "./message_line.ts";
import { printJson, say } from "./say.ts";
import { serverAddress } from "./server_address.ts";

/** The command. */
export const tailCommand: CommandSpec = {
  name: "tail",
  summary: "Print messages as they arrive.",
  examples: ["roomz tail", "roomz tail --json --count 1 | jq -r .content"],
  options: [
    { flags: "--json", summary: "Print each message as a line of JSON." },
    { flags: "--count <number>", summary: "End after this many messages." },
  ],
  async run(io, input) {
    const count = input.integer("count", 1, Number.MAX_SAFE_INTEGER) ?? Infinity;
    await using client = createClient(io, serverAddress(io, input));
    const messages = client.messages({ signal: io.signal });
    await client.connect("", { signal: io.signal });
    reportConnection(io, client);
    await say(io, `Listening on ${client.serverUrl} as ${client.user?.email}. Ctrl+C ends it.`);

    let printed = 0;
    for await (const message of messages) {
      await (input.flag("json") ? printJson(io, forPrograms(message)) : printMessage(io, message));
      if (++printed >= count) break;
    }
    io.signal.throwIfAborted();
  },
};

/** The fields of a message under their names on the wire. */
function forPrograms({ id, timestamp, user, content, maybeTruncated }: Message): unknown {
  return { id, timestamp, user, content, maybe_truncated: maybeTruncated };
}
