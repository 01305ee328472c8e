/**
 * `roomz chat`: the interactive chat, full-screen or plain.
 * @module
 */
import type { AsyncClient } from "../../client/mod.ts";
import type { CommandInput, CommandSpec } from "../command_line/command_spec.ts";
import type { Io, Terminal } from "../command_line/io.ts";
import { readConfiguration } from "../config/configuration.ts";
import { keepHistory } from "../messages/keep_history.ts";
import { say } from "../terminal/output.ts";

export const chatCommand: CommandSpec = {
  name: "chat",
  summary: "Open the interactive chat.",
  examples: ["roomz chat", "roomz chat -s https://roomz.example"],
  options: [
    {
      flags: "--plain",
      summary: "Plain output without redrawing (for screen readers and dumb terminals).",
    },
  ],
  async run(io, input) {
    const terminal = screenOf(io, input);
    if (terminal === undefined) {
      const { chatInLines } = await import("../chat/plain_chat.ts");
      const tell = (problem: string): void => void say(io, problem);
      await using client = await clientFor(io, input, tell);
      await using keeper = await keepHistory(io, input, client, tell);
      await chatInLines(io, client, keeper.history);
    } else {
      const { chatOnScreen } = await import("../chat/screen_chat.ts");
      const { server_url } = await readConfiguration(io, input);
      await using kept = new AsyncDisposableStack();
      await chatOnScreen(io, terminal, server_url.value, async (tell) => {
        const client = await clientFor(io, input, tell);
        const { history } = kept.use(await keepHistory(io, input, client, tell));
        return { client, history };
      });
    }
  },
};

/** The terminal to draw on; undefined for plain output. */
function screenOf(io: Io, input: CommandInput): Terminal | undefined {
  return input.flag("plain") || io.env("TERM") === "dumb" ? undefined : io.terminal;
}

async function clientFor(
  io: Io,
  input: CommandInput,
  warn: (problem: string) => void,
): Promise<AsyncClient> {
  const { createConfiguredClient } = await import("../account/create_client.ts");
  const logger = { debug() {}, info() {}, warn };
  return createConfiguredClient(io, input, { maxReconnectAttempts: Infinity, logger });
}
