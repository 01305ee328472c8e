/**
 * A flow as the bot runs it: its definition checked, its steps in order.
 * @module
 */
import type { Scope } from "../handler/scope.ts";
import { type BoundSession, checkVersion } from "../session/loaded_session.ts";
import { typeNamed } from "../signature/answer_reader.ts";
import { readDuration } from "../signature/duration.ts";
import type { ValueType } from "../signature/value_types.ts";
import { BotDefinitionError } from "../text/definition_error.ts";
import { fold } from "../text/fold.ts";
import type { AnyFlowStep, Flow } from "./flow.ts";

/** A step with its name and what follows it. */
export interface BoundStep {
  readonly name: string;
  /** What its answer reads. */
  readonly type: ValueType;
  readonly step: AnyFlowStep;
  /** The name of the one after it; undefined for the last. */
  readonly following: string | undefined;
}

/** A flow, ready to run. */
export interface BoundFlow {
  readonly name: string;
  readonly definition: Flow;
  readonly scope: Scope;
  /** The session that its steps have; undefined where it names none. */
  readonly session: BoundSession | undefined;
  /** The first step's name. */
  readonly first: string;
  readonly steps: ReadonlyMap<string, BoundStep>;
  /** The word that ends it, in lower case. */
  readonly cancel: string | undefined;
  /** How long an answer may take, milliseconds. */
  readonly timeout: number | undefined;
}

/**
 * Checks a flow's definition; `path` is where it is in the definition.
 * @throws {BotDefinitionError} Something in it makes no sense.
 */
export function bindFlow(
  name: string,
  definition: Flow,
  scope: Scope,
  session: BoundSession | undefined,
  path: string,
): BoundFlow {
  checkVersion(definition.version, `${path}.version`);
  const entries = Object.entries(definition.steps).map(([key, step]) => {
    const stepPath = `${path}.steps[${JSON.stringify(key)}]`;
    const [stepName = "", type = "text"] = key.split(/:(.*)/s);
    if (stepName.trim() === "") {
      throw new BotDefinitionError({
        problem: "A step has a name before its type.",
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
    steps.set(name, { name, type, step, following: entries[index + 1]?.name });
  }
  const [first] = steps.keys();
  if (first === undefined) {
    throw new BotDefinitionError({ problem: "A flow has a step at least.", path: `${path}.steps` });
  }
  const { cancel = "cancel", timeout } = definition;
  return {
    name,
    definition,
    scope,
    session,
    first,
    steps,
    cancel: cancel === false ? undefined : fold(cancel),
    timeout: timeout === undefined ? undefined : readDuration(timeout, `${path}.timeout`),
  };
}
