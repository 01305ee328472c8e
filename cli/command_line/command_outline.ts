/**
 * Every command with its options, as data for completions and the manual page.
 * @module
 */
import {
  type CommandGroup,
  type CommandSpec,
  HELP_OPTION,
  optionsOf,
  type OptionSpec,
  type Program,
  SERVER_OPTION,
  VERSION_OPTION,
} from "./command_spec.ts";
import { optionParts } from "./tokens.ts";

/** A command, or a group of commands. */
export interface CommandNode {
  /** The words that call it: `roomz bot run`. */
  readonly path: string;
  /** The last of them. */
  readonly name: string;
  /** What it does, in one sentence. */
  readonly summary: string;
  /** Example command lines. */
  readonly examples: readonly string[];
  /** Its arguments as in its spec; empty if it takes none. */
  readonly arguments: string;
  /** What a usage shows after its words. */
  readonly usage: string;
  /** The values its argument can have; empty if that is not a fixed choice. */
  readonly values: readonly string[];
  /** Its options, including those that every command has. */
  readonly options: readonly OptionNode[];
  /** The commands below it. */
  readonly children: readonly CommandNode[];
}

/** An option, in parts. */
export interface OptionNode {
  /** `-p`, if it has a short form. */
  readonly short: string | undefined;
  /** `--port`. */
  readonly long: string;
  /** The name of its value; undefined if it needs none. */
  readonly value: string | undefined;
  /** The name of a value that may be left out; undefined if there is none. */
  readonly optionalValue: string | undefined;
  /** What it does, in one sentence. */
  readonly summary: string;
}

/** Loads all commands of the program. */
export async function commandOutline(program: Program): Promise<CommandNode> {
  const { name, summary, examples } = program;
  const [main, commands] = await Promise.all([
    program.main(),
    Promise.all(Object.values(program.commands).map((load) => load())),
  ]);
  return {
    path: name,
    name,
    summary,
    examples,
    arguments: "",
    usage: "",
    values: [],
    options: optionNodes([...main.options ?? [], VERSION_OPTION, SERVER_OPTION]),
    children: commands.map((command) => nodeOf(command, name)),
  };
}

/** The node and its descendants, in the order of the help. */
export function allNodes(node: CommandNode): CommandNode[] {
  return [node, ...node.children.flatMap(allNodes)];
}

function nodeOf(spec: CommandSpec | CommandGroup, parent: string): CommandNode {
  const path = `${parent} ${spec.name}`;
  const { name, summary, examples } = spec;
  const common = { path, name, summary, examples };
  if ("commands" in spec) {
    const children = spec.commands.map((member) => nodeOf(member, path));
    const options = optionNodes(optionsOf(spec.main));
    return { ...common, arguments: "", usage: "", values: [], options, children };
  }
  const { arguments: args = "", usage = args, values = [] } = spec;
  const options = optionNodes(optionsOf(spec));
  return { ...common, arguments: args, usage, values, options, children: [] };
}

function optionNodes(specs: readonly OptionSpec[]): OptionNode[] {
  return [...specs, HELP_OPTION].map((option) => {
    const { short, long, ...values } = optionParts(option);
    const { summary } = option;
    return { short: short && `-${short}`, long: `--${long}`, ...values, summary };
  });
}
