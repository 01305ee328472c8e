/**
 * Decodes the bytes that a terminal sends into keys, pastes and focus changes.
 *
 * `emitKeypressEvents` of node:readline does not fit: it takes 33 ms to load, inserts the rest of
 * unknown sequences into the text (bracketed paste, modified keys, terminal responses), and cannot
 * distinguish a pasted newline from Enter.
 * @module
 */

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

const PASTE_START = "\x1b[200~";
const PASTE_END = "\x1b[201~";

const FINAL_KEYS: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
  M: "enter",
  Z: "shift+tab",
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
  10: "ctrl+j",
  13: "enter",
  27: "escape",
  127: "backspace",
};

const ESCAPE: Key = { kind: "key", name: "escape" };

/** rxvt sends arrows with Shift as `ESC [ a` and with Ctrl as `ESC O a`. */
const RXVT_ARROW = /^[a-d]$/;
const SHIFT = "1;2";
const CTRL = "1;5";

// deno-lint-ignore no-control-regex -- multi-byte keys start with ESC
const CSI = /^\x1b\[([<=>?]?)([\d;:]*)[ -/]*([@-~])/;
/** A complete terminal response (OSC, DCS, APC, PM, SOS). */
// deno-lint-ignore no-control-regex -- as above
const RESPONSE = /^\x1b[\]PX^_][^\x07\x1b]*(\x07|\x1b\\)/;
// deno-lint-ignore no-control-regex -- as above
const UNFINISHED = /^\x1b{1,2}(\[(\[|[<=>?]?[\d;:]*[ -/]*)|O|[\]PX^_][^\x07\x1b]*\x1b?)?$/;
/** The function keys of the Linux console: a sequence that would otherwise end before its letter. */
const LINUX_FUNCTION_KEY = "\x1b[[";
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
    if (UNFINISHED.test(text)) return undefined;
    if (this.#unmarked !== undefined) return this.#endUnmarked();
    const typed = TEXT.exec(text)?.[0];
    if (typed !== undefined) {
      this.#rest = text.slice(typed.length);
      return { kind: "text", text: typed };
    }
    if (text.startsWith(PASTE_START)) {
      this.#rest = text.slice(PASTE_START.length);
      this.#paste = "";
      return "ignored";
    }
    if (text[0] !== "\x1b") {
      // Some serial consoles send both for Enter.
      this.#rest = text.slice(text.startsWith("\r\n") ? 2 : 1);
      return { kind: "key", name: controlKey(text.charCodeAt(0)) };
    }
    return this.#nextSequence(text);
  }

  #nextSequence(text: string): Key | "ignored" {
    const response = RESPONSE.exec(text)?.[0];
    if (response !== undefined) {
      this.#rest = text.slice(response.length);
      return "ignored";
    }
    if (text.startsWith(LINUX_FUNCTION_KEY)) {
      this.#rest = text.slice(LINUX_FUNCTION_KEY.length + 1);
      return "ignored";
    }
    const csi = CSI.exec(text);
    if (csi !== null) {
      const [all, mark = "", parameters = "", final = ""] = csi;
      this.#rest = text.slice(all.length);
      if (mark !== "") return "ignored";
      return RXVT_ARROW.test(parameters + final)
        ? sequenceKey(SHIFT, final.toUpperCase())
        : sequenceKey(parameters, final);
    }
    if (text[1] === "O") {
      this.#rest = text.slice(3);
      const final = text[2] ?? "";
      return RXVT_ARROW.test(final)
        ? sequenceKey(CTRL, final.toUpperCase())
        : sequenceKey("", final);
    }
    const char = String.fromCodePoint(text.codePointAt(1) ?? 0);
    if (char === "\x1b") {
      const sequence = text.slice(1);
      if ((sequence[1] === "[" || sequence[1] === "O") && !sequence.startsWith(PASTE_START)) {
        return withAlt(this.#nextSequence(sequence));
      }
      this.#rest = text.slice(1);
      return ESCAPE;
    }
    this.#rest = text.slice(1 + char.length);
    const name = TEXT.test(char) ? char.toLowerCase() : controlKey(char.charCodeAt(0));
    return { kind: "key", name: `alt+${name}` };
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

/** Some terminals send Alt as an ESC before the sequence of the key. */
function withAlt(key: Key | "ignored"): Key | "ignored" {
  return key !== "ignored" && key.kind === "key" ? { kind: "key", name: `alt+${key.name}` } : key;
}

function withNewlines(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

function sequenceKey(parameters: string, final: string): Key | "ignored" {
  if (parameters === "" && (final === "I" || final === "O")) {
    return { kind: "focus", focused: final === "I" };
  }
  const [first = "", second = "", third = ""] = parameters.split(";");
  if (final === "u") return codeKey(first, second);
  if (final === "~" && first === "27") return codeKey(third, second);
  const key = final === "~" ? NUMBERED_KEYS[first] : FINAL_KEYS[final];
  return key === undefined ? "ignored" : { kind: "key", name: modifiers(second) + key };
}

/** A key reported by its code point (CSI u, modifyOtherKeys). */
function codeKey(code: string, modifier: string): Key | "ignored" {
  const point = Number.parseInt(code);
  if (!(point > 0 && point <= 0x10ffff)) return "ignored";
  const held = modifiers(modifier);
  const control = CONTROL_KEYS[point];
  if (control !== undefined && control !== "ctrl+j") return { kind: "key", name: held + control };
  const text = String.fromCodePoint(point);
  if (!TEXT.test(text)) return "ignored";
  return held === "" || held === "shift+"
    ? { kind: "text", text }
    : { kind: "key", name: held.replace("shift+", "") + text.toLowerCase() };
}

function modifiers(parameter: string): string {
  const held = Math.max(0, (Number.parseInt(parameter) || 1) - 1);
  return `${held & 4 ? "ctrl+" : ""}${held & 2 ? "alt+" : ""}${held & 1 ? "shift+" : ""}`;
}

function controlKey(code: number): string {
  return CONTROL_KEYS[code] ?? `ctrl+${String.fromCharCode(code + 0x60)}`;
}
