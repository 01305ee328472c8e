import { BotDefinitionError } from "@roomz/roomz/bot";
import { assertEquals, assertInstanceOf, assertStringIncludes, assertThrows } from "@std/assert";
import { camelCase, parseAlias, parseSignature } from "../../../bot/signature/signature_parser.ts";

Deno.test("a signature is read into words, arguments and flags", () => {
  const { text, words, arguments: positionals, flags } = parseSignature(
    "todo add\n  <text> [due:date=2026-11-22]  [rest...] [--high] [--list-name:a|b=a]",
    "commands",
  );
  assertEquals(
    text,
    "todo add <text> [due:date=2026-11-22] [rest...] [--high] [--list-name:a|b=a]",
  );
  assertEquals(words, ["todo", "add"]);
  assertEquals(
    positionals.map(({ type, ...argument }) => ({ ...argument, type: type.name })),
    [
      {
        name: "text",
        key: "text",
        extent: "one",
        required: true,
        default: undefined,
        type: "text",
      },
      {
        name: "due",
        key: "due",
        extent: "one",
        required: false,
        default: "2026-11-22",
        type: "date",
      },
      {
        name: "rest",
        key: "rest",
        extent: "rest",
        required: false,
        default: undefined,
        type: "text",
      },
    ],
  );
  assertEquals(
    flags.map(({ type, ...flag }) => ({ ...flag, type: type?.name })),
    [
      { name: "high", key: "high", default: undefined, type: undefined },
      { name: "list-name", key: "listName", default: "a", type: "a|b" },
    ],
  );
});

Deno.test("words and names may be of any language", () => {
  const { words, arguments: [argument] } = parseSignature("héllo 世界 👍 ? <größe>", "commands");
  assertEquals(words, ["héllo", "世界", "👍", "?"]);
  assertEquals(argument?.key, "größe");
});

Deno.test("names with dashes become camelCase as the type checker has it", () => {
  assertEquals(["dry-run", "a", "on-the-way", "a-1", "a_b-c", "x-éa"].map(camelCase), [
    "dryRun",
    "a",
    "onTheWay",
    "a1",
    "a_bC",
    "xÉa",
  ]);
});

/** A wrong signature, with carets below what is wrong. */
const wrong: readonly [signature: string, carets: string, says: string][] = [
  ["", "^", "It is empty: write the word"],
  ["  ", "^", "It is empty: write the word"],
  ["<a>", "^^^", "starts with the word that calls the command"],
  ["[--a] x", "^^^^^", "starts with the word that calls the command"],
  ["x <a", "  ^", 'This "<" is never closed by a ">"'],
  ["x [a", "  ^", 'This "[" is never closed by a "]"'],
  ["x [a>", "  ^", 'This "[" is never closed by a "]"'],
  ["x<a>", " ^", "A space is missing here"],
  ["x <a><b>", "     ^", "A space is missing here"],
  ["x <a>b", "     ^", "A space is missing here"],
  ["x >", "  ^", "A command's word has no brackets"],
  ["x|y", "^^^", "other names for a command are its aliases"],
  ["x:y", "^^^", "A command's word has no brackets"],
  ['"x"', "^^^", "A command's word has no brackets"],
  ["-x", "^^", "does not start with a dash"],
  ["x --flag", "  ^^^^^^", "A flag stands in square brackets: [--flag]"],
  ["x <a> y", "      ^", "words stand before its arguments"],
  ["x [--a] y", "        ^", "words stand before its arguments"],
  ["x <>", "   ^", "A name is missing here"],
  ["x [--]", "     ^", "A name is missing here"],
  ["x <:int>", "   ^^^^", "A name is missing here"],
  ["x <1a>", "   ^^", "a letter first"],
  ["x <a b>", "   ^^^", "A name is letters, digits and _"],
  ["x <a->", "   ^^", "in parts joined by -"],
  ["x <__proto__>", "   ^^^^^^^^^", "a letter first"],
  ["x [--a.b]", "     ^^^", "A name is letters, digits and _"],
  ["x <a:>", "     ^", "A type is missing here"],
  ["x <a:itn>", "     ^^^", 'There is no type "itn". Did you mean "int"?'],
  ["x [--a:xyzzy]", "       ^^^^^", 'There is no type "xyzzy". The types are text, int,'],
  ["x <a:constructor>", "     ^^^^^^^^^^^", 'There is no type "constructor"'],
  ["x <a:b|>", "       ^", "A choice is one word"],
  ["x <a:b||c>", "       ^", "A choice is one word"],
  ["x <a:b|c d>", "       ^^^", "A choice is one word"],
  ["x <a:b|c|B>", "         ^", 'The choice "B" is there twice'],
  ["x <a=1>", "    ^^", "What has a default may be left out: write [a=1]"],
  ["x [a:int=six]", "         ^^^", 'The default "six" is not a whole number'],
  ["x [a:int=]", "         ^", 'The default "" is not a whole number'],
  ["x [--a:date=2026-02-30]", "            ^^^^^^^^^^", "is not a date that exists"],
  ["x [a:dev|prod=test]", "              ^^^^", 'The default "test" is not dev or prod'],
  ["x [--a=1]", "       ^", "A flag with a value says its type: [--a:text=1]"],
  ["x <--a>", "   ^^^", "A flag may be left out: write [--a]"],
  ["x [--a...]", "      ^^^", "A flag takes one value at most"],
  ["x <a…>", "    ^", 'Write three dots, "..."'],
  ["x [a:int...=1]", "            ^", "A list has no default"],
  ["x <a...> <b>", "         ^^^", 'Nothing is left after "a..."'],
  ["x [a:int...] [b]", "             ^^^", 'Nothing is left after "a..."'],
  ["x [a] <b>", "      ^^^", 'The required "b" cannot follow the optional "a"'],
  ["x <a> [a]", "      ^^^", 'The name "a" is there twice'],
  ["x <a> [--a]", "      ^^^^^", 'The name "a" is there twice'],
  ["x [--dry-run] [--dryRun]", "              ^^^^^^^^^^", "are too alike"],
  ["x <\n  a:itn>", "   ^", "A name is letters"],
  ["x\n\t<a> [--b:itn]", "\t         ^^^", 'There is no type "itn"'],
];
for (const [signature, carets, says] of wrong) {
  Deno.test(`the signature ${JSON.stringify(signature)} is refused, and the place shown`, () => {
    const error = assertThrows(() => parseSignature(signature, "here"), BotDefinitionError, says);
    assertInstanceOf(error, BotDefinitionError);
    assertStringIncludes(error.message, "\n  in here\n");
    assertEquals(error.message.split("\n").at(-1), `  ${carets}`);
    assertEquals(error.source, signature);
  });
}

Deno.test("an alias is words and nothing else", () => {
  assertEquals(parseAlias(" todo  new ", "here"), ["todo", "new"]);
  for (const alias of ["", "a <b>", "a [--b]", "a|b"]) {
    assertThrows(() => parseAlias(alias, "here"), BotDefinitionError);
  }
});
