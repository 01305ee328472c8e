/**
 * What a tool is: its definition for the host, and what a call of it does.
 * @module
 */
import type { Tool as ToolDefinition } from "@modelcontextprotocol/server";
import type { JsonObject } from "../../../client/base/json.ts";
import { type ArgumentsOf, inputSchema, type Parameters, readArguments } from "./parameters.ts";
import type { JoinedRoom } from "./room.ts";

/** A call whose arguments have been checked. It ends early, with an error, when `signal` aborts. */
export type PreparedCall = (room: JoinedRoom, signal: AbortSignal) => Promise<JsonObject>;

/** A tool. */
export interface Tool {
  /** As the host lists it. */
  readonly definition: ToolDefinition;
  /** Whether it sends something to the room: `--read-only` leaves it out. */
  readonly sends: boolean;
  /** The status of a finished call, for a tool that waits for others; undefined for one that does not. */
  readonly waitsUntil: string | undefined;
  /**
   * Checks the arguments.
   * @throws {CommandError} They are invalid.
   */
  prepare(given: unknown): PreparedCall;
}

/** The declaration of a tool. */
export interface ToolDeclaration<P extends Parameters, R extends keyof P & string> {
  readonly name: string;
  readonly title: string;
  /** For the model. */
  readonly description: string;
  readonly parameters: P;
  readonly required: readonly R[];
  /** The JSON Schemas of the result's properties. */
  readonly output: Readonly<Record<string, JsonObject>>;
  /** The properties that every result has. */
  readonly always: readonly string[];
  readonly sends: boolean;
  readonly waitsUntil?: string;
  /** Runs a call. */
  run(
    input: ArgumentsOf<P, R>,
    room: JoinedRoom,
    signal: AbortSignal,
  ): Promise<JsonObject>;
}

/** The parameter of every tool that waits. */
export const HANDLE = {
  type: "string",
  description:
    'The handle from an earlier result with the status "waiting", to continue that wait. ' +
    "All other arguments are then ignored.",
  maxLength: 100,
} as const;

/** How long a wait may last, in seconds: a week. */
const LONGEST_TIMEOUT = 7 * 86_400;

/** How long a wait lasts by default, in seconds. */
export const DEFAULT_TIMEOUT = 600;

/** The parameter that limits a wait. */
export const TIMEOUT_SECONDS = {
  type: "integer",
  description: `How long to wait in total, in seconds (default: ${DEFAULT_TIMEOUT}).`,
  minimum: 1,
  maximum: LONGEST_TIMEOUT,
} as const;

/** Makes a tool of its declaration. */
export function defineTool<const P extends Parameters, const R extends keyof P & string = never>(
  declaration: ToolDeclaration<P, R>,
): Tool {
  const { name, title, description, parameters, required, output, always, sends, waitsUntil } =
    declaration;
  const waits = waitsUntil !== undefined;
  return {
    sends,
    waitsUntil,
    definition: {
      name,
      title,
      description,
      // A call that goes on waiting has no other argument than the handle.
      inputSchema: waits
        ? inputSchema({ ...parameters, handle: HANDLE }, [])
        : inputSchema(parameters, required),
      outputSchema: {
        type: "object",
        properties: waits ? { ...waitOutput(waitsUntil), ...output } : output,
        required: waits ? ["status", "handle", "waited"] : [...always],
      },
      annotations: {
        title,
        readOnlyHint: !sends,
        ...(sends && { destructiveHint: false, idempotentHint: false }),
        openWorldHint: true,
      },
    },
    prepare(given) {
      const input = readArguments(parameters, required, given);
      return (room, signal) => declaration.run(input, room, signal);
    },
  };
}

/** The properties of a result that says whether the wait is over. */
function waitOutput(done: string): Record<string, JsonObject> {
  return {
    status: { type: "string", enum: [done, "waiting"] },
    handle: { type: "string", description: "The handle of this wait." },
    waited: { type: "integer", description: "How long it has waited in total, in seconds." },
    next: { type: "string", description: "What to do next, if the wait is not over." },
  };
}
