/**
 * Decodes the bytes that a terminal sends into keys, pastes and focus changes.
 *
 * `emitKeypressEvents` of node:readline does not fit: it takes 33 ms to load, inserts the rest of
 * unknown sequences into the text (bracketed paste, modified keys, terminal responses), and cannot
 * distinguish a pasted newline from Enter.
 * @module
 */
import { type EscapeSequence, readEscapeSequence } from "./escape_sequence.ts";

/** One input event. */
export type Key =
  /** Typed text, without control characters. */
  | { readonly kind: "text"; readonly text: string }
  /** Pasted text, with line breaks normalized to newlines. */
  | { readonly kind: "paste"; readonly text: string }
  /** A key by its name, such as "enter", "ctrl+a", "alt+enter", "ctrl+left". */
  | { readonly kind: "key"; readonly name: string }
  /** The terminal's window gained or lost the focus. */
  | { readonly kind: "focus"; readonly focused: boolean };

const PASTE_END = "\x1b[201~";

const FINAL_KEYS: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
};

const NUMBERED_KEYS: Readonly<Record<string, string>> = {
  "1": "home",
  "3": "delete",
  "4": "end",
  "5": "pageup",
  "6": "pagedown",
  "7": "home",
  "8": "end",
};

const CONTROL_KEYS: Readonly<Record<number, string>> = {
  8: "backspace",
  9: "tab",
  13: "enter",
  27: "escape",
  127: "backspace",
};

const ESCAPE: Key = { kind: "key", name: "escape" };

/** The modifiers that a terminal reports, each one bit. */
const SHIFT = 1;
const ALT = 2;
const CTRL = 4;

/** rxvt sends arrows with Shift as `ESC [ a` and with Ctrl as `ESC O a`. */
const RXVT_ARROW = /^[a-d]$/;
/** rxvt sends other keys with modifiers as `ESC [ 3 ^`, where `ESC [ 3 ~` is the key alone. */
const RXVT_MODIFIERS: Readonly<Record<string, number>> = {
  "~": 0,
  "$": SHIFT,
  "^": CTRL,
  "@": CTRL | SHIFT,
};

// deno-lint-ignore no-control-regex -- text ends at the next control character
const TEXT = /^[^\x00-\x1f\x7f]+/;

/** What is typed or pasted without an escape sequence. */
// deno-lint-ignore no-control-regex -- sequences start with ESC
const RUN = /^[^\x1b]+/;

/**
 * Decodes a stream of bytes. A sequence may be split anywhere between two calls.
 *
 * Some terminals do not mark pastes. Nobody types a newline and more within one read, so that is a
 * paste as well, up to the next escape sequence or until `flush`.
 */
export class KeyDecoder {
  readonly #decoder = new TextDecoder();
  #rest = "";
  /** The text so far of a paste that has not ended yet. */
  #paste: string | undefined;
  /** The text so far of a paste that the terminal did not mark. */
  #unmarked: string | undefined;

  /**
   * Whether the last key may be incomplete. ESC alone is a key if nothing follows it, and a paste that
   * is not marked ends if nothing follows it.
   */
  get isIncomplete(): boolean {
    return this.#paste === undefined && (this.#rest !== "" || this.#unmarked !== undefined);
  }

  /** The keys in `bytes`, in order. */
  decode(bytes: Uint8Array): Key[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    const keys: Key[] = [];
    for (;;) {
      const key = this.#paste === undefined ? this.#next() : this.#nextOfPaste(this.#paste);
      if (key === undefined) return keys;
      if (key !== "ignored") keys.push(key);
    }
  }

  /** The keys in the incomplete rest, if nothing has followed it. */
  flush(): Key[] {
    const rest = this.#rest;
    this.#rest = "";
    const pasted = this.#endUnmarked();
    return [
      ...(pasted === undefined ? [] : [pasted]),
      ...(rest === "\x1b" ? [ESCAPE] : rest === "\x1b\x1b" ? [ESCAPE, ESCAPE] : []),
    ];
  }

  #next(): Key | "ignored" | undefined {
    const text = this.#rest;
    if (text === "") return undefined;
    const [run = ""] = RUN.exec(text) ?? [];
    if (
      run !== "" && (this.#unmarked !== undefined || /[\r\n]./s.test(run.replace(/\r\n/g, "\n")))
    ) {
      this.#unmarked = (this.#unmarked ?? "") + run;
      this.#rest = text.slice(run.length);
      return "ignored";
    }
    const found = text[0] === "\x1b" ? readEscapeSequence(text) : undefined;
    if (text[0] === "\x1b" && found === undefined) return undefined;
    if (this.#unmarked !== undefined) return this.#endUnmarked();
    if (found !== undefined) {
      this.#rest = text.slice(found.length);
      return this.#keyOf(found.sequence);
    }
    const typed = TEXT.exec(text)?.[0];
    if (typed !== undefined) {
      this.#rest = text.slice(typed.length);
      return { kind: "text", text: typed };
    }
    // Some serial consoles send both for Enter.
    this.#rest = text.slice(text.startsWith("\r\n") ? 2 : 1);
    return controlKey(text.charCodeAt(0), 0);
  }

  #keyOf(sequence: EscapeSequence): Key | "ignored" {
    if (sequence.kind === "escape") return ESCAPE;
    if (sequence.kind === "ignored") return "ignored";
    if (sequence.kind === "alt") {
      const { character } = sequence;
      return TEXT.test(character)
        ? namedKey(ALT, character.toLowerCase())
        : controlKey(character.charCodeAt(0), ALT);
    }
    const { kind, parameters, final, hasAlt } = sequence;
    if (kind === "csi" && parameters === "200" && final === "~") {
      this.#paste = "";
      return "ignored";
    }
    return sequenceKey(kind, parameters, final, hasAlt ? ALT : 0);
  }

  #endUnmarked(): Key | undefined {
    const text = this.#unmarked;
    this.#unmarked = undefined;
    return text === undefined ? undefined : { kind: "paste", text: withNewlines(text) };
  }

  #nextOfPaste(before: string): Key | undefined {
    const pasted = before + this.#rest;
    const end = pasted.indexOf(PASTE_END, Math.max(0, before.length - PASTE_END.length));
    if (end < 0) {
      this.#paste = pasted;
      this.#rest = "";
      return undefined;
    }
    this.#paste = undefined;
    this.#rest = pasted.slice(end + PASTE_END.length);
    return { kind: "paste", text: withNewlines(pasted.slice(0, end)) };
  }
}

function withNewlines(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

/** The key of a sequence; `held` are the modifiers that are not in its parameters. */
function sequenceKey(
  kind: "csi" | "ss3",
  parameters: string,
  final: string,
  held: number,
): Key | "ignored" {
  if (kind === "csi" && parameters === "" && (final === "I" || final === "O")) {
    return { kind: "focus", focused: final === "I" };
  }
  if (RXVT_ARROW.test(final) && parameters === "") {
    const modifier = kind === "csi" ? SHIFT : CTRL;
    return letterKey(final.toUpperCase(), held | modifier);
  }
  const numbers = parameters.split(";");
  const [first = "", second = "", third = ""] = numbers;
  if (kind === "csi" && final === "u") return codeKey(first, held | modifiers(second));
  if (kind === "csi" && final === "~" && first === "27") {
    return codeKey(third, held | modifiers(second));
  }
  const rxvt = kind === "csi" ? RXVT_MODIFIERS[final] : undefined;
  if (rxvt !== undefined) {
    const key = NUMBERED_KEYS[first];
    return key === undefined ? "ignored" : namedKey(held | rxvt | modifiers(second), key);
  }
  // Without a number for the key, the modifiers come first.
  const all = held | modifiers(numbers.at(-1) ?? "");
  if (kind === "csi" && final === "Z") return namedKey(all | SHIFT, "tab");
  if (kind === "ss3" && final === "M") return namedKey(all, "enter");
  return letterKey(final, all);
}

function letterKey(final: string, held: number): Key | "ignored" {
  const key = FINAL_KEYS[final];
  return key === undefined ? "ignored" : namedKey(held, key);
}

/** A key reported by its code point (CSI u, modifyOtherKeys). */
function codeKey(code: string, held: number): Key | "ignored" {
  const point = Number.parseInt(code);
  if (!(point > 0 && point <= 0x10ffff)) return "ignored";
  const control = CONTROL_KEYS[point];
  if (control !== undefined) return namedKey(held, control);
  const text = String.fromCodePoint(point);
  if (!TEXT.test(text)) return "ignored";
  return (held & ~SHIFT) === 0
    ? { kind: "text", text }
    : namedKey(held & ~SHIFT, text.toLowerCase());
}

/** The modifiers in a parameter, which is 1 without any. */
function modifiers(parameter: string): number {
  return Math.max(0, (Number.parseInt(parameter) || 1) - 1) & (CTRL | ALT | SHIFT);
}

function controlKey(code: number, held: number): Key {
  const name = CONTROL_KEYS[code];
  if (name !== undefined) return namedKey(held, name);
  // Ctrl with a letter, or with one of @ [ \ ] ^ _.
  return namedKey(held | CTRL, String.fromCharCode(code + 0x40).toLowerCase());
}

/** The name has the modifiers in one order, however the terminal reports them. */
function namedKey(held: number, key: string): Key {
  const ctrl = held & CTRL ? "ctrl+" : "";
  const alt = held & ALT ? "alt+" : "";
  const shift = held & SHIFT ? "shift+" : "";
  return { kind: "key", name: `${ctrl}${alt}${shift}${key}` };
}
