/**
 * The Tasks extension of the protocol (io.modelcontextprotocol/tasks): where the host speaks it, a wait
 * is a task that the host asks for, instead of calls that the model repeats. The SDK has no runtime for
 * it (2.4.0).
 * @module
 */
import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
  type StandardSchemaV1,
} from "@modelcontextprotocol/server";
import { isJsonObject, type JsonObject } from "../../../client/base/json.ts";
import type { Wait, Waits } from "./waits.ts";

/** The name of the extension. */
export const TASKS_EXTENSION = "io.modelcontextprotocol/tasks";

/** How often the host should ask, in milliseconds. */
const POLL_INTERVAL = 1_000;

/** Whether the host accepts a task as the answer to this request. */
export function acceptsTask({ mcpReq }: ServerContext): boolean {
  const envelope: unknown = mcpReq.envelope;
  const capabilities = isJsonObject(envelope) ? envelope[CLIENT_CAPABILITIES_META_KEY] : undefined;
  const extensions = isJsonObject(capabilities) ? capabilities["extensions"] : undefined;
  return isJsonObject(extensions) && isJsonObject(extensions[TASKS_EXTENSION]);
}

/** The answer to a call that a task was made of; without content, the SDK would add some. */
export function createdTask(wait: Wait): CallToolResult {
  return { content: [], resultType: "task", ...taskOf(wait) };
}

/** Answers the requests of the extension. `resultOf` is the result of a call that is over. */
export function serveTasks(
  server: Server,
  waits: Waits,
  resultOf: (wait: Wait) => CallToolResult | undefined,
): void {
  const find = (taskId: string): Wait => {
    const wait = waits.get(taskId);
    if (wait !== undefined) return wait;
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, "There is no such task.");
  };
  server.setRequestHandler("tasks/get", { params: taskParams }, ({ taskId }) => {
    const wait = find(taskId);
    const result = wait.isWithdrawn ? undefined : resultOf(wait);
    return { ...taskOf(wait), ...(result !== undefined && { result }) };
  });
  // No task asks the host for anything.
  server.setRequestHandler("tasks/update", { params: taskParams }, ({ taskId }) => {
    find(taskId);
    return {};
  });
  server.setRequestHandler("tasks/cancel", { params: taskParams }, ({ taskId }) => {
    find(taskId).withdraw();
    return {};
  });
}

function taskOf(wait: Wait): JsonObject {
  return {
    taskId: wait.handle,
    status: wait.isWithdrawn ? "cancelled" : wait.outcome === undefined ? "working" : "completed",
    createdAt: wait.began.toISOString(),
    lastUpdatedAt: wait.changed.toISOString(),
    ttlMs: null,
    pollIntervalMs: POLL_INTERVAL,
  };
}

/** The parameters of the requests of the extension. */
const taskParams: StandardSchemaV1<unknown, { readonly taskId: string }> = {
  "~standard": {
    version: 1,
    vendor: "roomz",
    validate: (value) =>
      isJsonObject(value) && typeof value["taskId"] === "string"
        ? { value: { taskId: value["taskId"] } }
        : { issues: [{ message: "taskId must be a string." }] },
  },
};
