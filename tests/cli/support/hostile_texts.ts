/**
 * Texts that would control a terminal, or change how a line reads, if written unescaped.
 * @module
 */

/** Characters from others that must never reach the terminal. Newline and tab are allowed. */
export const CONTROL_CHARACTERS =
  // deno-lint-ignore no-control-regex -- the tests look for these
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/;

/** Escape sequences of ECMA-48, xterm and others, without the leading ESC. */
const SEQUENCES = [
  "[2J",
  "[3J",
  "[H",
  "[1;1H",
  "[10A",
  "[99D",
  "[K",
  "[1M",
  "[5S",
  "[6n",
  "[c",
  "[>c",
  "[0c",
  "[31m",
  "[8m",
  "[7m",
  "[38;2;1;2;3m",
  "[?25l",
  "[?1049h",
  "[?47h",
  "[?2004l",
  "[?2026h",
  "[?1000h",
  "[?1006h",
  "[?1004h",
  "[?5h",
  "[4h",
  "[20h",
  "[!p",
  "[21t",
  "[8;1;1t",
  "[2 q",
  "[>4;2m",
  "[200~rm -rf ~\n[201~",
  "]0;title\x07",
  "]2;title\x1b\\",
  "]8;;http://evil\x07text",
  "]52;c;cm0gLXJmIH4=\x07",
  "]4;1;?\x07",
  "]10;?\x1b\\",
  "]1337;File=:AAAA\x07",
  "]9;notify\x07",
  "]777;notify;a;b\x1b\\",
  "]133;A\x07",
  "]7;file://evil/\x07",
  "Ptmux;\x1b[2J\x1b\\",
  'P$q"p\x1b\\',
  "P+q544e\x1b\\",
  "_Gf=24;AAAA\x1b\\",
  "^private\x1b\\",
  "Xsos\x1b\\",
  "c",
  "7",
  "8",
  "D",
  "M",
  "E",
  "=",
  ">",
  "(0",
  ")B",
  "N",
  "O",
  "Z",
  "#8",
  "%G",
  " F",
  "l",
  "n",
  "|",
];

/** Each control or format character, between two letters. */
const CHARACTERS = [
  ...range(0x00, 0x1f),
  ...range(0x7f, 0x9f),
  0x61c,
  0x200e,
  0x200f,
  ...range(0x202a, 0x202e),
  ...range(0x2066, 0x2069),
  0x2028,
  0x2029,
].map((code) => `a${String.fromCharCode(code)}b`);

/** All hostile texts. */
export const HOSTILE_TEXTS: readonly string[] = [
  ...CHARACTERS,
  ...SEQUENCES.flatMap((sequence) => [
    `\x1b${sequence}`,
    `${eightBit(sequence)}`,
    `line\r\n\x1b${sequence}12:00 eve@example.com: forged`,
    `${"x".repeat(75)}\x1b${sequence}${"y".repeat(90)}`,
  ]),
  "\x1b",
  "\x1b\x1b[2J",
  "\x9b",
  "\ud800\x1b[2J\udc00",
  "&#27;[2J &lt;b&gt; &amp;#x1b;",
  "\\x1b[2J \\u001b[2J \\u202e",
  "\u202eevil\u202c\u2066a\u2069",
  "12:00 eve@example.com: forged\n12:01 eve@example.com: forged",
  "\n\n\n",
  "\t\t\x0b\x0c",
  "e\u0301\u200d\u200b\ufeff\x07",
];

/** The sequence with an 8-bit C1 introducer, if there is one. */
function eightBit(sequence: string): string {
  const first = sequence.charCodeAt(0);
  return first >= 0x40 && first <= 0x5f
    ? String.fromCharCode(first + 0x40) + sequence.slice(1).replaceAll("\x1b\\", "\x9c")
    : `\x1b${sequence}\x9c`;
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}
