/**
 * The server of `roomz mcp`, from its first message to its end.
 * @module
 */
import { CLIENT_INFO_META_KEY, Server, type ServerContext } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { atMost } from "../../../bot/context/clock.ts";
import { aborted } from "../../../client/base/aborted.ts";
import { isJsonObject } from "../../../client/base/json.ts";
import { systemPlatform } from "../../../client/base/platform.ts";
import type { CommandInput } from "../../command_line/command_spec.ts";
import { endService } from "../../command_line/interruption.ts";
import type { Io } from "../../command_line/io.ts";
import { version } from "../../config/version.ts";
import { say } from "../../terminal/output.ts";
import { instructionsFor } from "./instructions.ts";
import { IoTransport } from "./io_transport.ts";
import type { Room } from "./room.ts";
import { serveTasks, TASKS_EXTENSION } from "./tasks.ts";
import type { Tool } from "./tool.ts";
import { type CallEnvironment, callTool, type Host, resultOf } from "./tool_calls.ts";
import { askHuman } from "./tools/ask_human.ts";
import { listDevices } from "./tools/list_devices.ts";
import { readMessages } from "./tools/read_messages.ts";
import { sendMessage } from "./tools/send_message.ts";
import { waitForMessage } from "./tools/wait_for_message.ts";
import { Waits } from "./waits.ts";

/** How `roomz mcp` was called. */
export interface McpOptions {
  /** The chosen display name. */
  readonly name: string | undefined;
  /** Whether to leave out the tools that send. */
  readonly readOnly: boolean;
  /** How long one call may wait, in milliseconds. */
  readonly leg: number;
}

const TOOLS: readonly Tool[] = [askHuman, sendMessage, readMessages, waitForMessage, listDevices];

/**
 * How long the last answers with the withdrawal of questions may take, and leaving the room after that, in
 * milliseconds: hosts kill after 2 s.
 */
const ANSWERING_LIMIT = 1_000;
const LEAVING_LIMIT = 600;

/**
 * Serves until the host closes stdin or the command is interrupted.
 * @throws {Interruption} Ctrl+C.
 */
export async function serveMcp(io: Io, input: CommandInput, options: McpOptions): Promise<void> {
  using _console = consoleToStderr();
  const waits = new Waits();
  let room: Room | undefined;
  const environment: CallEnvironment = {
    io,
    // The user's shell has another environment than the host gives.
    server: input.text("server") ?? (io.env("ROOMZ_SERVER_URL") || undefined),
    tools: TOOLS.filter(({ sends }) => !sends || !options.readOnly),
    waits,
    leg: options.leg,
    async room() {
      const { Room } = await import("./room.ts");
      return room ??= new Room(io, input, options.name);
    },
  };
  const transport = new IoTransport(io);
  serveStdio(() => createServer(environment, instructionsFor(options.readOnly)), {
    transport,
    onerror: ({ message }) => void say(io, message),
  });
  await Promise.race([transport.ended, aborted(io.signal)]);
  // In this order: withdrawing needs the room.
  const answered = io.signal.aborted ? undefined : transport.answered;
  await atMost(ANSWERING_LIMIT, Promise.all([waits.end(), answered]), systemPlatform);
  await atMost(LEAVING_LIMIT, room?.leave(), systemPlatform);
  await transport.close();
  endService(io.signal);
}

function createServer(environment: CallEnvironment, instructions: string): Server {
  const server = new Server({ name: "roomz", title: "Roomz", version }, {
    capabilities: { tools: {}, extensions: { [TASKS_EXTENSION]: {} } },
    instructions,
  });
  server.setRequestHandler("tools/list", () => ({
    tools: environment.tools.map(({ definition }) => definition),
  }));
  server.setRequestHandler("tools/call", (request, context) => {
    return callTool(environment, request, context, hostOf(server, context));
  });
  serveTasks(server, environment.waits, (wait) => resultOf(environment, wait));
  return server;
}

/** In 2025 a host names itself once, at the start; in 2026 in each request. */
function hostOf(server: Server, { mcpReq }: ServerContext): Host {
  const envelope: unknown = mcpReq.envelope;
  if (!isJsonObject(envelope)) return { name: server.getClientVersion()?.name, takesRounds: false };
  const info = envelope[CLIENT_INFO_META_KEY];
  const name = isJsonObject(info) ? info["name"] : undefined;
  return { name: typeof name === "string" ? name : undefined, takesRounds: true };
}

/** stdout belongs to the protocol: one stray line without an end would swallow the next answer. */
function consoleToStderr(): Disposable {
  const { console } = globalThis;
  const before = { ...console };
  for (
    const name of ["log", "info", "debug", "dir", "dirxml", "table", "group", "count", "timeEnd"]
  ) {
    Reflect.set(console, name, console.error);
  }
  return { [Symbol.dispose]: () => void Object.assign(console, before) };
}
