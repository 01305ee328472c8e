/**
 * A stand-in for `@cliffy/command` over commander: only what this repository uses, without the
 * inference of option types that the real package does.
 * @module
 */
import { Command as Commander, type CommanderError } from "commander";

export class ValidationError extends Error {
  /** The command whose use was wrong. */
  cmd?: Command;
}

// deno-lint-ignore no-explicit-any -- as in the real package
export type ActionHandler = (this: Command, options: any, ...args: any[]) => any;

export interface OptionOptions {
  /** Gather the values of an option that is given several times. */
  collect?: boolean;
}

export interface HelpOptions {
  colors?: boolean;
  width?: number;
}

/** Where commander wanted to end the process, and at which command. */
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

  /** Of themselves the commands below would take, and show, every option of this one. */
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

  /** Always so here: the stand-in never ends the process. */
  throwErrors(): this {
    return this;
  }

  async parse(args: string[]): Promise<void> {
    this.#commander.configureOutput({ writeOut: () => {}, writeErr: () => {} });

    const end = args.indexOf("--");
    this.#prepare(end === -1 ? [] : args.slice(end + 1));
    // Commander takes the sign of -s=value for a part of the value.
    const words = (end === -1 ? args : args.slice(0, end))
      .flatMap((arg) => /^-\w=/.test(arg) ? [arg.slice(0, 2), arg.slice(3)] : [arg]);
    try {
      await this.#commander.parseAsync(words, { from: "user" });
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

  /** What followed `--`. */
  getLiteralArgs(): string[] {
    return this.#literalArgs;
  }

  /** Commander takes it for an argument, where there are none. */
  #refuseUnknownCommand(): void {
    const { args: [word], registeredArguments } = this.#commander;
    if (word === undefined || word.startsWith("-")) return;
    if (this.#children.length === 0 || registeredArguments.length > 0) return;
    throw validationError(this, `Unknown command "${word}".`);
  }

  /** Hands this command's settings down to its children. */
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

function validationError(command: Command, words: string): ValidationError {
  const message = words.replace(/^error: /, "").replaceAll("'", '"')
    // Commander finds an option unknown that takes no value, and then like itself.
    .replace(
      /^unknown option "([^"=]*)=([^]*)"\n\(Did you mean \1\?\)$/,
      'option "$1" doesn\'t take a value, but got "$2".',
    )
    .replace(/^(unknown option "[^"=]*)=[^"]*/, "$1");
  const error = new ValidationError(message.charAt(0).toUpperCase() + message.slice(1));
  error.cmd = command;
  return error;
}
