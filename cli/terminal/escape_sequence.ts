/**
 * Splits escape sequences off the input of a terminal, by the grammar of ECMA-48. The exceptions are
 * keys of terminals that do not follow it:
 *
 * - `ESC` and one character is that character with Alt; with ECMA-48, `ESC (` and the like continue.
 * - `ESC ESC [ D`: some terminals send Alt as an ESC before the sequence of the key.
 * - `ESC [ [ A`, the function keys of the Linux console, where `[` would be the final character.
 * - `ESC [ 3 $`, Shift in rxvt, where `$` would be followed by a final character.
 * - `ESC [ M` and three characters, which is how a mouse was reported first.
 * - `ESC O 5 A`: SS3 takes one character, but some terminals send modifiers before it.
 *
 * A character that a sequence cannot contain ends it: the sequence is dropped, and the character is
 * the next key.
 * @module
 */

/** What an escape sequence is. */
export type EscapeSequence =
  /** A control sequence, or a key of the keypad: `ESC [` or `ESC O`, parameters, final character. */
  | {
    readonly kind: "csi" | "ss3";
    readonly parameters: string;
    readonly final: string;
    /** Whether an ESC comes before the sequence. */
    readonly hasAlt: boolean;
  }
  /** A character typed with Alt. */
  | { readonly kind: "alt"; readonly character: string }
  /** ESC alone: what follows is a sequence of its own. */
  | { readonly kind: "escape" }
  /** A response of the terminal, a mouse report, or a sequence that is broken off or unknown. */
  | { readonly kind: "ignored" };

/** A sequence at the start of a text. */
export interface FoundSequence {
  readonly sequence: EscapeSequence;
  /** Its length in the text. */
  readonly length: number;
}

const PASTE = { parameters: "200", final: "~" };

const FINAL = /^[\x20-\x7e]/;
/** Parameters and intermediate characters. */
const CSI_BODY = /[\x20-\x3f]*/y;
const SS3_BODY = /[\d;:]*/y;
const RXVT_SHIFT = /\d+\$/y;
/** The parameters of a key. Other control sequences are responses. */
const KEY_PARAMETERS = /^[\d;:]*$/;
/** OSC, DCS, APC, PM and SOS contain text and the format characters BS to CR. */
// deno-lint-ignore no-control-regex -- strings end at control characters
const STRING_BODY = /[^\x00-\x07\x0e-\x1f\x7f\x9c]*/y;
// deno-lint-ignore no-control-regex -- as above
const STRING_END = /\x07|\x9c|\x1b\\/y;
/** The button, the column and the row. */
// deno-lint-ignore no-control-regex -- as above
const MOUSE_REPORT = /[^\x00-\x1f]{0,3}/uy;
const MOUSE_REPORT_LENGTH = 3;

const IGNORED: EscapeSequence = { kind: "ignored" };

/** The sequence at the start of `text`, which starts with ESC; undefined while it is incomplete. */
export function readEscapeSequence(text: string): FoundSequence | undefined {
  switch (text[1]) {
    case undefined:
      return undefined;
    case "\x1b":
      return afterEscape(text);
    case "[":
      return controlSequence(text);
    case "O":
      return keypadSequence(text);
    case "]":
    case "P":
    case "X":
    case "^":
    case "_":
      return controlString(text);
    default: {
      const character = String.fromCodePoint(text.codePointAt(1) ?? 0);
      return { sequence: { kind: "alt", character }, length: 1 + character.length };
    }
  }
}

/** An ESC before another one: Alt, if a key's sequence follows. */
function afterEscape(text: string): FoundSequence | undefined {
  const alone: FoundSequence = { sequence: { kind: "escape" }, length: 1 };
  if (text.length > 2 && text[2] !== "[" && text[2] !== "O") return alone;
  const found = readEscapeSequence(text.slice(1));
  if (found === undefined) return undefined;
  const { sequence, length } = found;
  if (sequence.kind !== "csi" && sequence.kind !== "ss3") return { sequence, length: length + 1 };
  const isPaste = sequence.parameters === PASTE.parameters && sequence.final === PASTE.final;
  return isPaste ? alone : { sequence: { ...sequence, hasAlt: true }, length: length + 1 };
}

function controlSequence(text: string): FoundSequence | undefined {
  if (text[2] === "[") {
    const isWhole = FINAL.test(text.slice(3));
    return text.length === 3 ? undefined : { sequence: IGNORED, length: isWhole ? 4 : 3 };
  }
  const rxvt = lengthAt(RXVT_SHIFT, text, 2);
  const end = 2 + (rxvt > 0 ? rxvt - 1 : lengthAt(CSI_BODY, text, 2));
  const parameters = text.slice(2, end);
  if (text[end] === "M" && parameters === "") return mouseReport(text);
  return finished("csi", parameters, text, end);
}

function keypadSequence(text: string): FoundSequence | undefined {
  const end = 2 + lengthAt(SS3_BODY, text, 2);
  return finished("ss3", text.slice(2, end), text, end);
}

/** The sequence whose final character is at `end`, if that can be one. */
function finished(
  kind: "csi" | "ss3",
  parameters: string,
  text: string,
  end: number,
): FoundSequence | undefined {
  if (end === text.length) return undefined;
  const [final] = FINAL.exec(text.slice(end)) ?? [];
  if (final === undefined) return { sequence: IGNORED, length: end };
  const sequence: EscapeSequence = KEY_PARAMETERS.test(parameters)
    ? { kind, parameters, final, hasAlt: false }
    : IGNORED;
  return { sequence, length: end + 1 };
}

function mouseReport(text: string): FoundSequence | undefined {
  const start = "\x1b[M".length;
  const report = text.slice(start, start + lengthAt(MOUSE_REPORT, text, start));
  const end = start + report.length;
  const isWhole = Array.from(report).length === MOUSE_REPORT_LENGTH;
  return !isWhole && end === text.length ? undefined : { sequence: IGNORED, length: end };
}

/** A string up to its terminator. An ESC that is not part of one starts the next sequence. */
function controlString(text: string): FoundSequence | undefined {
  const end = 2 + lengthAt(STRING_BODY, text, 2);
  const terminator = lengthAt(STRING_END, text, end);
  const isOpen = end === text.length || (end === text.length - 1 && text[end] === "\x1b");
  return isOpen ? undefined : { sequence: IGNORED, length: end + terminator };
}

/** The length of what `pattern`, which is sticky, matches at `index`. */
function lengthAt(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0].length ?? 0;
}
