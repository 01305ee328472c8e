/**
 * `roomz tail`: prints messages as they arrive.
 * @module
 */
import { nameConnection } from "../account/connection_name.ts";
import {
  createConfiguredClient,
  reportConnection,
  reportDisplayName,
} from "../account/create_client.ts";
import { connectWhenUp, readWait } from "../account/wait_for_server.ts";
import { type CommandSpec, NO_NAME_OPTION, WAIT_OPTIONS } from "../command_line/command_spec.ts";
import { readConfiguration } from "../config/configuration.ts";
import { keepHistory } from "../messages/keep_history.ts";
import { forPrograms } from "../messages/message_json.ts";
import { printMessage } from "../messages/message_line.ts";
import { patternOf } from "../messages/pattern.ts";
import { printJson, say } from "../terminal/output.ts";
import { watchReader } from "../terminal/reader_left.ts";

export const tailCommand: CommandSpec = {
  name: "tail",
  summary: "Print messages as they arrive.",
  examples: ["roomz tail --until '^done'", "roomz tail --json --count 1 | jq -r .content"],
  options: [
    { flags: "--json", summary: "Print one JSON object per message." },
    { flags: "--count <number>", summary: "Exit after this many messages." },
    {
      flags: "--until <pattern>",
      summary: "Exit after a message that matches this regular expression.",
    },
    ...WAIT_OPTIONS,
    NO_NAME_OPTION,
  ],
  async run(io, input) {
    const count = input.integer("count", 1, Number.MAX_SAFE_INTEGER) ?? Infinity;
    const until = await patternOf("--until", input.text("until"));
    const wait = readWait(input);
    // Only the user or a condition (--count, --until) ends it; a network outage must not.
    const configuration = await readConfiguration(io, input);
    using name = await nameConnection(io, configuration);
    await using client = createConfiguredClient(io, configuration, {
      displayName: name.displayName,
      maxReconnectAttempts: Infinity,
    });
    const warn = (problem: string): void => void say(io, problem);
    await using _history = await keepHistory(io, configuration, client, warn);
    using reader = watchReader(io);
    const { signal } = reader;
    const messages = await connectWhenUp(io, wait, async () => {
      // Before connecting, so that no message is lost; anew, because a failure ends the stream.
      const stream = client.messages({ signal });
      await client.connect("", { signal });
      return stream;
    }, signal);
    reportConnection(io, client);
    reportDisplayName(io, client);
    await say(
      io,
      `Listening on ${client.serverUrl} as ${client.user?.email}. Press Ctrl+C to stop.`,
    );

    let printed = 0;
    for await (const message of messages) {
      await (input.flag("json") ? printJson(io, forPrograms(message)) : printMessage(io, message));
      if (++printed >= count || until?.test(message.content)) break;
    }
    signal.throwIfAborted();
  },
};
