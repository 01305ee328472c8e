/**
 * `roomz send`: sends a message.
 * @module
 */
import { type AsyncClient, ClientError, type SendOk, splitContent } from "../client/mod.ts";
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
      const { message_id, timestamp } = await deliver(client, part, io.signal).catch(
        (error: unknown) => {
          throw sent === 0 ? error : afterParts(error, sent, parts.length);
        },
      );
      if (input.flag("json")) await printJson(io, { message_id, timestamp });
    }
  },
};

async function deliver(client: AsyncClient, text: string, signal: AbortSignal): Promise<SendOk> {
  const result = await client.send(text, { signal });
  signal.throwIfAborted();
  if (result.status === "ok") return result;
  throw new CommandError(result.error);
}

/** A failure in the middle also tells what is in the channel already. */
function afterParts(error: unknown, sent: number, all: number): unknown {
  if (!(error instanceof CommandError || error instanceof ClientError)) return error;
  const message = `${sent} of ${all} parts were sent, then: ${error.message}`;
  return new CommandError(message, ExitCode.FAILURE, { cause: error });
}
