/**
 * What a bot can do, as data that can be written to JSON: documentation is made from it.
 * @module
 */
import type { Extent } from "../signature/signature.ts";
import type { ValueType } from "../signature/value_types.ts";
import type { BoundCommand } from "./bound_command.ts";

/** A bot, as data. */
export interface BotManifest {
  /** The bot's name, also its display name. */
  readonly name: string;
  /** What a message that calls a command starts with; `@name` works besides. */
  readonly prefixes: readonly string[];
  /** The commands, the generated help included. */
  readonly commands: readonly CommandManifest[];
}

/** A command, as data. */
export interface CommandManifest {
  /** The words that call it: `"todo add"`. */
  readonly name: string;
  /** The signature as written, on one line: `"todo add <text...>"`. */
  readonly signature: string;
  /** What it does; absent where the definition does not say. */
  readonly description?: string;
  /** Other words that call it. */
  readonly aliases: readonly string[];
  /** Whether it runs at once, out of order. */
  readonly concurrent: boolean;
  /** The positional arguments, in order. */
  readonly arguments: readonly ArgumentManifest[];
  /** The flags, in order. */
  readonly flags: readonly FlagManifest[];
}

/** An argument, as data. */
export interface ArgumentManifest {
  /** As in the signature. */
  readonly name: string;
  /** The property of `args`. */
  readonly key: string;
  /** `"text"`, `"int"`, … or the choices: `"dev|prod"`. */
  readonly type: string;
  /** The words to choose from, where the type is one of choices. */
  readonly choices?: readonly string[];
  /** One word, the rest of the line, or many words. */
  readonly extent: Extent;
  /** Whether a line without it is wrong. */
  readonly required: boolean;
  /** As in the signature; absent where it has none. */
  readonly default?: string;
}

/** A flag, as data. */
export interface FlagManifest {
  /** As in the signature, without the dashes. */
  readonly name: string;
  /** The property of `args`. */
  readonly key: string;
  /** `"text"`, `"int"`, … or the choices; absent for a switch, which takes no value. */
  readonly type?: string;
  /** The words to choose from, where the type is one of choices. */
  readonly choices?: readonly string[];
  /** As in the signature; absent where it has none. */
  readonly default?: string;
}

/** The data of one command. */
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

/** The property, unless its value is undefined: JSON has no such value. */
function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  const property: { [P in K]?: V } = {};
  if (value !== undefined) property[key] = value;
  return property;
}
