/**
 * A command's signature, read: its words, its arguments and its flags.
 * @module
 */
import type { ValueType } from "./value_types.ts";

/** How much of the line a positional argument takes. */
export type Extent =
  /** One word, or several in quotes. */
  | "one"
  /** The rest of the line, raw. */
  | "rest"
  /** Every word that is left, one by one. */
  | "many";

/** A positional argument: `<service>`, `[sides:int=6]`, `<text...>`, `<n:int...>`. */
export interface Argument {
  /** As written in the signature. */
  readonly name: string;
  /** The property of `args`: the name in camelCase. */
  readonly key: string;
  /** What it reads. */
  readonly type: ValueType;
  /** How much of the line it takes. */
  readonly extent: Extent;
  /** Whether a line without it is wrong. */
  readonly required: boolean;
  /** The default as written; the type reads it. */
  readonly default: string | undefined;
}

/** A flag: `[--dry-run]`, `[--env:dev|prod]`, `[--tries:int=3]`. */
export interface Flag {
  /** As written in the signature, without the dashes. */
  readonly name: string;
  /** The property of `args`: the name in camelCase. */
  readonly key: string;
  /** What its value reads; undefined for a switch, which is there or not. */
  readonly type: ValueType | undefined;
  /** The default as written; the type reads it. */
  readonly default: string | undefined;
}

/** A signature in parts. */
export interface Signature {
  /** As written, white space between parts made one space. */
  readonly text: string;
  /** The words that call the command: `["todo", "add"]`. */
  readonly words: readonly string[];
  /** The positional arguments, in order. */
  readonly arguments: readonly Argument[];
  /** The flags, in order. */
  readonly flags: readonly Flag[];
}
