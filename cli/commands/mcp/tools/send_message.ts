/**
 * `send_message`: says something in the room.
 * @module
 */
import { splitContent } from "../../../../client/mod.ts";
import { CommandError, ExitCode } from "../../../command_line/exit_code.ts";
import { requireHarmless } from "../harmless_text.ts";
import { defineTool, type Tool } from "../tool.ts";

/** Longer texts are refused by the client, which counts as the server does. */
const LONGEST_TEXT = 1_000;

/** The result code of a text that is too long, the client's. */
const TOO_LONG = 413;

export const sendMessage: Tool = defineTool({
  name: "send_message",
  title: "Send a message",
  description:
    "Sends a message to the person's room, where all their devices and programs see it. It " +
    "does not wait for an answer: use ask_human for questions. A message has at most 1,000 characters, " +
    "of which & < > \" ' count as 4 to 6.",
  parameters: {
    text: {
      type: "string",
      description: "The message, plain text; line breaks are kept.",
      minLength: 1,
      maxLength: LONGEST_TEXT,
    },
  },
  required: ["text"],
  output: {
    message_id: { type: "string" },
    timestamp: { type: "string", description: "When the server received it, ISO 8601." },
  },
  always: ["message_id", "timestamp"],
  sends: true,
  async run({ text }, { client }, signal) {
    if (text.trim() === "") {
      throw new CommandError("The text is blank. Send a text that can be seen.", ExitCode.USAGE);
    }
    await requireHarmless(text);
    const result = await client.send(text, { signal });
    if (result.status === "ok") {
      return { message_id: result.message_id, timestamp: result.timestamp };
    }
    if (result.code === TOO_LONG) {
      throw new CommandError(
        `Too long: a message has at most ${LONGEST_TEXT} characters, of which & < > " ' count as 4 to 6. ` +
          `Send ${splitContent(text).length} shorter ones.`,
      );
    }
    throw new CommandError(
      result.delivery === "unknown"
        ? `${result.error} Read the room before you send it again.`
        : result.error,
    );
  },
});
