/**
 * A stand-in for `@cliffy/command`, built on commander. It has only what this repository uses: help.
 * @module
 */
import { Command as Commander } from "commander";

// deno-lint-ignore no-explicit-any -- as in the real package
export type ActionHandler = (this: Command, options: any, ...args: any[]) => any;

export interface OptionOptions {
  /** Collect the values of an option that is given several times. */
  collect?: boolean;
}

export interface HelpOptions {
  colors?: boolean;
  width?: number;
}

/** The usage of the commands that have one of their own. */
const usages = new WeakMap<Commander, string>();

export class Command {
  readonly #commander = new Commander().helpCommand(false).helpOption(false)
    .configureHelp({
      minWidthToWrap: 20,
      // As the real package does: options are listed, and not announced.
      commandUsage: (command) =>
        `${pathOf(command)} ${usages.get(command) ?? argumentsOf(command)}`.trim(),
      subcommandTerm: (command) => `${command.name()} ${argumentsOf(command)}`.trim(),
    });
  readonly #children: Command[] = [];
  readonly #globals: [flags: string, desc: string][] = [];

  name(name: string): this {
    this.#commander.name(name);
    return this;
  }

  description(description: string): this {
    this.#commander.description(description).summary(description.split("\n", 1)[0] ?? "");
    return this;
  }

  arguments(args: string): this {
    this.#commander.arguments(args);
    return this;
  }

  /** What the usage shows after the name, in place of the arguments. */
  usage(usage: string): this {
    usages.set(this.#commander, usage);
    return this;
  }

  option(flags: string, desc: string, _opts: OptionOptions = {}): this {
    this.#commander.option(flags, desc);
    return this;
  }

  /** Adds the option to every subcommand, where commander would not show it. */
  globalOption(flags: string, desc: string): this {
    this.#globals.push([flags, desc]);
    for (const child of this.#children) child.globalOption(flags, desc);
    return this.option(flags, desc);
  }

  /** The real package adds the option to every subcommand as well; `action` runs when it is given. */
  helpOption(flags: string, desc: string, _action: ActionHandler): this {
    return this.globalOption(flags, desc);
  }

  command(name: string, cmd: Command): Command {
    cmd.name(name);
    this.#commander.addCommand(cmd.#commander);
    this.#children.push(cmd);
    for (const [flags, desc] of this.#globals) cmd.globalOption(flags, desc);
    return cmd;
  }

  getHelp({ width = 80 }: HelpOptions = {}): string {
    this.#commander.configureOutput({ getOutHelpWidth: () => width });
    return `\n${this.#commander.helpInformation()}`;
  }
}

function pathOf(command: Commander): string {
  const names: string[] = [];
  for (let at: Commander | null = command; at !== null; at = at.parent) names.unshift(at.name());
  return names.join(" ");
}

function argumentsOf({ registeredArguments }: Commander): string {
  return registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    return argument.required ? `<${name}>` : `[${name}]`;
  }).join(" ");
}
