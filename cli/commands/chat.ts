/**
 * `roomz chat`: the interactive chat, full-screen or plain.
 * @module
 */
import type { AsyncClient } from "../../client/mod.ts";
import type { ConnectionName } from "../account/connection_name.ts";
import {
  type CommandInput,
  type CommandSpec,
  NO_NAME_OPTION,
  WAIT_OPTIONS,
} from "../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import type { Io, Terminal } from "../command_line/io.ts";
import { readConfiguration } from "../config/configuration.ts";
import type { Configuration } from "../config/settings.ts";
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
    ...WAIT_OPTIONS,
    NO_NAME_OPTION,
    {
      flags: "--commands",
      summary: "Run the slash commands in piped input, which are sent as text otherwise.",
    },
  ],
  async run(io, input) {
    const terminal = screenOf(io, input);
    if (terminal !== undefined && (input.flag("noWait") || input.text("wait") !== undefined)) {
      throw new CommandError(
        "--wait and --no-wait require --plain: the full-screen chat tries until you quit.",
        ExitCode.USAGE,
      );
    }
    if (terminal === undefined) {
      const configuration = await readConfiguration(io, input);
      const { chatInLines } = await import("../chat/plain_chat.ts");
      const { readWait } = await import("../account/wait_for_server.ts");
      const wait = readWait(input);
      const warn = (problem: string): void => void say(io, problem);
      using name = await nameFor(io, configuration);
      await using client = await clientFor(io, configuration, name, warn);
      await using keeper = await keepHistory(io, configuration, client, warn);
      const { machineName } = name;
      const { history } = keeper;
      const pipedCommands = input.flag("commands");
      await chatInLines(io, client, { history, wait, machineName, pipedCommands });
    } else {
      const [configuration, { chatOnScreen }] = await Promise.all([
        readConfiguration(io, input),
        import("../chat/screen_chat.ts"),
      ]);
      await using resources = new AsyncDisposableStack();
      await chatOnScreen(io, terminal, configuration.server_url.value, async (warn) => {
        const name = resources.use(await nameFor(io, configuration));
        const client = await clientFor(io, configuration, name, warn);
        const { history } = resources.use(await keepHistory(io, configuration, client, warn));
        return { client, history, machineName: name.machineName };
      });
    }
  },
};

/** The terminal to draw on; undefined for plain output. */
function screenOf(io: Io, input: CommandInput): Terminal | undefined {
  return input.flag("plain") || io.env("TERM") === "dumb" ? undefined : io.terminal;
}

async function nameFor(io: Io, configuration: Configuration): Promise<ConnectionName> {
  const { nameConnection } = await import("../account/connection_name.ts");
  return await nameConnection(io, configuration);
}

async function clientFor(
  io: Io,
  configuration: Configuration,
  { displayName }: ConnectionName,
  warn: (problem: string) => void,
): Promise<AsyncClient> {
  const { createConfiguredClient } = await import("../account/create_client.ts");
  const options = { displayName, maxReconnectAttempts: Infinity };
  return createConfiguredClient(io, configuration, options, warn);
}
