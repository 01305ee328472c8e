/**
 * A flow that is ready to run: its definition checked, its steps indexed by name.
 * @module
 */
import { readFrom } from "../context/device_key.ts";
import type { Scope } from "../handler/scope.ts";
import { checkInitial } from "../session/initial_value.ts";
import { type BoundSession, checkVersion } from "../session/loaded_session.ts";
import { typeNamed } from "../signature/answer_reader.ts";
import { readDuration } from "../signature/duration.ts";
import type { ValueType } from "../signature/value_types.ts";
import { BotDefinitionError } from "../text/definition_error.ts";
import { fold } from "../text/fold.ts";
import { element } from "../text/shape.ts";
import type { AnyFlowStep, Flow } from "./flow.ts";

/** A step that is ready to run. */
export interface BoundStep {
  readonly name: string;
  /** The type of its answer. */
  readonly type: ValueType;
  readonly step: AnyFlowStep;
  /** The name of the next step; undefined for the last. */
  readonly next: string | undefined;
}

/** A flow that is ready to run. */
export interface BoundFlow {
  readonly name: string;
  readonly definition: Flow;
  readonly scope: Scope;
  /** The session that its steps use; undefined if it has none. */
  readonly session: BoundSession | undefined;
  /** The name of the first step. */
  readonly first: string;
  readonly steps: ReadonlyMap<string, BoundStep>;
  /** The folded name of the device that it talks with; undefined for the one that starts it. */
  readonly from: string | undefined;
  /** The word that cancels it, folded. */
  readonly cancel: string | undefined;
  /** The time limit for an answer, in milliseconds. */
  readonly timeout: number | undefined;
}

/**
 * Checks a flow's definition and binds it to its scope; `path` is its path in the bot's definition.
 * @throws {BotDefinitionError} The definition is invalid.
 */
export function bindFlow(
  name: string,
  definition: Flow,
  scope: Scope,
  session: BoundSession | undefined,
  path: string,
): BoundFlow {
  checkVersion(definition.version, `${path}.version`);
  checkInitial(definition.state, "state", `${path}.state`);
  const entries = Object.entries(definition.steps).map(([key, step]) => {
    const stepPath = `${path}.steps${element(key)}`;
    const [stepName = "", type = "text"] = key.split(/:(.*)/s);
    if (stepName.trim() === "") {
      throw new BotDefinitionError({
        problem: "A step must have a name before its type.",
        path: stepPath,
      });
    }
    return { name: stepName, type: typeNamed(type, stepPath), step, stepPath };
  });
  const steps = new Map<string, BoundStep>();
  for (const [index, { name, type, step, stepPath }] of entries.entries()) {
    if (steps.has(name)) {
      throw new BotDefinitionError({ problem: `Two steps are named "${name}".`, path: stepPath });
    }
    steps.set(name, { name, type, step, next: entries[index + 1]?.name });
  }
  const [first] = steps.keys();
  if (first === undefined) {
    throw new BotDefinitionError({
      problem: "A flow must have at least one step.",
      path: `${path}.steps`,
    });
  }
  const { cancel = "cancel", timeout } = definition;
  return {
    name,
    definition,
    scope,
    session,
    first,
    steps,
    from: readFrom(definition.from, `${path}.from`),
    cancel: cancel === false ? undefined : fold(cancel),
    timeout: timeout === undefined ? undefined : readDuration(timeout, `${path}.timeout`),
  };
}
