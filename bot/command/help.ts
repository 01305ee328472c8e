/**
 * The texts that tell a person what a bot understands.
 * @module
 */
import { expected } from "../signature/argument_reader.ts";
import type { Argument, Flag } from "../signature/signature.ts";
import { nearest } from "../text/did_you_mean.ts";
import type { BoundCommand } from "./bound_command.ts";
import { noCommand, type UnknownCommand } from "./unknown_command.ts";
import { fold } from "../text/fold.ts";

/** All commands, one per line. `call` is what stands before a command: `!`. */
export function overview(commands: readonly BoundCommand[], call: string): string {
  return commands.map((command) => line(command, call)).join("\n");
}

/**
 * The commands whose words, or an alias of which, start with `topic`: in full when it is one, a line
 * for each when there are more; undefined when there is none.
 */
export function helpOn(
  topic: string,
  commands: readonly BoundCommand[],
  call: string,
): string | undefined {
  const words = wordsOf(topic);
  const about = commands.filter((command) =>
    [command.name, ...command.aliases].some((name) => startsWithWords(fold(name), words))
  );
  const [only] = about;
  if (only === undefined) return undefined;
  return about.length === 1 ? details(only, call) : overview(about, call);
}

/** That there is no command of that name to help with. */
export function noHelpOn(
  topic: string,
  commands: readonly BoundCommand[],
  call: string,
): UnknownCommand {
  const meant = nearest(wordsOf(topic), commands.map((command) => command.name));
  const hint = meant === undefined ? "" : ` Did you mean ${call}${meant}?`;
  return { hasHint: hint !== "", text: (alone) => `${noCommand(topic, alone)}${hint}` };
}

function wordsOf(topic: string): string {
  return fold(topic).split(/\s+/).join(" ");
}

function startsWithWords(name: string, words: string): boolean {
  return name === words || name.startsWith(`${words} `);
}

function line(command: BoundCommand, call: string): string {
  const usage = `${call}${command.signature.text}`;
  return command.description === undefined ? usage : `${usage} – ${command.description}`;
}

function details(command: BoundCommand, call: string): string {
  const { signature, description, aliases } = command;
  return [
    `${call}${signature.text}`,
    ...(description === undefined ? [] : [description]),
    ...(aliases.length === 0 ? [] : [`Also: ${aliases.map((words) => call + words).join(", ")}`]),
    ...signature.arguments.map(argumentLine),
    ...signature.flags.map(flagLine),
  ].join("\n");
}

function argumentLine(argument: Argument): string {
  return `${argument.name}: ${expected(argument)}${
    unlessGiven(argument.default, !argument.required)
  }`;
}

function flagLine(flag: Flag): string {
  return flag.type === undefined
    ? `--${flag.name}: may be given`
    : `--${flag.name}: ${flag.type.expected}${unlessGiven(flag.default, true)}`;
}

function unlessGiven(value: string | undefined, optional: boolean): string {
  if (value !== undefined) return `; ${value === "" ? "empty" : value} unless given`;
  return optional ? "; may be left out" : "";
}
