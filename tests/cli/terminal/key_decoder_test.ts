import { assertEquals } from "@std/assert";
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
