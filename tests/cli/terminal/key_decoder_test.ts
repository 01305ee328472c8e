import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { type Key, KeyDecoder } from "../../../cli/terminal/key_decoder.ts";

const key = (name: string): Key => ({ kind: "key", name });
const text = (text: string): Key => ({ kind: "text", text });
const paste = (text: string): Key => ({ kind: "paste", text });

const cases: readonly [bytes: string, keys: readonly Key[]][] = [
  ["hé🦕", [text("hé🦕")]],
  ["\r", [key("enter")]],
  ["\n", [key("ctrl+j")]],
  ["\x1b\r", [key("alt+enter")]],
  ["\x01\x05\x0b\x15\x17\x19", ["a", "e", "k", "u", "w", "y"].map((one) => key(`ctrl+${one}`))],
  ["\x7f\x08\t", [key("backspace"), key("backspace"), key("tab")]],
  ["\x1bb\x1bB\x1b\x7f", [key("alt+b"), key("alt+b"), key("alt+backspace")]],
  ["\x1b[A\x1bOB", [key("up"), key("down")]],
  ["\x1b[1;5C\x1b[1;3D", [key("ctrl+right"), key("alt+left")]],
  ["\x1b[H\x1b[4~\x1b[3~\x1b[Z", [key("home"), key("end"), key("delete"), key("shift+tab")]],
  ["\x1b[13;2u\x1b[27;2;13~", [key("shift+enter"), key("shift+enter")]],
  ["\x1b[99;5u\x1b[97u\x1b[27u", [key("ctrl+c"), text("a"), key("escape")]],
  ["\x1b[I\x1b[O", [{ kind: "focus", focused: true }, { kind: "focus", focused: false }]],
  ["a\tb", [text("a"), key("tab"), text("b")]],
  ["\x1b[200~one\r\ntwo\rthree\x1b[31m\x1b[201~x", [paste("one\ntwo\nthree\x1b[31m"), text("x")]],
  ["\x1b[200~\x1b[201~", [paste("")]],
  // The Linux console's F1 to F5 mean nothing here.
  ["\x1b[[Aa\x1b[[Eb", [text("a"), text("b")]],
  ["\x1b[[B\x1b[[C\x1b[[D\x1b[D", [key("left")]],
  // rxvt: Ctrl and Shift with arrows.
  ["\x1bOa\x1bOb\x1bOc\x1bOd", ["up", "down", "right", "left"].map((one) => key(`ctrl+${one}`))],
  ["\x1b[a\x1b[b\x1b[c\x1b[d", ["up", "down", "right", "left"].map((one) => key(`shift+${one}`))],
  // Alt as ESC before the sequence.
  ["\x1b\x1b[D\x1b\x1b[C", [key("alt+left"), key("alt+right")]],
  ["\x1b\x1bOD\x1b\x1b[3~x", [key("alt+left"), key("alt+delete"), text("x")]],
  ["\x1b\x1b[[Ax", [text("x")]],
  ["\x1b\x1b\x1b[A", [key("escape"), key("alt+up")]],
  ["\x1b\x1bx", [key("escape"), key("alt+x")]],
  ["\x1b\x1b[200~a\rb\x1b[201~", [key("escape"), paste("a\nb")]],
  ["\x1b[7^\x1b[3^\x1b[5@x", [
    key("ctrl+home"),
    key("ctrl+delete"),
    key("ctrl+shift+pageup"),
    text("x"),
  ]],
  ["\x1b[3$x\x1b[8$\x1b[2$y", [key("shift+delete"), text("x"), key("shift+end"), text("y")]],
  // Modifiers in SS3 and before a letter, as older terminals send them.
  ["\x1bO5Aa\x1bO1;5Pb", [key("ctrl+up"), text("a"), text("b")]],
  ["\x1bO2Dx\x1bO1;3C\x1bO3F", [key("shift+left"), text("x"), key("alt+right"), key("alt+end")]],
  ["\x1b[5A\x1b[2H\x1bOM\x1bOpx", [key("ctrl+up"), key("shift+home"), key("enter"), text("x")]],
  // One name, however the terminal reports the modifiers.
  ["\x1b[1;7A\x1b\x1b[1;5A\x1b\x1bOa", [1, 2, 3].map(() => key("ctrl+alt+up"))],
  ["\x1b\x01\x1b[97;7u\x1b[27;7;97~", [1, 2, 3].map(() => key("ctrl+alt+a"))],
  ["\x1b\x1b[Z\x1b[1;4Z\x1b[9;4u", [1, 2, 3].map(() => key("alt+shift+tab"))],
  ["\x1b\x1b[1;3D\x1b\x1b[D", [key("alt+left"), key("alt+left")]],
  ["\x00\x1c\x1d\x1e\x1f", ["@", "\\", "]", "^", "_"].map((one) => key(`ctrl+${one}`))],
  ["\x1b\x1f\x18\x15", [key("ctrl+alt+_"), key("ctrl+x"), key("ctrl+u")]],
  // A sequence that is broken off ends at what it cannot contain.
  ["\x1b[\x1b[A\x1b[1;\x1b[B", [key("up"), key("down")]],
  ["\x1b[[\x1b[A\x1bO\x1b[B", [key("up"), key("down")]],
  ["\x1b[1é\x1bO1é\x1b[[é", [text("é"), text("é"), text("é")]],
  ["\x1b[1;5\x7f\x1bO\x03", [key("backspace"), key("ctrl+c")]],
  ["\x1b]0;t\x1bz\x1bPq\x1b[A", [key("alt+z"), key("up")]],
  ["\x1b]0;t\x03\x1b_x\x7f\x1b^\x1b\x1b[A", [key("ctrl+c"), key("backspace"), key("alt+up")]],
  ["\x1b]0;a\rb\tc é\x9cx", [text("x")]],
  ["\x1b[1 2 qa\x1b[?1;2ca\x1b[?1;2$yb\x1b[4;1$yc", ["a", "a", "b", "c"].map(text)],
  // Mouse reports, which no key of ours asks for, are not Enter.
  ["\x1b[M !!x\x1b[32;1;1Mx\x1b[<0;1;1mx", [text("x"), text("x"), text("x")]],
  ["\x1b[M \x1b[A", [key("up")]],
  // Terminal responses and unknown keys are not inserted into the text.
  ["\x1b]11;rgb:00/00/00\x07a", [text("a")]],
  ["\x1bP>|tmux 3.3a\x1b\\a", [text("a")]],
  ["\x1b[<0;3;4Ma", [text("a")]],
  ["\x1b[12;3Ra", [text("a")]],
  ["\x1b[57399;1ua", [text("\ue037"), text("a")]],
  ["\x1b[99999999999ua", [text("a")]],
];

for (const [bytes, expected] of cases) {
  Deno.test(`${JSON.stringify(bytes)} is decoded, in one piece and byte by byte`, () => {
    const encoded = new TextEncoder().encode(bytes);
    assertEquals(new KeyDecoder().decode(encoded), [...expected]);

    const decoder = new KeyDecoder();
    const keys = Array.from(encoded, (byte) => decoder.decode(Uint8Array.of(byte))).flat();
    assertEquals(joined(keys), joined(expected));
    assertEquals(decoder.isIncomplete, false);
  });
}

Deno.test("ESC is a key if nothing follows it", () => {
  const decoder = new KeyDecoder();
  assertEquals(decoder.decode(Uint8Array.of(0x1b)), []);
  assertEquals(decoder.isIncomplete, true);
  assertEquals(decoder.flush(), [key("escape")]);
  assertEquals(decoder.isIncomplete, false);
});

Deno.test("ESC typed twice is two keys if nothing follows it", () => {
  const decoder = new KeyDecoder();
  assertEquals(decoder.decode(Uint8Array.of(0x1b, 0x1b)), []);
  assertEquals(decoder.flush(), [key("escape"), key("escape")]);
});

const unmarked: readonly [chunks: readonly string[], keys: readonly Key[]][] = [
  [["one\rtwo"], [paste("one\ntwo")]],
  [["/logout\rx\r"], [paste("/logout\nx\n")]],
  [["one\ntwo\n"], [paste("one\ntwo\n")]],
  [["one\r\ntwo\r\n"], [paste("one\ntwo\n")]],
  [["if x:\r\treturn\r"], [paste("if x:\n\treturn\n")]],
  [["\r/quit\r"], [paste("\n/quit\n")]],
  [["hi\r\r"], [paste("hi\n\n")]],
  [["one\rtw", "o\r", "/logout\r"], [paste("one\ntwo\n/logout\n")]],
  [["one\r\x03\x04x\r"], [paste("one\n\x03\x04x\n")]],
  [["one\rtwo\x1b[A\r"], [paste("one\ntwo"), key("up"), key("enter")]],
  [["one\rtwo", "\x1b[200~three\n\x1b[201~"], [paste("one\ntwo"), paste("three\n")]],
];
for (const [chunks, expected] of unmarked) {
  Deno.test(`${JSON.stringify(chunks)} is a paste that the terminal did not mark`, () => {
    const decoder = new KeyDecoder();
    const keys = chunks.flatMap((chunk) => decoder.decode(new TextEncoder().encode(chunk)));
    assertEquals([...keys, ...decoder.flush()], [...expected]);
    assertEquals(decoder.isIncomplete, false);
  });
}

const enters: readonly [bytes: string, keys: readonly Key[]][] = [
  ["hello\r", [text("hello"), key("enter")]],
  ["\r\x1b[A", [key("enter"), key("up")]],
  ["\r\x1b[O", [key("enter"), { kind: "focus", focused: false }]],
  ["hello\r\n", [text("hello"), key("enter")]],
  ["\x1b\rx", [key("alt+enter"), text("x")]],
  ["hi\x1b[13uhi\x1b[13u", [text("hi"), key("enter"), text("hi"), key("enter")]],
];
for (const [bytes, expected] of enters) {
  Deno.test(`the newline in ${JSON.stringify(bytes)} is Enter`, () => {
    const decoder = new KeyDecoder();
    assertEquals(decoder.decode(new TextEncoder().encode(bytes)), [...expected]);
    assertEquals(decoder.isIncomplete, false);
  });
}

Deno.test("an unfinished paste does not count as incomplete", () => {
  const decoder = new KeyDecoder();
  decoder.decode(new TextEncoder().encode("\x1b[200~half"));
  assertEquals(decoder.isIncomplete, false);
  assertEquals(decoder.decode(new TextEncoder().encode(" whole\x1b[201~")), [paste("half whole")]);
});

Deno.test("a paste of a million characters in chunks is fast", () => {
  const decoder = new KeyDecoder();
  const chunk = new TextEncoder().encode("x".repeat(1_000));
  decoder.decode(new TextEncoder().encode("\x1b[200~"));
  for (let i = 0; i < 1_000; i++) assertEquals(decoder.decode(chunk), []);
  const [pasted] = decoder.decode(new TextEncoder().encode("\x1b[201~"));
  assertEquals(pasted?.kind === "paste" && pasted.text.length, 1_000_000);
});

/** Escape sequences by the grammar, without the start of a paste and reports of a typed character. */
const digits = fc.array(fc.constantFrom(..."0123456789;:"), { maxLength: 6 });
const parameters = digits.map((all) => all.join("")).filter((one) => !/^(200|27;)/.test(one));
const final = fc.constantFrom(..."@ABCDHIOPRSZ^`abcdhlmnqtvyz{|}~");
const intermediates = fc.constantFrom("", " ", "!", "#", "$", "' ", "  ");
const content = fc.array(fc.constantFrom(..."abc;[]O019?=\\ \t\r\né漢🦕")).map((all) =>
  all.join("")
);
const controlString = fc.tuple(fc.constantFrom(..."]PX^_"), content)
  .map(([start, text]) => `\x1b${start}${text}`);
const keySequence = fc.oneof(
  fc.tuple(fc.constantFrom("", "?", "<", "=", ">"), parameters, intermediates, final)
    .map((parts) => `\x1b[${parts.join("")}`)
    // Shift in rxvt has no final character behind its $.
    .map((one) => one.replace(/^(.\[\d+\$).*/, "$1")),
  fc.tuple(parameters, final).map((parts) => `\x1bO${parts.join("")}`),
  fc.constantFrom(..."ABCDE").map((letter) => `\x1b[[${letter}`),
  fc.tuple(fc.constantFrom("3", "7", "23"), fc.constantFrom(..."$^@")).map((one) =>
    `\x1b[${one.join("")}`
  ),
  fc.constantFrom("\x1b[M !!", "\x1b[M#\x7fé", "\x1b[Mabc"),
);
const sequence = fc.oneof(
  keySequence,
  keySequence.map((one) => `\x1b${one}`),
  fc.tuple(controlString, fc.constantFrom("\x07", "\x1b\\", "\x9c")).map((one) => one.join("")),
);
/** Places to split the bytes at. */
const splits = fc.array(fc.nat({ max: 200 }));

Deno.test("no sequence types anything, and what is typed after it is not lost", () => {
  const typed = fc.constantFrom(..."axZ0;[O~$ é漢");
  fc.assert(
    fc.property(fc.array(fc.tuple(sequence, typed)), splits, (pairs, splits) => {
      const keys = decodeInPieces(pairs.flat().join(""), splits);
      assertEquals(textOf(keys), pairs.map(([, typed]) => typed).join(""));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("a sequence that is broken off types nothing, and the next key is not lost", () => {
  const control = fc.constantFrom<[string, Key]>(
    ["\x03", key("ctrl+c")],
    ["\x1b[A", key("up")],
    ["\x1bOB", key("down")],
    ["\x1bz", key("alt+z")],
    ["\x7f", key("backspace")],
  );
  const after = fc.oneof(
    // In a string, text cannot be told from what is typed behind it.
    fc.tuple(fc.oneof(controlString, keySequence), control),
    fc.tuple(
      keySequence.filter((one) => !one.startsWith("\x1b[M")),
      fc.constantFrom<[string, Key]>(["é", text("é")], ["\r", key("enter")], ["漢", text("漢")]),
    ),
  );
  fc.assert(
    fc.property(after, fc.nat(), splits, ([whole, [bytes, next]], cut, splits) => {
      // ESC alone is no sequence, and a report of the mouse may contain DEL.
      const broken = whole.slice(0, 2 + cut % Math.max(1, whole.length - 2));
      if (broken.startsWith("\x1b[M") && bytes === "\x7f") return;
      assertEquals(decodeInPieces(broken + bytes, splits), [next], JSON.stringify(broken));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("a sequence that nothing follows types nothing, and the next key is not lost", () => {
  fc.assert(
    fc.property(sequence, fc.nat(), splits, (whole, cut, splits) => {
      const decoder = new KeyDecoder();
      const broken = whole.slice(0, 2 + cut % Math.max(1, whole.length - 2));
      const keys = pieces(broken, splits).flatMap((piece) => decoder.decode(piece));
      keys.push(...decoder.flush());
      assertEquals(textOf(keys), "");
      assertEquals(decoder.isIncomplete, false);
      assertEquals(decoder.decode(new TextEncoder().encode("x\r")), [text("x"), key("enter")]);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("how the input is split does not change the keys", () => {
  const noise = fc.array(fc.constantFrom(..."\x1b\x1b\x1b[[O]P\\~$^ABMu?;0123x é\x03\x07\x18"));
  fc.assert(
    fc.property(noise, splits, (all, splits) => {
      const bytes = all.join("");
      assertEquals(joined(decodeInPieces(bytes, splits)), joined(decodeInPieces(bytes, [])));
    }),
    { numRuns: 2_000 },
  );
});

function decodeInPieces(bytes: string, splits: readonly number[]): Key[] {
  const decoder = new KeyDecoder();
  const keys = pieces(bytes, splits).flatMap((piece) => decoder.decode(piece));
  return [...keys, ...decoder.flush()];
}

/** The bytes of a text, split at some places. */
function pieces(text: string, splits: readonly number[]): Uint8Array[] {
  const bytes = new TextEncoder().encode(text);
  const ends = [...splits.filter((at) => at < bytes.length), bytes.length].sort((a, b) => a - b);
  return ends.map((end, at) => bytes.slice(at === 0 ? 0 : ends[at - 1], end));
}

function textOf(keys: readonly Key[]): string {
  return keys.map((one) => one.kind === "text" || one.kind === "paste" ? one.text : "").join("");
}

/** Typed text may come in any number of pieces. */
function joined(keys: readonly Key[]): Key[] {
  const result: Key[] = [];
  for (const one of keys) {
    const last = result.at(-1);
    if (one.kind === "text" && last?.kind === "text") {
      result[result.length - 1] = text(last.text + one.text);
    } else result.push(one);
  }
  return result;
}
