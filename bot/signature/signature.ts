/**
 * A parsed command signature: words, arguments and flags.
 * @module
 */
import type { ValueType } from "./value_types.ts";

/** How much of the line a positional argument takes. */
export type Extent =
  /** One word, or several in quotes. */
  | "one"
  /** The rest of the line, verbatim. */
  | "rest"
  /** Every remaining word, as a list. */
  | "many";

/** A positional argument: `<service>`, `[sides:int=6]`, `<text...>`, `<n:int...>`. */
export interface Argument {
  /** As written in the signature. */
  readonly name: string;
  /** The property of `args`: the name in camelCase. */
  readonly key: string;
  readonly type: ValueType;
  /** How much of the line it takes. */
  readonly extent: Extent;
  readonly required: boolean;
  /** The default as written, not parsed yet. */
  readonly default: string | undefined;
}

/** A flag: `[--dry-run]`, `[--env:dev|prod]`, `[--tries:int=3]`. */
export interface Flag {
  /** As written in the signature, without the dashes. */
  readonly name: string;
  /** The property of `args`: the name in camelCase. */
  readonly key: string;
  /** Undefined for a switch, which takes no value. */
  readonly type: ValueType | undefined;
  /** The default as written, not parsed yet. */
  readonly default: string | undefined;
}

/** A parsed signature. */
export interface Signature {
  /** As written, with a single space between parts. */
  readonly text: string;
  /** The words that call the command: `["todo", "add"]`. */
  readonly words: readonly string[];
  /** In order of position. */
  readonly arguments: readonly Argument[];
  /** In the order they are written. */
  readonly flags: readonly Flag[];
}
