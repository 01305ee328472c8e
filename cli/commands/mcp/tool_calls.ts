/**
 * Answers the host's calls of tools: at once, or for tools that wait, in legs that end before the host
 * gives up.
 * @module
 */
import {
  type CallToolRequest,
  type CallToolResult,
  inputRequired,
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { isJsonObject, type JsonObject, parseJson } from "../../../client/base/json.ts";
import { endingOf } from "../../command_line/exit_code.ts";
import type { Io } from "../../command_line/io.ts";
import { readArguments } from "./parameters.ts";
import type { Room } from "./room.ts";
import { acceptsTask, createdTask } from "./tasks.ts";
import { HANDLE, type Tool } from "./tool.ts";
import type { Wait, Waits } from "./waits.ts";

/**
 * How often a host of 2026 is made to ask again within one call, before the model is: the SDK's client
 * gives up after 10 times.
 */
const MOST_ROUNDS = 8;

/** How often progress is reported, in milliseconds. */
const PROGRESS_INTERVAL = 5_000;

/** What the calls act on. */
export interface CallEnvironment {
  readonly io: Io;
  /** The server that the host chose, for the advice in errors; undefined for that of the files. */
  readonly server: string | undefined;
  readonly tools: readonly Tool[];
  readonly waits: Waits;
  /** How long one call may wait, in milliseconds. */
  readonly leg: number;
  /** The room, which is loaded when it is first needed. */
  room(): Promise<Room>;
}

/** What the host is, as it says itself. */
export interface Host {
  readonly name: string | undefined;
  /** Whether it asks again by itself when an answer requires input (2026-07-28). */
  readonly takesRounds: boolean;
}

/** Answers a call; a failure is a result as well, which the model reads. */
export async function callTool(
  environment: CallEnvironment,
  { params }: CallToolRequest,
  context: ServerContext,
  host: Host,
): Promise<CallToolResult | InputRequiredResult> {
  const tool = environment.tools.find(({ definition }) => definition.name === params.name);
  if (tool === undefined) {
    const name = params.name.slice(0, 100);
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${name}`);
  }
  try {
    const given = params.arguments ?? {};
    const { signal } = context.mcpReq;
    if (tool.waitsUntil !== undefined) {
      return await callWaiting(environment, tool, given, context, host);
    }
    const call = tool.prepare(given);
    const room = await (await environment.room()).join(host.name);
    return success(await call(room, signal));
  } catch (error) {
    return failure(environment, error);
  }
}

/** The result of a wait that is over; undefined while it goes on. */
export function resultOf(environment: CallEnvironment, wait: Wait): CallToolResult | undefined {
  const { outcome, tool, handle, waited } = wait;
  if (outcome === undefined) return undefined;
  if ("error" in outcome) return failure(environment, outcome.error);
  const status = environment.tools.find(({ definition }) => definition.name === tool)?.waitsUntil;
  return success({ status, handle, waited, ...outcome.result });
}

async function callWaiting(
  environment: CallEnvironment,
  tool: Tool,
  given: JsonObject,
  context: ServerContext,
  host: Host,
): Promise<CallToolResult | InputRequiredResult> {
  const { name } = tool.definition;
  const { waits } = environment;
  const { signal } = context.mcpReq;
  const round = roundOf(context);
  const handle = round?.handle ?? handleIn(given);
  let wait: Wait;
  if (handle === undefined) {
    const call = tool.prepare(given);
    waits.requireRoom();
    const room = await (await environment.room()).join(host.name);
    signal.throwIfAborted();
    wait = waits.open(name, (withdrawn) => call(room, withdrawn));
  } else {
    wait = waits.find(name, handle);
  }
  if (acceptsTask(context)) return createdTask(wait);

  using _progress = reportProgress(context, wait);
  await wait.leg(environment.leg, signal);
  const result = resultOf(environment, wait);
  if (result !== undefined) return result;
  const count = (round?.count ?? 0) + 1;
  if (host.takesRounds && count <= MOST_ROUNDS) {
    return inputRequired({ requestState: JSON.stringify({ handle: wait.handle, count }) });
  }
  return success({
    status: "waiting",
    handle: wait.handle,
    waited: wait.waited,
    next:
      `Not yet. Call ${name} again with {"handle": "${wait.handle}"} to continue waiting. Nothing that ` +
      "arrives in between is lost.",
  });
}

/** The handle in the arguments, of which the others are then ignored. */
function handleIn({ handle }: JsonObject): string | undefined {
  return readArguments({ handle: HANDLE }, [], { handle: handle ?? null }).handle;
}

/** What the last round of this call was; undefined in the first one. The host may have changed it. */
function roundOf({ mcpReq }: ServerContext): { handle: string; count: number } | undefined {
  const text = mcpReq.requestState<unknown>();
  const state = typeof text === "string" ? parseJson(text) : undefined;
  if (!isJsonObject(state)) return undefined;
  const { handle, count } = state;
  if (typeof handle !== "string" || typeof count !== "number") return undefined;
  return { handle, count };
}

/** Tells the host that the wait goes on, if it asked for that. */
function reportProgress({ mcpReq }: ServerContext, wait: Wait): Disposable {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return { [Symbol.dispose]() {} };
  let progress = 0;
  const report = (): void => {
    progress = Math.max(progress + 1, wait.waited);
    const params = { progressToken, progress, message: `Waiting for ${wait.waited} s.` };
    mcpReq.notify({ method: "notifications/progress", params })
      .catch(() => {}); // The host is gone, and everything ends.
  };
  report();
  const timer = setInterval(report, PROGRESS_INTERVAL);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** A result with a copy as text, for hosts that show no structure. */
function success(result: JsonObject): CallToolResult {
  return {
    content: [{ type: "text", text: JSON.stringify(result) }],
    structuredContent: { ...result },
  };
}

function failure({ io, server }: CallEnvironment, error: unknown): CallToolResult {
  const text = endingOf(error, io, server).message ?? "The server is ending.";
  return { content: [{ type: "text", text }], isError: true };
}
