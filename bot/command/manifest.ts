/**
 * A bot's commands as plain data, for documentation: `roomz bot docs` uses it.
 * @module
 */
import type { Extent } from "../signature/signature.ts";
import type { ValueType } from "../signature/value_types.ts";
import type { BoundCommand } from "./bound_command.ts";

/** A bot's name, prefixes and commands, as JSON-serializable data. */
export interface BotManifest {
  /** The bot's name, which is also its display name. */
  readonly name: string;
  /** What commands start with; `@name` works as well. */
  readonly prefixes: readonly string[];
  /** The commands, including the generated `help`. */
  readonly commands: readonly CommandManifest[];
}

/** A command in a {@linkcode BotManifest}. */
export interface CommandManifest {
  /** The command's words: `"todo add"`. */
  readonly name: string;
  /** The signature as written, on a single line: `"todo add <text...>"`. */
  readonly signature: string;
  /** What the command does; absent if the definition has no description. */
  readonly description?: string;
  /** Alternative words for the command. */
  readonly aliases: readonly string[];
  /** Whether it starts at once, without waiting for the device's earlier messages. */
  readonly concurrent: boolean;
  /** The positional arguments, in order. */
  readonly arguments: readonly ArgumentManifest[];
  /** The flags, in order. */
  readonly flags: readonly FlagManifest[];
}

/** A positional argument in a {@linkcode CommandManifest}. */
export interface ArgumentManifest {
  /** Its name in the signature. */
  readonly name: string;
  /** The property of `args`. */
  readonly key: string;
  /** `"text"`, `"int"`, … or the choices: `"dev|prod"`. */
  readonly type: string;
  /** The choices; absent for other types. */
  readonly choices?: readonly string[];
  /** One word, the rest of the line, or a list of words. */
  readonly extent: Extent;
  /** Whether it must be given. */
  readonly required: boolean;
  /** Its default in the signature; absent without one. */
  readonly default?: string;
}

/** A flag in a {@linkcode CommandManifest}. */
export interface FlagManifest {
  /** Its name in the signature, without the dashes. */
  readonly name: string;
  /** The property of `args`. */
  readonly key: string;
  /** `"text"`, `"int"`, … or the choices; absent for a switch, which takes no value. */
  readonly type?: string;
  /** The choices; absent for other types. */
  readonly choices?: readonly string[];
  /** Its default in the signature; absent without one. */
  readonly default?: string;
}

/** Describes a command. */
export function commandManifest(command: BoundCommand): CommandManifest {
  const { signature, name, aliases, concurrent } = command;
  return {
    name,
    signature: signature.text,
    ...given("description", command.description),
    aliases: [...aliases],
    concurrent,
    arguments: signature.arguments.map((argument) => ({
      name: argument.name,
      key: argument.key,
      ...typeManifest(argument.type),
      extent: argument.extent,
      required: argument.required,
      ...given("default", argument.default),
    })),
    flags: signature.flags.map((flag) => ({
      name: flag.name,
      key: flag.key,
      ...(flag.type === undefined ? {} : typeManifest(flag.type)),
      ...given("default", flag.default),
    })),
  };
}

function typeManifest({ name, choices }: ValueType): { type: string; choices?: readonly string[] } {
  return { type: name, ...given("choices", choices) };
}

/** An object with the property, or an empty one if the value is undefined, which JSON lacks. */
function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  const property: { [P in K]?: V } = {};
  if (value !== undefined) property[key] = value;
  return property;
}
