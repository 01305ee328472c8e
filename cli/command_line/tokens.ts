/**
 * Splits a command line into options and words, by the conventions of GNU.
 *
 * It does what `parseArgs` of `node:util` does when it is not strict, which takes 5 ms to load: a third of what
 * Deno takes to start.
 * @module
 */
import type { OptionSpec } from "./command_spec.ts";

/** A part of a command line. */
export type Token =
  | OptionToken
  | { readonly kind: "word"; readonly text: string }
  /** `--`: only words follow. */
  | { readonly kind: "end of options" };

/** An option, known or not. */
export interface OptionToken {
  readonly kind: "option";
  /** As it was written, without its value: `-s`, `--server`. */
  readonly written: string;
  /** Its long name, without dashes; as it was written if the option is unknown. */
  readonly name: string;
  /** Its value; undefined if there is none. */
  readonly value: string | undefined;
}

/** The parts of `-p, --port <number>` or `--fleet [name]`, without the dashes. */
export interface OptionParts {
  readonly short: string | undefined;
  readonly long: string;
  /** The name of its value; undefined if it needs none. */
  readonly value: string | undefined;
  /** The name of a value that may be left out; undefined if there is none. It is given as `--name=VALUE`. */
  readonly optionalValue: string | undefined;
}

/** The parts of an option's flags. */
export function optionParts({ flags }: OptionSpec): OptionParts {
  const [, short, long = "", value, optionalValue] =
    /^(?:-(\w), )?--([\w-]+)(?: (?:<(\w+)>|\[(\w+)\]))?$/.exec(flags) ?? [];
  return { short, long, value, optionalValue };
}

/**
 * The tokens of `args`, as in GNU: an option that needs a value takes whatever comes next, and one whose
 * value may be left out takes only what is attached to it.
 */
export function tokensOf(args: readonly string[], specs: readonly OptionSpec[]): Token[] {
  const options = specs.map(optionParts);
  const tokens: Token[] = [];
  const left = [...args];
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    if (arg === "--") {
      tokens.push({ kind: "end of options" });
      tokens.push(...left.map((text) => ({ kind: "word" as const, text })));
      break;
    }
    const [, written, own] = /^(--.[^=]*|-[^-])(.*)$/s.exec(arg) ?? [];
    if (written === undefined || own === undefined) {
      tokens.push({ kind: "word", text: arg });
      continue;
    }
    const isLong = written.startsWith("--");
    const given = written.replace(/^--?/, "");
    const option = options.find(({ long, short }) => given === (isLong ? long : short));
    const name = option?.long ?? given;
    const takesValue = option?.value !== undefined;
    if (isLong) {
      const value = own !== "" ? own.slice(1) : takesValue ? left.shift() : undefined;
      tokens.push({ kind: "option", written, name, value });
    } else if (takesValue) {
      tokens.push({ kind: "option", written, name, value: own === "" ? left.shift() : own });
    } else {
      tokens.push({ kind: "option", written, name, value: undefined });
      // -ab is -a -b.
      if (own !== "") left.unshift(`-${own}`);
    }
  }
  return tokens;
}
