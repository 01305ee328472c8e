/**
 * A stand-in for `@cliffy/command`, built on commander. It has only what this repository uses, and does
 * not infer the types of options as the real package does.
 * @module
 */
import { Command as Commander, type CommanderError } from "commander";

export class ValidationError extends Error {
  /** The command that was used incorrectly. */
  cmd?: Command;
}

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

/** Thrown where commander would exit the process. */
class Exit extends Error {
  readonly command: Command;
  readonly reason: CommanderError;

  constructor(command: Command, reason: CommanderError) {
    super(reason.message);
    this.command = command;
    this.reason = reason;
  }
}

export class Command {
  readonly #commander = new Commander().helpCommand(false).configureHelp({ minWidthToWrap: 20 });
  readonly #children: Command[] = [];
  readonly #globals: [flags: string, desc: string][] = [];
  #literalArgs: string[] = [];
  #helpAction: ActionHandler | undefined;

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

  option(flags: string, desc: string, opts: OptionOptions = {}): this {
    if (opts.collect) {
      const gather = (value: string, before: string[] = []): string[] => [...before, value];
      this.#commander.option(flags, desc, gather);
    } else {
      this.#commander.option(flags, desc);
    }
    return this;
  }

  /** Adds the option to every subcommand, where commander would neither accept nor show it. */
  globalOption(flags: string, desc: string): this {
    this.#globals.push([flags, desc]);
    for (const child of this.#children) child.globalOption(flags, desc);
    return this.option(flags, desc);
  }

  helpOption(flags: string, desc: string, action: ActionHandler): this {
    this.#commander.helpOption(flags, desc);
    this.#helpAction = action;
    return this;
  }

  command(name: string, cmd: Command): Command {
    cmd.name(name);
    this.#commander.addCommand(cmd.#commander);
    this.#children.push(cmd);
    for (const [flags, desc] of this.#globals) cmd.globalOption(flags, desc);
    return cmd;
  }

  action(fn: ActionHandler): this {
    this.#commander.action(async () => {
      this.#refuseUnknownCommand();
      const given = this.#commander.processedArgs.flat().filter((arg) => arg !== undefined);
      await fn.call(this, this.#commander.optsWithGlobals(), ...given);
    });
    return this;
  }

  /** Does nothing: the stand-in never exits the process. */
  throwErrors(): this {
    return this;
  }

  async parse(args: string[]): Promise<void> {
    this.#commander.configureOutput({ writeOut: () => {}, writeErr: () => {} });

    const end = args.indexOf("--");
    this.#prepare(end === -1 ? [] : args.slice(end + 1));
    // For -s=value, commander would treat the equals sign as part of the value.
    const options = (end === -1 ? args : args.slice(0, end))
      .flatMap((arg) => /^-\w=/.test(arg) ? [arg.slice(0, 2), arg.slice(3)] : [arg]);
    try {
      await this.#commander.parseAsync(options, { from: "user" });
    } catch (error) {
      if (!(error instanceof Exit)) throw error;
      const { command, reason } = error;
      if (reason.code !== "commander.helpDisplayed") throw validationError(command, reason.message);
      command.#refuseUnknownCommand();
      await this.#helpAction?.call(command, {});
    }
  }

  /** The names that lead to this command: `roomz bot run`. */
  getPath(): string {
    const names: string[] = [];
    for (let at: Commander | null = this.#commander; at !== null; at = at.parent) {
      names.unshift(at.name());
    }
    return names.join(" ");
  }

  getHelp({ width = 80 }: HelpOptions = {}): string {
    this.#commander.configureOutput({ getOutHelpWidth: () => width });
    return `\n${this.#commander.helpInformation()}`;
  }

  /** The arguments after `--`. */
  getLiteralArgs(): string[] {
    return this.#literalArgs;
  }

  /** Commander treats an unknown command as an argument, even if none are declared. */
  #refuseUnknownCommand(): void {
    const { args: [word], registeredArguments } = this.#commander;
    if (word === undefined || word.startsWith("-")) return;
    if (this.#children.length === 0 || registeredArguments.length > 0) return;
    throw validationError(this, `Unknown command "${word}".`);
  }

  /** Passes this command's settings on to its subcommands. */
  #prepare(literalArgs: string[]): void {
    this.#literalArgs = literalArgs;
    this.#commander.enablePositionalOptions();
    if (this.#children.length > 0) this.#commander.allowExcessArguments();
    this.#commander.exitOverride((reason) => {
      throw new Exit(this, reason);
    });
    for (const child of this.#children) {
      child.#commander.copyInheritedSettings(this.#commander).allowExcessArguments(false);
      child.#prepare(literalArgs);
    }
  }
}

function validationError(command: Command, text: string): ValidationError {
  const message = text.replace(/^error: /, "").replaceAll("'", '"')
    // Given a value for an option without one, commander calls the option unknown and suggests it.
    .replace(
      /^unknown option "([^"=]*)=([^]*)"\n\(Did you mean \1\?\)$/,
      'option "$1" doesn\'t take a value, but got "$2".',
    )
    .replace(/^(unknown option "[^"=]*)=[^"]*/, "$1");
  const error = new ValidationError(message.charAt(0).toUpperCase() + message.slice(1));
  error.cmd = command;
  return error;
}
