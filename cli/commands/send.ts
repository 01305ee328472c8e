/**
 * `roomz send`: sends a message.
 * @module
 */
import { type SendOk, type SendTextResult, splitContent } from "../../client/mod.ts";
import { nameConnection } from "../account/connection_name.ts";
import { createConfiguredClient, reportDisplayName } from "../account/create_client.ts";
import { type CommandSpec, NO_NAME_OPTION } from "../command_line/command_spec.ts";
import { CommandError, endingOf, ExitCode } from "../command_line/exit_code.ts";
import type { Io } from "../command_line/io.ts";
import { readConfiguration } from "../config/configuration.ts";
import { forPrograms } from "../messages/message_json.ts";
import { readText } from "../terminal/input_text.ts";
import { print, printJson } from "../terminal/output.ts";

/** How long to wait for a reply, in seconds. */
const DEFAULT_TIMEOUT = 60;

export const sendCommand: CommandSpec = {
  name: "send",
  summary: "Send a message (- reads it from stdin).",
  examples: ["roomz send Hello", "df -h | roomz send -", "roomz send --wait-reply '!ping'"],
  arguments: "[text...]",
  options: [
    {
      flags: "--split",
      summary: "Send text that is too long for one message as several messages.",
    },
    { flags: "--json", summary: "Print one JSON object per message: message_id, timestamp." },
    {
      flags: "--wait-reply",
      summary: "Send the text as a question or to a bot, wait for the reply, and print it.",
    },
    { flags: "--timeout <seconds>", summary: "How long to wait for a reply (default: 60)." },
    NO_NAME_OPTION,
  ],
  async run(io, input) {
    const { words } = input;
    const text = words.length === 1 && words[0] === "-" ? await readText(io) : words.join(" ");
    const timeout = input.integer("timeout", 1, 86_400);
    if (timeout !== undefined && !input.flag("waitReply")) {
      throw new CommandError(
        "--timeout requires --wait-reply.",
        ExitCode.USAGE,
      );
    }
    const parts = splitContent(text);
    if (parts.length === 0) {
      throw new CommandError(
        "Nothing to send. Pass the text as an argument, or - to read it from stdin.",
        ExitCode.USAGE,
      );
    }
    if (parts.length > 1 && !input.flag("split")) {
      throw new CommandError(
        `The text is too long for one message. Add --split to send it as ${parts.length} messages.`,
        ExitCode.USAGE,
      );
    }

    const configuration = await readConfiguration(io, input);
    using name = await nameConnection(io, configuration);
    const { displayName } = name;
    const seconds = timeout ?? DEFAULT_TIMEOUT;
    // Loaded only when it is needed: most messages are just sent.
    const waiting = input.flag("waitReply") ? await import("./wait_reply.ts") : undefined;
    const question = waiting?.questionFor(text);
    await using client = createConfiguredClient(io, configuration, {
      displayName,
      ...(waiting !== undefined && { maxReconnectAttempts: Infinity }), // The time limit ends it.
    });
    reportDisplayName(io, client);
    await client.connect("", { signal: io.signal });
    const messages = client.messages({ signal: io.signal });
    const json = input.flag("json");
    let printing = Promise.resolve();
    let sent: SendOk | undefined;
    const onPart = (part: SendOk): void => {
      sent = part;
      const { message_id, timestamp } = part;
      if (json) printing = printing.then(() => printJson(io, { message_id, timestamp }));
    };
    if (question?.isText !== true) {
      const result = await client.sendText(text, { signal: io.signal, onPart });
      await printing;
      if (result.status !== "ok") {
        const error = io.signal.aborted
          ? io.signal.reason
          : new CommandError(result.error, EXIT_CODES.get(result.code));
        throw result.acknowledged === 0 ? error : afterParts(io, error, result);
      }
    }
    if (waiting === undefined) return;
    const onAsked = (asked: SendOk): void => {
      // What is said again, after a lost connection, is no other message.
      if (question?.isText === true && sent === undefined) onPart(asked);
    };
    const reply = question === undefined
      ? await waiting.replyToCall(sent?.message_id ?? "", messages, seconds)
      : await waiting.answerTo(question, client, seconds, io.signal, onAsked);
    await printing;
    io.signal.throwIfAborted();
    await (json ? printJson(io, forPrograms(reply)) : print(io, reply.content));
  },
};

/** Exit codes for result codes of unacknowledged messages; all others exit with 1. */
const EXIT_CODES: ReadonlyMap<number, ExitCode> = new Map([
  [401, ExitCode.NOT_LOGGED_IN],
  [408, ExitCode.NOT_CONNECTED],
  [503, ExitCode.NOT_CONNECTED],
]);

/** A failure in the middle also reports how much was already sent. */
function afterParts(io: Io, error: unknown, { acknowledged, parts }: SendTextResult): unknown {
  const { exitCode, message } = endingOf(error, io);
  if (message === undefined) return error;
  const report = `${acknowledged} of ${parts} parts were sent, then: ${message}`;
  return new CommandError(report, exitCode, { cause: error });
}
