/**
 * Invisible changes that phones and keyboards make to a line do not change which command it calls, or its
 * arguments.
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { Addressing } from "../../../bot/command/addressing.ts";
import { CommandTree } from "../../../bot/command/command_tree.ts";
import { ArgumentReader } from "../../../bot/signature/argument_reader.ts";
import { parseSignature } from "../../../bot/signature/signature_parser.ts";
import { Tokenizer } from "../../../bot/signature/tokenizer.ts";

const addressing = new Addressing("Café Bot", ["!", "bot"]);
const tree = new CommandTree<ArgumentReader>();
for (
  const source of [
    "ping",
    "order <drink:café|thé> [count:int=1] [--to-go] [--size:small|große]",
    "todo add <in:duration> [urgent:bool]",
    "tōdō löschen <id:int>",
  ]
) {
  const signature = parseSignature(source, source);
  tree.add(signature.words, new ArgumentReader(signature));
}

/** What a line calls, and with what. */
function meaning(line: string): unknown {
  const address = addressing.find(line);
  if (address === undefined) return "not for the bot";
  const { command, position } = tree.find(line, address.position);
  if (command === undefined) return { unknown: address.certain };
  const reading = command.read(line, position);
  return "args" in reading ? reading : "does not fit";
}

const call = fc.constantFrom("!", "bot ", "@café bot ", "@Café Bot, ", "");
const words = fc.constantFrom(
  "ping",
  "pong",
  "order café",
  "order thé 3 --to-go",
  "order café --size=große 12",
  "order wine",
  "todo add 1h30m yes",
  "todo add 90s no",
  "todo add soon",
  "todo remove",
  "tōdō löschen -7",
);
const line = fc.tuple(call, words).map(([start, rest]) => start + rest);

const INVISIBLE = ["\u200b", "\u2060", "\ufeff", "\u200e", "\u00ad", "\u202a"];
type Variation = (character: string) => string;
const variations: readonly Variation[] = [
  (character) => character,
  (character) => character.toUpperCase().length === 1 ? character.toUpperCase() : character,
  (character) => character.normalize("NFD"),
  (character) => /[!-~]/.test(character) ? wide(character) : character,
  (character) => character === "-" ? "\u2011" : character,
  ...INVISIBLE.map((invisible): Variation => (character) => character + invisible),
];

function wide(character: string): string {
  // A wide quote, dash or equals sign is one too; only the characters of words are widened here.
  return /[\p{L}\p{N}!@,]/u.test(character)
    ? String.fromCharCode(character.charCodeAt(0) + 0xfee0)
    : character;
}

Deno.test("10,000 lines mean the same as their plain form", () => {
  const variation = fc.constantFrom(...variations);
  const start = fc.constantFrom("", ...INVISIBLE);
  fc.assert(
    fc.property(line, start, fc.infiniteStream(variation), (plain, before, stream) => {
      const varied = before +
        [...plain].map((character) => stream.next().value?.(character) ?? character).join("");
      assertEquals(meaning(varied), meaning(plain), JSON.stringify(varied));
    }),
    { numRuns: 10_000 },
  );
});

const slips: readonly [line: string, hint: string][] = [
  ["!order café —to-og", 'Did you mean "--to-go"?'],
  ["!order café –to-g", 'Did you mean "--to-go"?'],
  ["!order café 2 --to-goo", 'Did you mean "--to-go"?'],
  ["!order café 2 —sise=small", 'Did you mean "--size"?'],
  ["!order café －－too-go", 'Did you mean "--to-go"?'],
  ["!order café —to-go —size=smal", 'Did you mean "small"?'],
];
for (const [slip, hint] of slips) {
  Deno.test(`${slip} gets a hint`, () => {
    const { command, position } = tree.find(slip, 1);
    const reading = command?.read(slip, position);
    assertStringIncludes(reading && "problem" in reading ? reading.problem : "", hint);
  });
}

const french: readonly [line: string, words: string[]][] = [
  ["«thé vert» x", ["thé vert", "x"]],
  ["«\u00a0thé vert\u00a0» x", ["thé vert", "x"]],
  ["«\u202fthé\u202f»", ["thé"]],
  ["»Tee« x", ["Tee", "x"]],
  ["‹a b›", ["a b"]],
  ["« un “deux” trois »", ["un “deux” trois"]],
  ["5« x", ["5«", "x"]],
  ["«unclosed x", ["«unclosed", "x"]],
  ["＂a b＂", ["a b"]],
];
for (const [text, expected] of french) {
  Deno.test(`${text} is ${expected.length} word(s)`, () => {
    const tokens = new Tokenizer(text);
    const found: string[] = [];
    for (let token = tokens.next(); token !== undefined; token = tokens.next()) {
      found.push(token.text);
    }
    assertEquals(found, expected);
  });
}
