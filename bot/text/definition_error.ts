/**
 * The error for an invalid bot definition, thrown before the bot runs.
 * @module
 */

/** The parts of a {@linkcode BotDefinitionError}. */
export interface DefinitionProblem {
  /** What is wrong, and what to write instead. */
  readonly problem: string;
  /** The path in the definition: `commands["roll <n:itn>"]`. */
  readonly path: string;
  /** The invalid text, if the problem is in a signature or an alias. */
  readonly source?: string;
  /** The offset of the problem in `source`, in UTF-16 code units. */
  readonly position?: number;
  /** The length of the problem in `source`, in UTF-16 code units. Default: 1. */
  readonly length?: number;
}

/**
 * A bot definition is invalid. The message says what is wrong and what to write instead, gives the
 * path in the definition, and points at the exact characters if they are in a signature or alias:
 *
 * ```text
 * There is no type "itn". Did you mean "int"?
 *   in commands["roll <n:itn>"]
 *   roll <n:itn>
 *           ^^^
 * ```
 *
 * @example Locate a mistake in a signature
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
  /** Set explicitly so that the name survives minification. */
  override name = "BotDefinitionError";
  /** What is wrong, and what to write instead: the message without the place. */
  readonly problem: string;
  /** The path in the definition: `commands["roll <n:itn>"]`. */
  readonly path: string;
  /** The invalid signature or alias; undefined if the problem is elsewhere. */
  readonly source: string | undefined;
  /** The offset of the problem in `source`, in UTF-16 code units; undefined without `source`. */
  readonly position: number | undefined;

  /** Builds the message from its parts. */
  constructor({ problem, path, source, position, length = 1 }: DefinitionProblem) {
    const pointer = source === undefined || position === undefined
      ? ""
      : `\n${pointAt(source, position, length)}`;
    super(`${problem}\n  in ${path}${pointer}`);
    this.problem = problem;
    this.path = path;
    this.source = source;
    this.position = position;
  }
}

/** The line of `source` that contains `position`, with carets below the problem. */
function pointAt(source: string, position: number, length: number): string {
  const start = source.lastIndexOf("\n", position - 1) + 1;
  const end = source.indexOf("\n", position);
  const line = source.slice(start, end === -1 ? source.length : end);
  // Tabs are kept, so that the carets line up whatever the tab width.
  const indent = source.slice(start, position).replace(/[^\t]/g, " ");
  const carets = "^".repeat(Math.max(1, Math.min(length, line.length - indent.length)));
  return `  ${line}\n  ${indent}${carets}`;
}
