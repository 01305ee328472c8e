/**
 * How commands declare their name, help, arguments and options.
 * @module
 */
import { CommandError, ExitCode } from "./exit_code.ts";
import type { Io } from "./io.ts";

/** A command, such as `roomz send`. */
export interface CommandSpec {
  /** The word that invokes it. */
  readonly name: string;
  /** One sentence, for lists of commands. */
  readonly summary: string;
  /** Example command lines, shown at the top of the help. */
  readonly examples: readonly string[];
  /** Its arguments, `<required>`, `[optional]` or `[several...]`. */
  readonly arguments?: string;
  /** What its usage shows after its name, where that is more than the arguments: `(--on | --off)`. */
  readonly usage?: string;
  /** The values its argument can have, if that is a fixed choice. */
  readonly values?: readonly string[];
  /** Its own options: `--help` and `--server` are not among them. */
  readonly options?: readonly OptionSpec[];
  /** Whether it has the option `--server`; without this, it has. */
  readonly usesServer?: boolean;
  /** Runs it. Failures are thrown as a `CommandError` or an error of the client. */
  run(io: Io, input: CommandInput): Promise<void>;
}

/** An option of a command. */
export interface OptionSpec {
  /** `--json`, `-p, --port <number>`, or `--fleet [name]` for a value that may be left out. */
  readonly flags: string;
  /** One sentence. */
  readonly summary: string;
  /** Whether it may be repeated. */
  readonly repeatable?: boolean;
}

/** The server option, which a command has unless it uses no server. */
export const SERVER_OPTION: OptionSpec = {
  flags: "-s, --server <url>",
  summary: "Server URL (default: from the configuration, see roomz config).",
};

/** The options of commands that wait for a server that is not up yet. */
export const WAIT_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--wait <duration>",
    summary: "How long to wait for a server that is not up yet: 30s, 5m (default: until Ctrl+C).",
  },
  { flags: "--no-wait", summary: "Fail at once if the server is not up." },
];

/** The help option, which every command has. */
export const HELP_OPTION: OptionSpec = { flags: "-h, --help", summary: "Show help." };

/** The options of a command, without `--help`; none for a group that does nothing on its own. */
export function optionsOf(
  spec: Pick<CommandSpec, "options" | "usesServer"> | undefined,
): readonly OptionSpec[] {
  if (spec === undefined) return [];
  const { options = [], usesServer = true } = spec;
  return usesServer ? [...options, SERVER_OPTION] : options;
}

/** The version option, which only the program itself has. */
export const VERSION_OPTION: OptionSpec = { flags: "-V, --version", summary: "Show the version." };

/** The option of the commands whose connection has a name. */
export const NO_NAME_OPTION: OptionSpec = {
  flags: "--no-name",
  summary: "Connect without a display name (default: the configured one, or the host name).",
};

/** Commands under one word, such as `roomz bot`. */
export interface CommandGroup {
  /** The word that invokes them. */
  readonly name: string;
  /** One sentence, for lists of commands. */
  readonly summary: string;
  /** Example command lines, shown at the top of the help. */
  readonly examples: readonly string[];
  /** What the word does on its own (default: show its help). */
  readonly main?: Pick<CommandSpec, "options" | "run">;
  readonly commands: readonly CommandSpec[];
}

/** The whole program. */
export interface Program {
  /** The name of the program. */
  readonly name: string;
  /** What `--version` prints after the name. */
  version(io: Io): string;
  /** One sentence. */
  readonly summary: string;
  /** Example command lines, shown at the top of the help. */
  readonly examples: readonly string[];
  /** Loads the command that runs when none is named. */
  readonly main: () => Promise<CommandSpec>;
  /** Loaders of the commands by name, in the order of the help. */
  readonly commands: Readonly<Record<string, () => Promise<CommandSpec | CommandGroup>>>;
}

/** The parsed input of a command. Option names are in camel case. */
export class CommandInput {
  /** The arguments in order, those after `--` included. */
  readonly words: readonly string[];
  readonly #options: ReadonlyMap<string, unknown>;

  /** `options` as the parser returns them. */
  constructor(words: readonly string[], options: ReadonlyMap<string, unknown>) {
    this.words = words;
    this.#options = options;
  }

  /** Whether an option was given without a value. */
  flag(name: string): boolean {
    return this.#options.get(name) === true;
  }

  /** The value of an option, or undefined. */
  text(name: string): string | undefined {
    const value = this.#options.get(name);
    return typeof value === "string" ? value : undefined;
  }

  /** The values of a repeatable option. */
  texts(name: string): readonly string[] {
    const value = this.#options.get(name);
    return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
  }

  /**
   * The value of an option as a whole number, or undefined.
   * @throws {CommandError} The value is not a whole number, or is out of range.
   */
  integer(name: string, least: number, most: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new CommandError(
      `--${flag} must be a whole number from ${least} to ${most}, but is "${text}".`,
      ExitCode.USAGE,
    );
  }
}
