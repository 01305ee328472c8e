/**
 * The texts of `help`.
 * @module
 */
import { expected } from "../signature/argument_reader.ts";
import type { Argument, Flag } from "../signature/signature.ts";
import { nearest } from "../text/did_you_mean.ts";
import { fold } from "../text/fold.ts";
import type { BoundCommand } from "./bound_command.ts";
import { noCommand, type UnknownCommand } from "./unknown_command.ts";

/** All commands, one per line. `call` is what to put before a command: `!`. */
export function overview(commands: readonly BoundCommand[], call: string): string {
  return commands.map((command) => line(command, call)).join("\n");
}

/**
 * Help on the commands whose words or alias start with `topic`: full details for one command, a line
 * each for several, undefined for none.
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

/** The reply to `help` with a topic that matches no command. */
export function noHelpOn(
  topic: string,
  commands: readonly BoundCommand[],
  call: string,
): UnknownCommand {
  const meant = nearest(wordsOf(topic), commands.map((command) => command.name));
  const suggestion = meant === undefined ? "" : ` Did you mean ${call}${meant}?`;
  return {
    hasSuggestion: suggestion !== "",
    text: (alone) => `${noCommand(topic, alone)}${suggestion}`,
  };
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
    defaultText(argument.default, !argument.required)
  }`;
}

function flagLine(flag: Flag): string {
  return flag.type === undefined
    ? `--${flag.name}: optional`
    : `--${flag.name}: ${flag.type.expected}${defaultText(flag.default, true)}`;
}

function defaultText(value: string | undefined, optional: boolean): string {
  if (value !== undefined) return `; default: ${value === "" ? "empty" : value}`;
  return optional ? "; optional" : "";
}
