/**
 * Checks the initial value of a session or a flow's state when it is defined, not when it is first used.
 * @module
 */
import { jsonText } from "../storage/json_text.ts";
import { MAX_VALUE_BYTES, StorageError } from "../storage/storage.ts";
import { BotDefinitionError } from "../text/definition_error.ts";
import { isRecord, mustBe } from "../text/shape.ts";

/**
 * Calls `create` once, and checks that what it returns can be stored. Error messages refer to the value
 * as `name`; `path` is the path of `create` in the definition.
 * @throws {BotDefinitionError} It throws, or returns what cannot be stored.
 */
export function checkInitial(create: () => unknown, name: string, path: string): void {
  const problem = problemOf(create, name);
  if (problem !== undefined) throw new BotDefinitionError({ problem, path });
}

function problemOf(create: () => unknown, name: string): string | undefined {
  let value: unknown;
  try {
    value = create();
  } catch (error) {
    return `This function throws "${error}". defineBot calls it once, to check what it returns.`;
  }
  if (!isRecord(value)) return mustBe(`The initial ${name}`, "a plain object", value).problem;
  try {
    const { length } = new TextEncoder().encode(jsonText(value, name));
    if (length <= MAX_VALUE_BYTES) return undefined;
    return `The initial ${name} is ${length} bytes as JSON, which exceeds the limit of ${MAX_VALUE_BYTES}.`;
  } catch (error) {
    if (error instanceof StorageError) return error.message;
    throw error;
  }
}
