/**
 * Parses the command line into a call of one command, by the conventions of GNU and gh: options may
 * stand anywhere before `--`, the last of several wins, and `--help` explains whatever else is there.
 * @module
 */
import {
  type CommandGroup,
  CommandInput,
  type CommandSpec,
  HELP_OPTION,
  optionsOf,
  type OptionSpec,
  type Program,
  SERVER_OPTION,
  VERSION_OPTION,
} from "./command_spec.ts";
import { CommandError, ExitCode } from "./exit_code.ts";
import type { Io } from "./io.ts";
import { optionParts, type Token, tokensOf } from "./tokens.ts";

/** A command with its parsed input, ready to run. */
export interface Call {
  /** Runs it. */
  run(): Promise<void>;
  /** The value of `--server`. */
  readonly server?: string | undefined;
}

/**
 * Parses `args`, loading no command but the one that they name.
 * @throws {CommandError} The command line is invalid.
 */
export async function parseCommandLine(
  program: Program,
  args: readonly string[],
  io: Io,
): Promise<Call> {
  // `roomz help send` means `roomz send --help`, and `roomz version` what it says elsewhere.
  const words = args[0] === "help"
    ? [...args.slice(1), "--help"]
    : args[0] === "version"
    ? ["--version", ...args.slice(1)]
    : args;
  const target = await findCommand(program, words);
  const tokens = tokensOf(words, target.options);
  if (tokens.some((token) => token.kind === "option" && token.name === "help")) {
    return { run: () => showHelp(program, target.path, io) };
  }
  const { options, words: rest } = readInput(tokens, target);
  const input = new CommandInput(rest, options);
  const run = target.spec?.run ?? (() => showHelp(program, target.path, io));
  const call = { run: () => run(io, input), server: input.text("server") };
  if (!input.flag("version")) return call;
  return { ...call, run: () => io.stdout.write(`${program.name} ${program.version(io)}\n`) };
}

/** What a command line calls. */
interface Target {
  /** The words that invoke it, without the program's name. */
  readonly path: readonly string[];
  /** The command; undefined for a group that only shows its help. */
  readonly spec: Pick<CommandSpec, "arguments" | "run"> | undefined;
  /** Its options, the common ones included. */
  readonly options: readonly OptionSpec[];
  /** How errors name it: `roomz bot run`. */
  readonly name: string;
}

async function findCommand(program: Program, args: readonly string[]): Promise<Target> {
  const common = [SERVER_OPTION, HELP_OPTION, VERSION_OPTION];
  // Options in front of the command may be those of the main one, which takes time to load.
  const isNamedFirst = args[0]?.startsWith("-") === false;
  const main = isNamedFirst ? undefined : await program.main();
  const options = [...main?.options ?? [], ...common];
  const [word] = commandWords(args, options);
  if (word === undefined) {
    const spec = main && { ...main, arguments: "" };
    return { path: [], spec, options, name: program.name };
  }
  const load = Object.hasOwn(program.commands, word) ? program.commands[word] : undefined;
  if (load === undefined) {
    throw await unknownCommand(word, Object.keys(program.commands), program.name);
  }
  const found = await load();
  if ("commands" in found) {
    // An option of the group may stand before its command, with a value that is not one.
    const [, member] = commandWords(args, [...options, ...found.main?.options ?? []]);
    return await findMember(found, member, program.name);
  }
  return targetOf(found, [word], program.name);
}

async function findMember(
  group: CommandGroup,
  word: string | undefined,
  program: string,
): Promise<Target> {
  const { name, main, commands } = group;
  const path = `${program} ${name}`;
  const member = commands.find((command) => command.name === word);
  if (member !== undefined) return targetOf(member, [name, member.name], program);
  if (word !== undefined) {
    throw await unknownCommand(word, commands.map((command) => command.name), path);
  }
  const options = [...optionsOf(main), HELP_OPTION];
  const spec = main === undefined ? undefined : { ...main, arguments: "" };
  return { path: [name], spec, options, name: path };
}

function targetOf(spec: CommandSpec, path: readonly string[], program: string): Target {
  const options = [...optionsOf(spec), HELP_OPTION];
  return { path, spec, options, name: [program, ...path].join(" ") };
}

/** The options and words of a command's input. */
function readInput(
  tokens: readonly Token[],
  { path, spec, options, name }: Target,
): { options: Map<string, unknown>; words: readonly string[] } {
  const input = new Map<string, unknown>();
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === "word") words.push(token.text);
    if (token.kind !== "option") continue;
    const option = options.find((option) => optionParts(option).long === token.name);
    if (option === undefined) throw unknownOption(token.written, options, spec?.arguments, name);
    const key = camelCase(token.name);
    const { value: needed, optionalValue } = optionParts(option);
    if (needed === undefined && token.value === undefined) {
      input.set(key, true);
      continue;
    }
    if (needed === undefined && optionalValue === undefined) {
      throw usageError(`--${token.name} takes no value.`, name);
    }
    if (token.value === undefined || needed === undefined && token.value === "") {
      throw usageError(`--${token.name} needs a value.`, name);
    }
    // -s=URL means -s URL.
    const value = token.written.startsWith("--") ? token.value : token.value.replace(/^=/, "");
    const before = input.get(key);
    if (!option.repeatable) input.set(key, value);
    else input.set(key, [...Array.isArray(before) ? before : [], value]);
  }
  const given = words.slice(path.length);
  requireArguments(given, spec?.arguments ?? "", name, withoutValue(tokens, options));
  return { options: input, words: given };
}

/** The words before `--`: what follows is never a command. */
function commandWords(args: readonly string[], options: readonly OptionSpec[]): string[] {
  const tokens = tokensOf(args, options);
  const end = tokens.findIndex(({ kind }) => kind === "end of options");
  return tokens.slice(0, end < 0 ? undefined : end)
    .flatMap((token) => token.kind === "word" ? [token.text] : []);
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** An option that was given without its optional value: the word after it may have been meant as that. */
function withoutValue(
  tokens: readonly Token[],
  options: readonly OptionSpec[],
): OptionSpec | undefined {
  return options.find((option) =>
    optionParts(option).optionalValue !== undefined &&
    tokens.some((token) =>
      token.kind === "option" && token.name === optionParts(option).long &&
      token.value === undefined
    )
  );
}

function requireArguments(
  words: readonly string[],
  declared: string,
  name: string,
  bare: OptionSpec | undefined,
): void {
  const most = declared.includes("...") ? Infinity : declared.match(/[<[]/g)?.length ?? 0;
  // Leave out which ones: a token passed as an argument must not end up in a log.
  if (words.length > most) {
    const { long, optionalValue } = bare === undefined ? {} : optionParts(bare);
    const advice = bare === undefined
      ? ""
      : ` A value of --${long} needs an equals sign: --${long}=${optionalValue?.toUpperCase()}`;
    throw usageError(`Too many arguments.${advice}`, name);
  }
  const missing = [...declared.matchAll(/<(\w+)/g)].map(([, argument]) => argument)[words.length];
  if (missing !== undefined) throw usageError(`Missing argument <${missing}>.`, name);
}

/** A mistyped command may be repeated; anything else may be a secret, and must not end up in a log. */
async function unknownCommand(
  word: string,
  names: readonly string[],
  path: string,
): Promise<CommandError> {
  if (!/^[a-z][a-z-]{0,19}$/i.test(word)) return usageError("Unknown command.", path);
  const { didYouMean } = await import("../../bot/text/did_you_mean.ts");
  return usageError(`Unknown command "${word}".${didYouMean(word, names)}`, path);
}

function unknownOption(
  option: string,
  options: readonly OptionSpec[],
  declared = "",
  path: string,
): CommandError {
  if (!/^--?[\w-]{1,30}$/.test(option)) return usageError("Unknown option.", path);
  const known = options.map(({ flags }) => flags.replace(/^-\w, | [<[].*$/g, ""));
  const meant = known.find((one) => isSlip(option, one));
  const hint = meant !== undefined
    ? ` Did you mean ${meant}?`
    : declared === ""
    ? ""
    : " To pass it as text, put it after --.";
  return usageError(`Unknown option "${option}".${hint}`, path);
}

/** Whether one letter is missing, extra or wrong, or two are swapped. */
function isSlip(typed: string, meant: string): boolean {
  if (Math.abs(typed.length - meant.length) > 1 || typed.length < 4) return false;
  let at = 0;
  while (typed[at] === meant[at] && at < typed.length) at++;
  const [left, right] = [typed.slice(at), meant.slice(at)];
  return left.slice(1) === right.slice(1) || left.slice(1) === right || left === right.slice(1) ||
    (left[0] === right[1] && left[1] === right[0] && left.slice(2) === right.slice(2));
}

function usageError(message: string, path: string): CommandError {
  return new CommandError(`${message}\nSee: ${path} --help`, ExitCode.USAGE);
}

async function showHelp(program: Program, path: readonly string[], io: Io): Promise<void> {
  // Loaded on demand: what renders the help takes longer to load than most commands to run.
  const { helpText } = await import("./help_text.ts");
  await io.stdout.write(await helpText(program, path, io));
}
