/**
 * The error that a wrong bot definition ends in, before the bot ever runs.
 * @module
 */

/** What a {@linkcode BotDefinitionError} says. */
export interface DefinitionProblem {
  /** What is wrong and what to write instead. */
  readonly problem: string;
  /** Which part of the definition: `commands["roll <n:itn>"]`. */
  readonly path: string;
  /** The text that is wrong, a signature or an alias, where there is one. */
  readonly source?: string;
  /** Where in `source` it goes wrong, in UTF-16 code units from 0. */
  readonly position?: number;
  /** How many code units of `source` are meant. Default: 1. */
  readonly length?: number;
}

/**
 * A bot definition is wrong. The message says what is wrong and what to write instead, names the
 * part of the definition, and points at the character where that part is a signature:
 *
 * ```text
 * There is no type "itn". Did you mean "int"?
 *   in commands["roll <n:itn>"]
 *   roll <n:itn>
 *           ^^^
 * ```
 *
 * @example Show where a signature goes wrong
 * ```ts
 * import { BotDefinitionError, defineBot } from "@roomz/roomz/bot";
 *
 * try {
 *   defineBot({ name: "helper", commands: { "roll <sides": "6" } });
 * } catch (error) {
 *   if (!(error instanceof BotDefinitionError)) throw error;
 *   console.log(error.message, error.position); // …, 5
 * }
 * ```
 */
export class BotDefinitionError extends Error {
  /** The class name, so that logs tell the errors apart after bundling. */
  override name = "BotDefinitionError";
  /** Which part of the definition: `commands["roll <n:itn>"]`. */
  readonly path: string;
  /** The text that is wrong, a signature or an alias; undefined where there is none. */
  readonly source: string | undefined;
  /** Where in `source` it goes wrong, in UTF-16 code units from 0; undefined without `source`. */
  readonly position: number | undefined;

  /** Composes the message from its parts. */
  constructor({ problem, path, source, position, length = 1 }: DefinitionProblem) {
    const pointer = source === undefined || position === undefined
      ? ""
      : `\n${pointAt(source, position, length)}`;
    super(`${problem}\n  in ${path}${pointer}`);
    this.path = path;
    this.source = source;
    this.position = position;
  }
}

/** The line of `source` that holds `position`, and below it carets under what is meant. */
function pointAt(source: string, position: number, length: number): string {
  const start = source.lastIndexOf("\n", position - 1) + 1;
  const end = source.indexOf("\n", position);
  const line = source.slice(start, end === -1 ? source.length : end);
  // Tabs stay tabs, so that the caret stands where the character is, whatever their width.
  const indent = source.slice(start, position).replace(/[^\t]/g, " ");
  const carets = "^".repeat(Math.max(1, Math.min(length, line.length - indent.length)));
  return `  ${line}\n  ${indent}${carets}`;
}
