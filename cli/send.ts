/**
 * `roomz send`: sends a message.
 * @module
 */
import { splitContent } from "../client/mod.ts";
import type { CommandSpec } from "./command_spec.ts";
import { createClient } from "./connect.ts";
import { CommandError, ExitCode } from "./exit_code.ts";
import { readText } from "./input_text.ts";
import { printJson } from "./say.ts";
import { serverAddress } from "./server_address.ts";

/** The command. */
export const sendCommand: CommandSpec = {
  name: "send",
  summary: "Send a message; - takes the text from stdin.",
  examples: ["roomz send Hello", "df -h | roomz send -"],
  arguments: "[text...]",
  options: [
    { flags: "--split", summary: "Send a text that is too long for one message as several." },
    { flags: "--json", summary: "Print message_id and timestamp of each message as JSON." },
  ],
  async run(io, input) {
    const { words } = input;
    const text = words.length === 1 && words[0] === "-" ? await readText(io) : words.join(" ");
    const parts = splitContent(text);
    if (parts.length === 0) {
      throw new CommandError("There is no text to send.", ExitCode.USAGE);
    }
    if (parts.length > 1 && !input.flag("split")) {
      throw new CommandError(
        `The text is too long for one message. Add --split to send it as ${parts.length}.`,
        ExitCode.USAGE,
      );
    }

    await using client = createClient(io, serverAddress(io, input));
    await client.connect("", { signal: io.signal });
    for (const [sent, part] of parts.entries()) {
      const result = await client.send(part, { signal: io.signal });
      if (result.status !== "ok") {
        const before = parts.length > 1 ? `${sent} of ${parts.length} parts were sent, then: ` : "";
        throw new CommandError(before + result.error);
      }
      const { message_id, timestamp } = result;
      if (input.flag("json")) await printJson(io, { message_id, timestamp });
    }
  },
};
