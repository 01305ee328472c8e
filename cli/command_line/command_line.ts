/**
 * Parses the command line into a call of one command. The only file that uses the parsing library.
 * @module
 */
import { Command, ValidationError } from "@cliffy/command";
import {
  type CommandGroup,
  CommandInput,
  type CommandSpec,
  HELP_OPTION,
  type OptionSpec,
  type Program,
  SERVER_OPTION,
  VERSION_OPTION,
} from "./command_spec.ts";
import { CommandError, ExitCode } from "./exit_code.ts";
import type { Io } from "./io.ts";

/** A command with its parsed input, ready to run. */
export interface Call {
  /** Runs it. */
  run(): Promise<void>;
  /** The value of `--server`. */
  readonly server?: string | undefined;
}

const WIDEST_HELP = 100;

/**
 * Parses `args`.
 * @throws {CommandError} The command line is invalid.
 */
export async function parseCommandLine(
  program: Program,
  args: readonly string[],
  io: Io,
): Promise<Call> {
  // `roomz help send` means `roomz send --help`.
  const words = args[0] === "help" ? [...args.slice(1), "--help"] : [...args];
  let call: Call | undefined;
  const root = await build(program, words, io, (chosen) => call = chosen);
  try {
    await root.parse(words.map(protectEmpty));
  } catch (error) {
    if (error instanceof ValidationError) {
      // Leave out which ones: a token passed as an argument must not end up in a log.
      const message = error.message.replace(/^Too many arguments.*$/s, "Too many arguments.");
      throw usageError(message, error.cmd?.getPath() ?? program.name);
    }
    throw error;
  }
  if (call === undefined) throw new Error(`No command handles "${args.join(" ")}".`);
  return call;
}

/**
 * Builds the parser, loading only the commands whose names are among `words`: loading all of them takes
 * longer than most of them take to run. The others are registered by name only, since these words
 * cannot call them.
 */
async function build(
  program: Program,
  words: readonly string[],
  io: Io,
  choose: (call: Call) => void,
): Promise<Command> {
  const names = Object.keys(program.commands);
  const [main, ...specs] = await Promise.all([
    program.main(),
    ...Object.entries(program.commands).map(([name, load]) => words.includes(name) && load()),
  ]);
  const root = new Command();
  root.name(program.name);
  root.description(description(program));
  root.throwErrors();
  root.globalOption(SERVER_OPTION.flags, SERVER_OPTION.summary);
  root.option(VERSION_OPTION.flags, VERSION_OPTION.summary);
  for (const { flags, summary } of main.options ?? []) root.option(flags, summary);
  root.helpOption(HELP_OPTION.flags, HELP_OPTION.summary, function (this: Command) {
    // The help of the program lists every command.
    const whole = this === root ? build(program, names, io, choose) : this;
    choose({ run: async () => showHelp(await whole, io) });
  });
  root.action((options: unknown) => {
    rejectExtraArguments(root.getLiteralArgs(), "", program.name);
    const input = new CommandInput([], readOptions(options));
    const showVersion = () => io.stdout.write(`${program.name} ${program.version(io)}\n`);
    const run = () => input.flag("version") ? showVersion() : main.run(io, input);
    choose({ run, server: input.text("server") });
  });
  for (const [at, name] of names.entries()) {
    const spec = specs[at];
    root.command(name, spec ? callable(spec, io, choose) : new Command());
  }
  return root;
}

function callable(
  spec: CommandSpec | CommandGroup,
  io: Io,
  choose: (call: Call) => void,
): Command {
  return "commands" in spec ? group(spec, io, choose) : command(spec, io, choose);
}

function group(spec: CommandGroup, io: Io, choose: (call: Call) => void): Command {
  const built = new Command();
  built.description(description(spec));
  const { main } = spec;
  addOptions(built, main?.options);
  built.action((options: unknown) => {
    rejectExtraArguments(built.getLiteralArgs(), "", built.getPath());
    const input = new CommandInput([], readOptions(options));
    const run = () => main === undefined ? showHelp(built, io) : main.run(io, input);
    choose({ run, server: input.text("server") });
  });
  for (const member of spec.commands) built.command(member.name, command(member, io, choose));
  return built;
}

function command(spec: CommandSpec, io: Io, choose: (call: Call) => void): Command {
  const built = new Command();
  built.description(description(spec));
  if (spec.arguments !== undefined) built.arguments(spec.arguments);
  addOptions(built, spec.options);
  built.action((options: unknown, ...args: unknown[]) => {
    const given = args.flat().filter((arg) => typeof arg === "string");
    rejectUnknownOptions(given, built.getPath());
    const all = [...given, ...built.getLiteralArgs()].map(restoreEmpty);
    rejectExtraArguments(all, spec.arguments ?? "", built.getPath());
    const input = new CommandInput(all, readOptions(options));
    choose({ run: () => spec.run(io, input), server: input.text("server") });
  });
  return built;
}

function addOptions(to: Command, options: readonly OptionSpec[] = []): void {
  for (const { flags, summary, repeatable = false } of options) {
    to.option(flags, summary, { collect: repeatable });
  }
}

/** Cliffy treats an unknown option of a command that takes arguments as an argument. */
function rejectUnknownOptions(args: readonly string[], path: string): void {
  const [option] = args.find((arg) => arg.length > 1 && arg.startsWith("-"))?.split("=") ?? [];
  if (option === undefined) return;
  throw usageError(`Unknown option "${option}". To pass it as text, put it after --.`, path);
}

/** Cliffy does not count what follows `--`. */
function rejectExtraArguments(words: readonly string[], declared: string, path: string): void {
  const most = declared.includes("...") ? Infinity : declared.match(/[<[]/g)?.length ?? 0;
  if (words.length > most) throw usageError("Too many arguments.", path);
}

function usageError(message: string, path: string): CommandError {
  return new CommandError(`${restoreEmpty(message)}\nSee: ${path} --help`, ExitCode.USAGE);
}

/** Stands in for an empty argument, which Cliffy would drop. No real argument can contain NUL. */
const EMPTY = "\0";

function protectEmpty(word: string): string {
  return /^(--?[\w-]+=)?$/.test(word) ? word + EMPTY : word;
}

function restoreEmpty(word: string): string {
  return word.replaceAll(EMPTY, "");
}

/** Examples come before the list of options, where people see them. */
function description({ summary, examples }: Pick<CommandSpec, "summary" | "examples">): string {
  return [summary, "", ...examples.map((example) => `$ ${example}`)].join("\n");
}

async function showHelp(of: Command, io: Io): Promise<void> {
  const { isTerminal } = io.stdout;
  const help = of.getHelp({
    colors: isTerminal && !io.env("NO_COLOR"),
    width: isTerminal ? Math.min(io.stdout.columns(), WIDEST_HELP) : WIDEST_HELP,
  });
  await io.stdout.write(`${help.trim()}\n`.replace(/[ \t]+$/gm, ""));
}

function readOptions(options: unknown): Map<string, unknown> {
  const entries = Object.entries(typeof options === "object" && options !== null ? options : {});
  return new Map(entries.map(([name, value]) => [name, optionValue(value)]));
}

function optionValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(optionValue);
  return typeof value === "string" ? restoreEmpty(value) : value;
}
