/**
 * Parses signatures such as `todo add <text...> [--due:date]`, and explains what is wrong with others.
 *
 * The types in args_of.ts implement the same grammar: change both together.
 * @module
 */
import { BotDefinitionError } from "../text/definition_error.ts";
import { didYouMean } from "../text/did_you_mean.ts";
import { fold } from "../text/fold.ts";
import type { Argument, Extent, Flag, Signature } from "./signature.ts";
import { choiceType, isTypeName, type ValueType, valueTypes } from "./value_types.ts";

/** A substring of the signature, with its position. */
interface Piece {
  readonly text: string;
  readonly start: number;
}

type Slot = { readonly argument: Argument } | { readonly flag: Flag };

const WORD = /^[^\s<>[\](){}|=:"'“”‘’-][^\s<>[\](){}|=:"“”]*$/u;
const ASCII_NAME = /^[a-z]\w*(?:-\w+)*$/i;
const CHOICE = /^[^\s<>[\]|=:"“”]+$/u;

/**
 * Parses a signature; `path` is its path in the definition, for errors.
 * @throws {BotDefinitionError} The signature is invalid.
 */
export function parseSignature(source: string, path: string): Signature {
  return new SignatureParser(source, path).parse();
}

/**
 * Parses the words of an alias such as `ta` or `todo new`.
 * @throws {BotDefinitionError} It is empty, or contains anything but words.
 */
export function parseAlias(source: string, path: string): readonly string[] {
  return new SignatureParser(source, path).parse({ wordsOnly: true }).words;
}

/** The property of `args` for a name: `dry-run` becomes `dryRun`. */
export function camelCase(name: string): string {
  const [first = "", ...others] = name.split("-");
  // By code unit, like TypeScript's `Capitalize`.
  return first + others.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("");
}

class SignatureParser {
  readonly #source: string;
  readonly #path: string;

  constructor(source: string, path: string) {
    this.#source = source;
    this.#path = path;
  }

  parse({ wordsOnly = false } = {}): Signature {
    const words: string[] = [];
    const positionals: Argument[] = [];
    const flags: Flag[] = [];
    const pieces = this.#pieces();
    for (const piece of pieces) {
      if (piece.text.startsWith("<") || piece.text.startsWith("[")) {
        if (wordsOnly) {
          this.#fail("An alias consists of words only; it takes the command's arguments", piece);
        }
        if (words.length === 0) {
          this.#fail("A signature must start with the word that calls the command", piece);
        }
        const slot = this.#slot(piece);
        this.#refuseSameName(slot, [...positionals, ...flags], piece);
        if ("flag" in slot) {
          flags.push(slot.flag);
        } else {
          this.#refuseOrder(slot.argument, positionals.at(-1), piece);
          positionals.push(slot.argument);
        }
      } else {
        this.#checkWord(piece, positionals.length + flags.length > 0);
        words.push(piece.text);
      }
    }
    if (words.length === 0) {
      this.#fail("It is empty. Write the word that calls the command", { text: " ", start: 0 });
    }
    const text = pieces.map((piece) => piece.text.replace(/\s+/g, " ")).join(" ");
    return { text, words, arguments: positionals, flags };
  }

  /** Words and bracketed parts, in order, separated by spaces, tabs or line ends. */
  #pieces(): Piece[] {
    const pieces: Piece[] = [];
    const source = this.#source;
    let at = 0;
    while (at < source.length) {
      const start = at;
      const first = source.charAt(at);
      if (/[ \t\r\n]/.test(first)) {
        at++;
        continue;
      }
      if (first === "<" || first === "[") {
        const close = first === "<" ? ">" : "]";
        at = source.indexOf(close, start) + 1;
        if (at === 0) {
          this.#fail(`This "${first}" has no closing "${close}"`, { text: first, start });
        }
      } else {
        while (at < source.length && !/[ \t\r\n<[]/.test(source.charAt(at))) at++;
      }
      const piece = { text: source.slice(start, at), start };
      if (at < source.length && !/[ \t\r\n]/.test(source.charAt(at))) {
        this.#fail("Add a space here", { text: source.charAt(at), start: at });
      }
      pieces.push(piece);
    }
    return pieces;
  }

  #checkWord(piece: Piece, afterArguments: boolean): void {
    if (piece.text.startsWith("--")) {
      this.#fail(`Put flags in square brackets: [${piece.text}]`, piece);
    }
    if (!WORD.test(piece.text)) {
      this.#fail(
        "A command's word must not contain brackets, quotes, |, = or :, or start with a dash " +
          "(use aliases for other names of a command)",
        piece,
      );
    }
    if (afterArguments) {
      this.#fail("A command's words must come before its arguments and flags", piece);
    }
  }

  #slot(piece: Piece): Slot {
    const required = piece.text.startsWith("<");
    const body = { text: piece.text.slice(1, -1), start: piece.start + 1 };
    const equals = body.text.indexOf("=");
    const head = equals === -1 ? body : cut(body, 0, equals);
    const value = equals === -1 ? undefined : cut(body, equals + 1);
    if (required && value !== undefined) {
      this.#fail(
        `An argument with a default is optional: write [${body.text}]`,
        cut(body, equals),
      );
    }
    return head.text.startsWith("--")
      ? { flag: this.#flag(head, value, required) }
      : { argument: this.#argument(head, value, required) };
  }

  #flag(head: Piece, value: Piece | undefined, required: boolean): Flag {
    if (required) this.#fail(`Flags are always optional: write [${head.text}]`, head);
    if (head.text.endsWith("...")) {
      this.#fail("A flag takes at most one value", cut(head, head.text.length - 3));
    }
    const { name, type } = this.#nameAndType(cut(head, 2));
    if (value !== undefined && type === undefined) {
      this.#fail(
        `A flag with a value needs a type: [--${name.text}:text=${value.text}]`,
        value,
      );
    }
    this.#checkDefault(value, type);
    return { name: name.text, key: camelCase(name.text), type, default: value?.text };
  }

  #argument(head: Piece, value: Piece | undefined, required: boolean): Argument {
    if (head.text.endsWith("…")) {
      this.#fail('Write three dots "...", not the single character "…"', cut(head, -1));
    }
    const several = head.text.endsWith("...");
    const { name, type } = this.#nameAndType(several ? cut(head, 0, -3) : head);
    const extent: Extent = !several ? "one" : type === undefined ? "rest" : "many";
    if (extent === "many" && value !== undefined) {
      this.#fail("A list cannot have a default: without values it is empty", value);
    }
    this.#checkDefault(value, type);
    return {
      name: name.text,
      key: camelCase(name.text),
      type: type ?? valueTypes.text,
      extent,
      required,
      default: value?.text,
    };
  }

  #nameAndType(piece: Piece): { name: Piece; type: ValueType | undefined } {
    const colon = piece.text.indexOf(":");
    const name = colon === -1 ? piece : cut(piece, 0, colon);
    if (name.text === "") this.#fail("Add a name here", piece);
    if (!isName(name.text)) {
      this.#fail(
        "A name must consist of letters, digits, _ and single dashes, and start with a letter",
        name,
      );
    }
    return { name, type: colon === -1 ? undefined : this.#type(cut(piece, colon + 1)) };
  }

  #type(piece: Piece): ValueType {
    if (isTypeName(piece.text)) return valueTypes[piece.text];
    const names = Object.keys(valueTypes);
    if (!piece.text.includes("|")) {
      this.#fail(
        piece.text === ""
          ? `Add a type here: ${names.join(", ")}, or choices such as a|b`
          : `There is no type "${piece.text}".${didYouMean(piece.text, names)} ` +
            `Use ${names.join(", ")}, or choices such as a|b`,
        piece,
      );
    }
    const choices: string[] = [];
    let start = 0;
    for (const choice of piece.text.split("|")) {
      const at = { text: choice === "" ? "|" : choice, start: piece.start + start };
      if (!CHOICE.test(choice)) {
        this.#fail("A choice must be one word, without brackets, quotes, |, = or :", at);
      }
      if (choices.some((other) => fold(other) === fold(choice))) {
        this.#fail(`The choice "${choice}" appears twice (case is ignored)`, at);
      }
      choices.push(choice);
      start += choice.length + 1;
    }
    return choiceType(choices);
  }

  #checkDefault(value: Piece | undefined, type: ValueType | undefined): void {
    if (value === undefined || type === undefined) return;
    const reading = type.read(value.text);
    if ("requirement" in reading) {
      this.#fail(`The default ${reading.requirement}, not "${value.text}"`, value);
    }
  }

  #refuseSameName(slot: Slot, before: readonly { name: string; key: string }[], at: Piece): void {
    const { name, key } = "flag" in slot ? slot.flag : slot.argument;
    if (key in {}) {
      this.#fail(`Every object has a built-in property "${key}". Choose another name`, at);
    }
    // Flags ignore case, and names that differ only by case would be confusing for arguments as well.
    const same = before.find((other) => fold(other.key) === fold(key));
    if (same === undefined) return;
    this.#fail(
      same.name === name
        ? `The name "${name}" is used twice, but arguments and flags share \`args\``
        : `The names "${same.name}" and "${name}" are too similar: both are properties of \`args\``,
      at,
    );
  }

  #refuseOrder(argument: Argument, previous: Argument | undefined, at: Piece): void {
    if (previous === undefined) return;
    if (previous.extent !== "one") {
      this.#fail(`"${previous.name}..." takes the rest of the line, so it must come last`, at);
    }
    if (argument.required && !previous.required) {
      this.#fail(
        `The required argument "${argument.name}" cannot follow the optional "${previous.name}"`,
        at,
      );
    }
  }

  #fail(problem: string, at: Piece): never {
    throw new BotDefinitionError({
      problem: `${problem}.`.replace(/([.?!])\.$/, "$1"),
      path: this.#path,
      source: this.#source,
      position: at.start,
      length: at.text.length,
    });
  }
}

/** A substring of a piece, with indices as in `slice`. */
function cut(piece: Piece, from: number, to?: number): Piece {
  const start = piece.start + (from < 0 ? piece.text.length + from : from);
  return { text: piece.text.slice(from, to), start };
}

/** Building the tables of `\p{…}` takes longer than loading a module, so most bots never do. */
function isName(text: string): boolean {
  return ASCII_NAME.test(text) ||
    /^\p{L}[\p{L}\p{M}\p{N}_]*(?:-[\p{L}\p{M}\p{N}_]+)*$/u.test(text);
}
