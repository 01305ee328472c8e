/**
 * Parses the arguments that follow a command's words, according to its signature.
 * @module
 */
import { didYouMean } from "../text/did_you_mean.ts";
import { fold } from "../text/fold.ts";
import { quoted } from "../text/quoted_text.ts";
import type { AnyArgs } from "./args_of.ts";
import type { Argument, Flag, Signature } from "./signature.ts";
import { flagDashes, type Token, Tokenizer } from "./tokenizer.ts";
import { type ValueType, valueTypes } from "./value_types.ts";

/** The arguments, or what is wrong with the line, worded for the person who typed it. */
export type ArgumentReading = { readonly args: AnyArgs } | { readonly problem: string };

/** Parses the arguments of one command. */
export class ArgumentReader {
  readonly #positionals: readonly Argument[];
  readonly #flags: readonly Flag[];
  readonly #flagsByName: ReadonlyMap<string, Flag>;

  /** Prepares a reader that can parse any number of lines. */
  constructor(signature: Signature) {
    this.#positionals = signature.arguments;
    this.#flags = signature.flags;
    this.#flagsByName = new Map(signature.flags.map((flag) => [fold(flag.name), flag]));
  }

  /** Parses `line` from `position`, the end of the command's words. */
  read(line: string, position: number): ArgumentReading {
    const tokens = new Tokenizer(line, position);
    const args: AnyArgs = {};
    let flagsMayFollow = this.#flags.length > 0;
    let next = 0;
    for (let token = tokens.next(); token !== undefined; token = tokens.next()) {
      if (flagsMayFollow && !token.quoted) {
        const name = flagName(token.text);
        // A single long dash is punctuation; two ASCII or full-width dashes end the flags.
        if (name === "" && token.text.length > 1) {
          flagsMayFollow = false;
          continue;
        }
        const flag = name === undefined ? undefined : this.#flagsByName.get(name);
        if (flag !== undefined) {
          const problem = this.#readFlag(flag, token, tokens, args);
          if (problem !== undefined) return { problem };
          continue;
        }
      }
      const argument = this.#positionals[next];
      if (argument === undefined) return { problem: this.#unexpected(token) };
      if (argument.extent === "rest") {
        args[argument.key] = line.slice(token.start).trimEnd();
        next++;
        break;
      }
      const reading = argument.type.read(token.text);
      if ("requirement" in reading) {
        const { type } = argument;
        const problem = mismatch(usageOf(argument), reading.requirement, token.text, type);
        return { problem: problem + this.#flagHint(token) };
      }
      if (argument.extent === "many") {
        const list = args[argument.key];
        if (Array.isArray(list)) list.push(reading.value);
        else args[argument.key] = [reading.value];
      } else {
        args[argument.key] = reading.value;
        next++;
      }
    }
    return this.#complete(args);
  }

  /** Puts a flag's value into `args`; returns the problem if there is one. */
  #readFlag(flag: Flag, token: Token, tokens: Tokenizer, args: AnyArgs): string | undefined {
    if (Object.hasOwn(args, flag.key)) return `--${flag.name} was given twice.`;
    const equals = token.text.search(/[=\uff1d]/);
    if (flag.type === undefined) {
      if (equals !== -1) {
        return `--${flag.name} takes no value. Remove ${quoted(token.text.slice(equals))}.`;
      }
      args[flag.key] = true;
      return undefined;
    }
    const word = equals !== -1 ? token.text.slice(equals + 1) : this.#flagValue(tokens);
    if (word === undefined) return `--${flag.name} needs a value: ${flag.type.expected}.`;
    const reading = flag.type.read(word);
    if ("requirement" in reading) {
      return mismatch(`--${flag.name}`, reading.requirement, word, flag.type);
    }
    args[flag.key] = reading.value;
    return undefined;
  }

  /** The word after a flag, unless that is a flag itself. */
  #flagValue(tokens: Tokenizer): string | undefined {
    const token = tokens.next();
    if (token === undefined) return undefined;
    const name = token.quoted ? undefined : flagName(token.text);
    return name !== undefined && this.#flagsByName.has(name) ? undefined : token.text;
  }

  #unexpected(token: Token): string {
    return `Unexpected argument ${quoted(token.text)}.${this.#flagHint(token)}`;
  }

  /** ` Did you mean "--dry-run"?` for a word that looks like a flag and is nearly one. */
  #flagHint(token: Token): string {
    const name = token.quoted ? undefined : flagName(token.text);
    if (name === undefined) return "";
    return didYouMean(`--${name}`, this.#flags.map((flag) => `--${flag.name}`));
  }

  /** Adds defaults to `args`, or reports a missing argument. */
  #complete(args: AnyArgs): ArgumentReading {
    for (const argument of this.#positionals) {
      if (Object.hasOwn(args, argument.key)) continue;
      if (argument.required) {
        return { problem: missing(argument) };
      }
      if (argument.extent === "many") args[argument.key] = [];
      else setDefault(args, argument.key, argument.type, argument.default);
    }
    for (const flag of this.#flags) {
      if (Object.hasOwn(args, flag.key)) continue;
      if (flag.type === undefined) args[flag.key] = false;
      else setDefault(args, flag.key, flag.type, flag.default);
    }
    return { args };
  }
}

/** What to type for an argument, for help and errors. */
export function expected(argument: Argument): string {
  if (argument.extent === "rest") return "text, up to the end of the message";
  return argument.extent === "many"
    ? `${argument.type.expected} (one or more)`
    : argument.type.expected;
}

function missing(argument: Argument): string {
  const { extent, type } = argument;
  const isText = extent === "one" && type === valueTypes.text;
  const what = isText ? " (quote it if it contains spaces)" : `: ${expected(argument)}`;
  return `Missing argument ${usageOf(argument)}${what}.`;
}

/**
 * The folded name (flags are compared folded) in `--name`, `--name=value` or, as phones write it, `—name`; undefined for other words.
 */
function flagName(word: string): string | undefined {
  const code = word.charCodeAt(0);
  if (code !== 0x2d && code < 0x80) return undefined;
  const text = fold(word);
  const start = flagDashes(text, 0);
  if (start === 0) return undefined;
  const equals = text.indexOf("=");
  return text.slice(start, equals === -1 ? undefined : equals);
}

/** How errors refer to an argument: `<service>`, `<words...>`. */
function usageOf({ name, extent, required }: Argument): string {
  const inner = extent === "one" ? name : `${name}...`;
  return required ? `<${inner}>` : `[${inner}]`;
}

function mismatch(subject: string, requirement: string, word: string, type: ValueType): string {
  const hint = type.choices === undefined ? "" : didYouMean(word, type.choices);
  return `${subject} ${requirement}, not ${quoted(word)}.${hint}`;
}

// Parsed again for every line, because a handler may mutate the Date or URL that it is given.
function setDefault(args: AnyArgs, key: string, type: ValueType, text: string | undefined): void {
  if (text === undefined) return;
  const reading = type.read(text);
  if ("value" in reading) args[key] = reading.value;
}
