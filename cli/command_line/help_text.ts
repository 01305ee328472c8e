/**
 * The help of the program and of each command. The only file that uses cliffy.
 * @module
 */
import { Command } from "@cliffy/command";
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
import type { Io } from "./io.ts";

const WIDEST_HELP = 100;

/** The help of the command that `path` invokes; of the program if it is empty. */
export async function helpText(program: Program, path: readonly string[], io: Io): Promise<string> {
  const main = await program.main();
  const root = new Command();
  root.name(program.name);
  root.description(description(program));
  addOptions(root, [SERVER_OPTION, VERSION_OPTION, ...main.options ?? []]);
  root.helpOption(HELP_OPTION.flags, HELP_OPTION.summary, () => {});

  const [name, member] = path;
  let shown = root;
  for (const [word, load] of Object.entries(program.commands)) {
    // The help of a command needs no other, and the help of the program all.
    if (name !== undefined && word !== name) continue;
    const spec = await load();
    const built = "commands" in spec ? new Command() : command(spec);
    root.command(word, built);
    if (name !== undefined) shown = built;
    if (!("commands" in spec)) continue;
    addGroup(built, spec);
    for (const one of spec.commands) {
      const inner = command(one);
      built.command(one.name, inner);
      if (one.name === member) shown = inner;
    }
  }
  const { isTerminal } = io.stdout;
  const look = {
    colors: isTerminal && !io.env("NO_COLOR"),
    width: isTerminal ? Math.min(io.stdout.columns(), WIDEST_HELP) : WIDEST_HELP,
  };
  // Cliffy 1.2.1 finds no way to render a subcommand before it has rendered the program.
  const whole = root.getHelp(look);
  const help = shown === root ? whole : shown.getHelp(look);
  return `${help.trim()}\n`.replace(/[ \t]+$/gm, "");
}

function addGroup(to: Command, group: CommandGroup): void {
  to.description(description(group));
  addOptions(to, optionsOf(group.main));
}

function command(spec: CommandSpec): Command {
  const built = new Command();
  built.description(description(spec));
  if (spec.arguments !== undefined) built.arguments(spec.arguments);
  if (spec.usage !== undefined) built.usage(spec.usage);
  addOptions(built, optionsOf(spec));
  return built;
}

function addOptions(to: Command, options: readonly OptionSpec[]): void {
  for (const { flags, summary, repeatable = false } of options) {
    to.option(flags, summary, { collect: repeatable });
  }
}

/** Examples come before the list of options, where people see them. */
function description({ summary, examples }: Pick<CommandSpec, "summary" | "examples">): string {
  return [summary, "", ...examples.map((example) => `$ ${example}`)].join("\n");
}
