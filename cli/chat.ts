/**
 * `roomz chat`: a conversation in plain lines.
 * @module
 */
import type { AsyncClient, Message } from "../client/mod.ts";
import { obey } from "./chat_commands.ts";
import type { CommandSpec } from "./command_spec.ts";
import { createClient, reportConnection } from "./connect.ts";
import { readLines } from "./input_text.ts";
import type { Io } from "./io.ts";
import { printMessage } from "./message_line.ts";
import { say } from "./say.ts";
import { serverAddress } from "./server_address.ts";

/** The command. */
export const chatCommand: CommandSpec = {
  name: "chat",
  summary: "Chat: each line that you type is a message.",
  examples: ["roomz chat", "roomz chat -s https://roomz.example"],
  async run(io, input) {
    await using client = createClient(io, serverAddress(io, input), {
      maxReconnectAttempts: Infinity,
    });
    const messages = client.messages({ signal: io.signal });
    await client.connect("", { signal: io.signal });
    reportConnection(io, client);
    await say(io, `Connected to ${client.serverUrl} as ${client.user?.email}. /quit leaves.`);

    await Promise.all([
      show(io, messages),
      converse(io, client).finally(() => client.disconnect()),
    ]);
  },
};

/** Shows what others send: one's own lines are on the screen as they were typed. */
async function show(io: Io, messages: AsyncIterable<Message>): Promise<void> {
  for await (const message of messages) {
    if (!message.own) await printMessage(io, message);
  }
}

/** Obeys each line, until the input ends or the user leaves. */
async function converse(io: Io, client: AsyncClient): Promise<void> {
  for await (const line of readLines(io)) {
    const { tell, leave = false } = await obey(client, line);
    if (tell !== undefined) await say(io, tell);
    if (leave) return;
  }
}
