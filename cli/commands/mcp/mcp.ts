/**
 * `roomz mcp`: the room as tools of the Model Context Protocol, for AI agents.
 * @module
 */
import { parseServerUrl } from "../../../client/base/server_url.ts";
import type { CommandInput, CommandSpec } from "../../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../../command_line/exit_code.ts";
import { say } from "../../terminal/output.ts";

/**
 * The longest wait of one call, in seconds: most hosts give up on a call after 60, and cancel it.
 */
const LONGEST_LEG = 45;

/** The server's limit for a display name, in code points (roomz 0.4.0). */
const LONGEST_NAME = 50;

export const mcpCommand: CommandSpec = {
  name: "mcp",
  summary: "Give an AI agent access to the room: an MCP (Model Context Protocol) server on stdio.",
  examples: ["roomz mcp", "claude mcp add roomz -- roomz mcp --name builder"],
  options: [
    {
      flags: "--name <name>",
      summary: "The display name (default: the name of the host, such as claude-code, or agent).",
    },
    { flags: "--read-only", summary: "Leave out the tools that send." },
    {
      flags: "--leg <seconds>",
      summary:
        "How long one call may wait before the agent has to call again (default and maximum: 45).",
    },
  ],
  async run(io, input) {
    const name = nameOf(input);
    const leg = input.integer("leg", 1, LONGEST_LEG) ?? LONGEST_LEG;
    // A mistake of whoever configures the host. Later on, only the model would read of it.
    const server = input.text("server");
    if (server !== undefined) parseServerUrl(server);
    if (io.stdin.isTerminal) {
      await say(
        io,
        "Waiting for a host to speak the Model Context Protocol on stdin. Ctrl+D ends it.",
      );
    }
    const { serveMcp } = await loadServer();
    await serveMcp(io, input, { name, readOnly: input.flag("readOnly"), leg: leg * 1_000 });
  },
};

/** @throws {CommandError} The server would reject the name. */
function nameOf(input: CommandInput): string | undefined {
  const name = input.text("name")?.trim();
  if (name === undefined) return undefined;
  const length = [...name].length;
  if (length > 0 && length <= LONGEST_NAME && !/\p{Cc}/u.test(name)) return name;
  throw new CommandError(
    `--name must be 1 to ${LONGEST_NAME} characters, without control characters.`,
    ExitCode.USAGE,
  );
}

/**
 * Loads the server by a computed URL. Deno reads the modules of a literal `import()` before anything
 * runs, so every command would wait for the SDK. The price: a binary must include the server
 * explicitly (tools/compile.ts), and a `roomz` run from a clone needs permission to read it.
 */
function loadServer(): Promise<typeof import("./mcp_server.ts")> {
  return import(new URL("./mcp_server.ts", import.meta.url).href);
}
