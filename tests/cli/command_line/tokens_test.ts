import { assertEquals } from "@std/assert";
import { parseArgs } from "node:util";
import type { OptionSpec } from "../../../cli/command_line/command_spec.ts";
import { optionParts, type Token, tokensOf } from "../../../cli/command_line/tokens.ts";

const OPTIONS: readonly OptionSpec[] = [
  { flags: "-s, --server <url>", summary: "" },
  { flags: "-h, --help", summary: "" },
  { flags: "-V, --version", summary: "" },
  { flags: "--json", summary: "" },
  { flags: "--grep <pattern>", summary: "", repeatable: true },
  { flags: "--fleet [name]", summary: "" },
];

const LINES = 2_000;

/** What a line is made of: options in every form, known and not, words, and what looks like either. */
const PIECES = [
  ...[
    "-s",
    "-h",
    "-V",
    "-x",
    "-sURL",
    "-s=URL",
    "-hs",
    "-hsURL",
    "-hVs=U",
    "-xh",
    "-hx",
    "-é",
    "-👍",
    "-h-",
    "-s-",
  ],
  ...["--server", "--server=", "--server=a=b", "--help", "--help=no", "--json", "--jso", "--x=1"],
  ...["--grep", "--grep=-x", "--no-json", "--json=", "--=", "--a b", "--server=\n", "-s\nU"],
  ...["--", "-", "", "send", "help", "URL", "a=b", "=", "\n", "два", "👍", " --json"],
];

Deno.test("2,000 generated lines have the tokens that node:util finds, which takes longer to load", () => {
  for (const line of generateLines()) {
    assertEquals(tokensOf(line, OPTIONS), tokensOfNode(line), JSON.stringify(line));
  }
});

const examples: readonly (readonly [line: string, tokens: string])[] = [
  ["send hi", "send hi"],
  ["-s URL send", "[server URL] send"],
  ["-sURL --server=URL", "[server URL] [server URL]"],
  ["-hVs URL", "[help] [version] [server URL]"],
  ["--server --json", "[server --json]"],
  ["--json=no -x --y=1", "[json no] [x] [y 1]"],
  ["send -- --json --", "send -- --json --"],
  ["- -s", "- [server]"],
  ["--fleet bot.ts --fleet=helper", "[fleet] bot.ts [fleet helper]"],
];
for (const [line, expected] of examples) {
  Deno.test(`the tokens of "${line}" are ${expected}`, () => {
    const shown = tokensOf(line.split(" "), OPTIONS).map((token) => {
      if (token.kind === "word") return token.text;
      if (token.kind === "end of options") return "--";
      return `[${[token.name, token.value ?? []].flat().join(" ")}]`;
    });
    assertEquals(shown.join(" "), expected);
  });
}

function* generateLines(): Generator<string[]> {
  let seed = 1;
  const next = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let i = 0; i < LINES; i++) {
    yield Array.from({ length: next(7) }, () => PIECES[next(PIECES.length)] ?? "");
  }
}

function tokensOfNode(line: readonly string[]): Token[] {
  const options = Object.fromEntries(
    OPTIONS.map(optionParts).map(({ long, short, value }) => [long, {
      type: value === undefined ? "boolean" as const : "string" as const,
      ...(short !== undefined && { short }),
    }]),
  );
  const all = { args: [...line], options, strict: false, allowPositionals: true };
  return parseArgs({ ...all, tokens: true }).tokens.map((token): Token => {
    if (token.kind === "positional") return { kind: "word", text: token.value };
    if (token.kind === "option-terminator") return { kind: "end of options" };
    return { kind: "option", written: token.rawName, name: token.name, value: token.value };
  });
}
