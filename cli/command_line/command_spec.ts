/**
 * How `roomz` and each of its commands describe themselves: names, help and the calls they make.
 * @module
 */
import { CommandError, ExitCode } from "./exit_code.ts";
import type { Io } from "./io.ts";

/** A command, such as `roomz send`. */
export interface CommandSpec {
  /** The word that calls it. */
  readonly name: string;
  /** One sentence, for lists of commands. */
  readonly summary: string;
  /** Whole command lines to begin with, at the top of the help. */
  readonly examples: readonly string[];
  /** Its arguments, `<required>`, `[optional]` or `[several...]`. */
  readonly arguments?: string;
  /** What its argument can be, where that is one of a few words. */
  readonly values?: readonly string[];
  /** Its options, besides those that every command has. */
  readonly options?: readonly OptionSpec[];
  /** What it does. It throws a `CommandError`, or an error of the client, when that fails. */
  run(io: Io, input: CommandInput): Promise<void>;
}

/** An option of a command. */
export interface OptionSpec {
  /** `--json`, or `-p, --port <number>`. */
  readonly flags: string;
  /** One sentence. */
  readonly summary: string;
  /** Whether it may be given several times. */
  readonly repeatable?: boolean;
}

/** The option of every command that says which server it talks to. */
export const SERVER_OPTION: OptionSpec = {
  flags: "-s, --server <url>",
  summary: "Server URL (default: from the configuration, see roomz config).",
};

/** The option of every command that explains it. */
export const HELP_OPTION: OptionSpec = { flags: "-h, --help", summary: "Show help." };

/** An option of the program alone. */
export const VERSION_OPTION: OptionSpec = { flags: "-V, --version", summary: "Show the version." };

/** Commands under one word, such as `roomz bot`. */
export interface CommandGroup {
  /** The word that leads to them. */
  readonly name: string;
  /** One sentence, for lists of commands. */
  readonly summary: string;
  /** Whole command lines to begin with, at the top of the help. */
  readonly examples: readonly string[];
  /** What the word does alone; without it, it shows its help. */
  readonly main?: Pick<CommandSpec, "options" | "run">;
  readonly commands: readonly CommandSpec[];
}

/** All that can be called. */
export interface Program {
  /** What the program is called. */
  readonly name: string;
  /** What `--version` prints after the name. */
  version(io: Io): string;
  /** One sentence. */
  readonly summary: string;
  /** Whole command lines to begin with, at the top of the help. */
  readonly examples: readonly string[];
  /** Loads what runs when no command is named. */
  readonly main: () => Promise<CommandSpec>;
  /** Loads each command, by its name, in the order of the help. */
  readonly commands: Readonly<Record<string, () => Promise<CommandSpec | CommandGroup>>>;
}

/** What the command line gave a command. Options are named in camel case. */
export class CommandInput {
  /** The arguments in order, those after `--` included. */
  readonly words: readonly string[];
  readonly #options: ReadonlyMap<string, unknown>;

  /** `options` as the parser of command lines has them. */
  constructor(words: readonly string[], options: ReadonlyMap<string, unknown>) {
    this.words = words;
    this.#options = options;
  }

  /** Whether an option without a value was given. */
  flag(name: string): boolean {
    return this.#options.get(name) === true;
  }

  /** The value of an option, or undefined. */
  text(name: string): string | undefined {
    const value = this.#options.get(name);
    return typeof value === "string" ? value : undefined;
  }

  /** The values of an option that may be given several times. */
  texts(name: string): readonly string[] {
    const value = this.#options.get(name);
    return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
  }

  /**
   * The value of an option that is a whole number, or undefined.
   * @throws {CommandError} It is not one, or out of range.
   */
  integer(name: string, least: number, most: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new CommandError(
      `--${name} must be a whole number from ${least} to ${most}, but is "${text}".`,
      ExitCode.USAGE,
    );
  }
}
