/**
 * The parameters of a tool: declared once, as JSON Schema for the host, and checked by it.
 * @module
 */
import { didYouMean } from "../../../bot/text/did_you_mean.ts";
import { isJsonObject } from "../../../client/base/json.ts";
import { CommandError, ExitCode } from "../../command_line/exit_code.ts";

/** A text; its length is counted in code points, as JSON Schema does. */
export type TextParameter = {
  readonly type: "string";
  readonly description: string;
  readonly minLength?: number;
  readonly maxLength: number;
};

/** A whole number. */
export type IntegerParameter = {
  readonly type: "integer";
  readonly description: string;
  readonly minimum: number;
  readonly maximum: number;
};

/** Several texts. */
export type TextsParameter = {
  readonly type: "array";
  readonly description: string;
  readonly minItems: number;
  readonly maxItems: number;
  readonly items: Omit<TextParameter, "description">;
};

/** Parameters by name. */
export type Parameters = Readonly<
  Record<string, TextParameter | IntegerParameter | TextsParameter>
>;

/** The arguments for parameters `P`, of which those in `R` are required. */
export type ArgumentsOf<P extends Parameters, R extends keyof P = never> =
  & { readonly [K in keyof P]?: ValueOf<P[K]> }
  & { readonly [K in R]: ValueOf<P[K]> };

type ValueOf<P> = P extends TextParameter ? string
  : P extends IntegerParameter ? number
  : readonly string[];

/** The JSON Schema of the arguments. */
export function inputSchema(parameters: Parameters, required: readonly string[]): {
  readonly type: "object";
  readonly properties: { [name: string]: Parameters[string] };
  readonly required?: string[];
  readonly additionalProperties: false;
} {
  return {
    type: "object",
    properties: { ...parameters },
    ...(required.length > 0 && { required: [...required] }),
    additionalProperties: false,
  };
}

/**
 * Checks the arguments of a call. Null counts as absent: models write it for what they leave out.
 * @throws {CommandError} One is missing, unknown or invalid.
 */
export function readArguments<P extends Parameters, R extends keyof P & string>(
  parameters: P,
  required: readonly R[],
  given: unknown,
): ArgumentsOf<P, R> {
  if (!isJsonObject(given)) throw invalid("The arguments must be a JSON object.");
  const names = Object.keys(parameters);
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (parameter === undefined) {
      // The name may be as long as a message.
      throw invalid(`Unknown argument "${name.slice(0, 50)}".${didYouMean(name, names)}`);
    }
    if (value === null) continue;
    if (!fits(parameter, value)) throw invalid(`${name} must be ${expected(parameter)}.`);
    values[name] = value;
  }
  const missing = required.find((name) => values[name] === undefined);
  if (missing !== undefined) throw invalid(`Missing argument ${missing}.`);
  // Every value was checked against the parameter that determines its type.
  return values as ArgumentsOf<P, R>;
}

function fits(parameter: Parameters[string], value: unknown): boolean {
  if (parameter.type === "string") return isText(parameter, value);
  if (parameter.type === "integer") {
    return Number.isInteger(value) && Number(value) >= parameter.minimum &&
      Number(value) <= parameter.maximum;
  }
  return Array.isArray(value) && value.length >= parameter.minItems &&
    value.length <= parameter.maxItems && value.every((item) => isText(parameter.items, item));
}

function isText(
  { minLength = 0, maxLength }: Omit<TextParameter, "description">,
  value: unknown,
): boolean {
  if (typeof value !== "string" || value.length > 2 * maxLength) return false;
  const length = [...value].length;
  return length >= minLength && length <= maxLength;
}

function expected(parameter: Parameters[string]): string {
  if (parameter.type === "integer") {
    return `a whole number from ${parameter.minimum} to ${parameter.maximum}`;
  }
  if (parameter.type === "string") return `text of ${lengths(parameter)}`;
  const { minItems, maxItems, items } = parameter;
  return `a list of ${minItems} to ${maxItems} texts of ${lengths(items)} each`;
}

function lengths({ minLength = 0, maxLength }: Omit<TextParameter, "description">): string {
  return `${minLength} to ${maxLength} characters`;
}

function invalid(problem: string): CommandError {
  return new CommandError(problem, ExitCode.USAGE);
}
