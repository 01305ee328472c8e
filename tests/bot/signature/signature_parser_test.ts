import { BotDefinitionError } from "@roomz/roomz/bot";
import { assertEquals, assertInstanceOf, assertStringIncludes, assertThrows } from "@std/assert";
import { camelCase, parseAlias, parseSignature } from "../../../bot/signature/signature_parser.ts";

Deno.test("a signature is parsed into words, arguments and flags", () => {
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

Deno.test("words and names can be in any language", () => {
  const { words, arguments: [argument] } = parseSignature("héllo 世界 👍 ? <größe>", "commands");
  assertEquals(words, ["héllo", "世界", "👍", "?"]);
  assertEquals(argument?.key, "größe");
});

Deno.test("names with dashes become camelCase, as in the types", () => {
  assertEquals(["dry-run", "a", "on-the-way", "a-1", "a_b-c", "x-éa"].map(camelCase), [
    "dryRun",
    "a",
    "onTheWay",
    "a1",
    "a_bC",
    "xÉa",
  ]);
});

/** Invalid signatures, with carets below the problem. */
const wrong: readonly [signature: string, carets: string, says: string][] = [
  ["", "^", "It is empty. Write the word"],
  ["  ", "^", "It is empty. Write the word"],
  ["<a>", "^^^", "must start with the word that calls the command"],
  ["[--a] x", "^^^^^", "must start with the word that calls the command"],
  ["x <a", "  ^", 'This "<" has no closing ">"'],
  ["x [a", "  ^", 'This "[" has no closing "]"'],
  ["x [a>", "  ^", 'This "[" has no closing "]"'],
  ["x<a>", " ^", "Add a space here"],
  ["x <a><b>", "     ^", "Add a space here"],
  ["x <a>b", "     ^", "Add a space here"],
  ["x >", "  ^", "A command's word must not contain brackets"],
  ["x|y", "^^^", "use aliases for other names of a command"],
  ["x:y", "^^^", "A command's word must not contain brackets"],
  ['"x"', "^^^", "A command's word must not contain brackets"],
  ["-x", "^^", "or start with a dash"],
  ["x --flag", "  ^^^^^^", "Put flags in square brackets: [--flag]"],
  ["x <a> y", "      ^", "words must come before its arguments"],
  ["x [--a] y", "        ^", "words must come before its arguments"],
  ["x <>", "   ^", "Add a name here"],
  ["x [--]", "     ^", "Add a name here"],
  ["x <:int>", "   ^^^^", "Add a name here"],
  ["x <1a>", "   ^^", "start with a letter"],
  ["x <a b>", "   ^^^", "A name must consist of letters, digits, _"],
  ["x <a->", "   ^^", "and single dashes"],
  ["x <__proto__>", "   ^^^^^^^^^", "start with a letter"],
  ["x [--a.b]", "     ^^^", "A name must consist of letters, digits, _"],
  ["x <a:>", "     ^", "Add a type here"],
  ["x <a:itn>", "     ^^^", 'There is no type "itn". Did you mean "int"?'],
  ["x [--a:xyzzy]", "       ^^^^^", 'There is no type "xyzzy". Use text, int,'],
  ["x <a:constructor>", "     ^^^^^^^^^^^", 'There is no type "constructor"'],
  ["x <a:b|>", "       ^", "A choice must be one word"],
  ["x <a:b||c>", "       ^", "A choice must be one word"],
  ["x <a:b|c d>", "       ^^^", "A choice must be one word"],
  ["x <a:b|c|B>", "         ^", 'The choice "B" appears twice'],
  ["x <a=1>", "    ^^", "An argument with a default is optional: write [a=1]"],
  ["x [a:int=six]", "         ^^^", 'The default must be a whole number such as 42, not "six"'],
  ["x [a:int=]", "         ^", 'The default must be a whole number such as 42, not ""'],
  ["x [--a:date=2026-02-30]", "            ^^^^^^^^^^", "must be a date that exists"],
  ["x [a:dev|prod=test]", "              ^^^^", 'The default must be dev or prod, not "test"'],
  ["x [--a=1]", "       ^", "A flag with a value needs a type: [--a:text=1]"],
  ["x <--a>", "   ^^^", "Flags are always optional: write [--a]"],
  ["x [--a...]", "      ^^^", "A flag takes at most one value"],
  ["x <a…>", "    ^", 'Write three dots "..."'],
  ["x [a:int...=1]", "            ^", "A list cannot have a default"],
  ["x <a...> <b>", "         ^^^", '"a..." takes the rest of the line, so it must come last'],
  [
    "x [a:int...] [b]",
    "             ^^^",
    '"a..." takes the rest of the line, so it must come last',
  ],
  ["x [a] <b>", "      ^^^", 'The required argument "b" cannot follow the optional "a"'],
  ["x <a> [a]", "      ^^^", 'The name "a" is used twice'],
  ["x <a> [--a]", "      ^^^^^", 'The name "a" is used twice'],
  ["x [--dry-run] [--dryRun]", "              ^^^^^^^^^^", "are too similar"],
  ["x <\n  a:itn>", "   ^", "A name must consist of letters"],
  ["x\n\t<a> [--b:itn]", "\t         ^^^", 'There is no type "itn"'],
];
for (const [signature, carets, says] of wrong) {
  Deno.test(`the signature ${JSON.stringify(signature)} is rejected, with carets below the problem`, () => {
    const error = assertThrows(() => parseSignature(signature, "here"), BotDefinitionError, says);
    assertInstanceOf(error, BotDefinitionError);
    assertStringIncludes(error.message, "\n  in here\n");
    assertEquals(error.message.split("\n").at(-1), `  ${carets}`);
    assertEquals(error.source, signature);
  });
}

Deno.test("an alias consists of words only", () => {
  assertEquals(parseAlias(" todo  new ", "here"), ["todo", "new"]);
  for (const alias of ["", "a <b>", "a [--b]", "a|b"]) {
    assertThrows(() => parseAlias(alias, "here"), BotDefinitionError);
  }
});
