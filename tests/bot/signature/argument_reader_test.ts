import type { AnyArgs } from "@roomz/roomz/bot";
import { assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { ArgumentReader } from "../../../bot/signature/argument_reader.ts";
import { parseSignature } from "../../../bot/signature/signature_parser.ts";
import { quote } from "../support/quote.ts";

/** The arguments of a line, or the problem with it. */
function read(signature: string, line: string): AnyArgs | string {
  const reading = new ArgumentReader(parseSignature(signature, "here")).read(line, 0);
  return "args" in reading ? reading.args : reading.problem;
}

const DEPLOY = "deploy <service> [tag=latest] [--env:dev|prod] [--dry-run] [--tries:int=3]";

Deno.test("flags can be anywhere, with the value after = or a space", () => {
  const args = { service: "api", tag: "v2", env: "prod", dryRun: true, tries: 5 };
  for (
    const line of [
      "api v2 --env prod --dry-run --tries 5",
      "--env=prod --tries=5 api --dry-run v2",
      `api --env="prod" "v2" --tries '5' --dry-run`,
      "--DRY-RUN api --Env=PROD v2 --tries 5",
    ]
  ) {
    assertEquals(read(DEPLOY, line), args, line);
  }
});

Deno.test("a long dash, which phones substitute for two dashes, starts a flag", () => {
  const args = { service: "api", tag: "latest", dryRun: true, tries: 5 };
  assertEquals(read(DEPLOY, "api —dry-run –tries 5"), args);
  assertEquals(read("go [--to:text]", "—to=“New York”"), { to: "New York" });
});

Deno.test("undeclared words with dashes are text", () => {
  assertEquals(read("say <a> <b> [--c]", "--x -5"), { a: "--x", b: "-5", c: false });
  assertEquals(read("say <a>", "--"), { a: "--" });
  assertEquals(read("say <a> [--c]", `"--c"`), { a: "--c", c: false });
  assertEquals(read("say <a> <b> [--c]", "— –"), { a: "—", b: "–", c: false });
});

Deno.test("-- ends the flags", () => {
  assertEquals(read("say <a> <b> [--c]", "-- --c --"), { a: "--c", b: "--", c: false });
});

Deno.test("a value can start with dashes unless it is a declared flag", () => {
  assertEquals(read("at [--x:int] [--y]", "--x -5"), { x: -5, y: false });
  assertEquals(read("at [--x:text] [--y]", "--x --z"), { x: "--z", y: false });
  assertEquals(read("at [--x:text] [--y]", `--x "--y"`), { x: "--y", y: false });
  assertStringIncludes(String(read("at [--x:text] [--y]", "--x --y")), "--x needs a value");
});

Deno.test("the rest of the line is taken verbatim", () => {
  const line = `  it's "all"  --here \\ \n two `;
  assertEquals(read("say <text...>", line), { text: `it's "all"  --here \\ \n two` });
  assertEquals(read("say <to> <text...> [--loud]", `--loud "a b" hi --loud`), {
    to: "a b",
    text: "hi --loud",
    loud: true,
  });
  assertEquals(read("say <text...> [--loud]", "-- --loud"), { text: "--loud", loud: false });
});

Deno.test("a list takes every remaining word, with flags in between", () => {
  assertEquals(read("sum <n:int...> [--neg]", "1 2 --neg 3"), { n: [1, 2, 3], neg: true });
});

Deno.test("a default that a handler mutates is fresh for the next line", () => {
  const reader = new ArgumentReader(parseSignature("x [day:date=2026-11-22]", "here"));
  const first = reader.read("", 0);
  if ("args" in first && first.args["day"] instanceof Date) first.args["day"].setTime(0);
  assertEquals(reader.read("", 0), { args: { day: new Date("2026-11-22T00:00:00Z") } });
});

const wrong: readonly [signature: string, line: string, says: string][] = [
  ["roll <n:int>", "", "Missing argument <n>: a whole number such as 42."],
  ["say <text...>", " ", "Missing argument <text...>: text, up to the end of the message."],
  ["sum <n:int...>", "", "Missing argument <n...>: a whole number such as 42 (one or more)."],
  ["say <word>", "", "Missing argument <word> (quote it if it contains spaces)."],
  ["roll <n:int>", "six", '<n> must be a whole number such as 42, not "six".'],
  ["roll [n:int]", "six", '[n] must be a whole number such as 42, not "six".'],
  ["roll <n:number>", "1e999", '<n> must be a number between -1.8e308 and 1.8e308, not "1e999".'],
  ["sum <n:int...>", "1 x 2", '<n...> must be a whole number such as 42, not "x".'],
  ["x <day:date>", "2026-02-30", '<day> must be a date that exists, not "2026-02-30".'],
  ["ping", "pong", 'Unexpected argument "pong".'],
  [
    "x <a> [--dry-run]",
    "1 --dyr-run",
    'Unexpected argument "--dyr-run". Did you mean "--dry-run"?',
  ],
  ["x <env:dev|prod>", "prd", '<env> must be dev or prod, not "prd". Did you mean "prod"?'],
  ["x [--env:dev|prod]", "--env=prd", '--env must be dev or prod, not "prd". Did you mean "prod"?'],
  ["x [--env:dev|prod]", "--env", "--env needs a value: dev or prod."],
  ["x [--n:int]", "--n 1 --n=2", "--n was given twice."],
  ["x [--y]", "--y --Y", "--y was given twice."],
  ["x [--y]", "--y=no", '--y takes no value. Remove "=no".'],
  ["x [--n:int]", "--n=", '--n must be a whole number such as 42, not "".'],
  ["roll <n:int>", "1\0", '<n> must be a whole number such as 42, not "1\ufffd".'],
  ["roll <n:int>", "\u202eone", '<n> must be a whole number such as 42, not "\ufffdone".'],
  [
    "roll <n:int>",
    "9".repeat(1e6),
    `<n> must be a whole number between -9,007,199,254,740,991 and 9,007,199,254,740,991, not "${
      "9".repeat(40)
    }…".`,
  ],
  [
    "roll <n:int>",
    "a".repeat(1e6),
    `<n> must be a whole number such as 42, not "${"a".repeat(40)}…".`,
  ],
];
for (const [signature, line, says] of wrong) {
  Deno.test(`"${signature}" reports what is wrong with ${JSON.stringify(line.slice(0, 30))}`, () => {
    assertEquals(read(signature, line), says);
  });
}

Deno.test("a line of a million words can be read", () => {
  const args = read("sum <n:int...> [--loud]", "1 ".repeat(1_000_000));
  assertEquals(typeof args === "object" && Array.isArray(args["n"]) && args["n"].length, 1_000_000);
});

const text = fc.string({ unit: fc.constantFrom(..."ab1 \n'\"“”‘’-—=\\é👍") });
const finite = fc.double({ noDefaultInfinity: true, noNaN: true }).map((n) => n + 0);
const values = fc.record({
  text,
  int: fc.maxSafeInteger(),
  number: finite,
  bool: fc.boolean(),
  duration: fc.nat(),
  email: fc.emailAddress(),
  url: fc.webUrl(),
  date: fc.date({
    min: new Date("0000-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59Z"),
    noInvalidDate: true,
  }),
  choice: fc.constantFrom("dev", "prod"),
  flag: fc.boolean(),
  flagText: fc.option(text, { nil: undefined }),
  list: fc.array(finite),
});

Deno.test("formatted arguments are parsed back to the same values", () => {
  const reader = new ArgumentReader(parseSignature(
    "x <text> <int:int> <number:number> <bool:bool> <duration:duration> <email:email> <url:url> " +
      "<date:date> <choice:dev|prod> [list:number...] [--flag] [--flag-text:text]",
    "here",
  ));
  fc.assert(
    fc.property(values, fc.boolean(), (value, flagsFirst) => {
      const { flag, flagText, list, ...positionals } = value;
      const words = [
        quote(value.text),
        `${value.int}`,
        `${value.number}`,
        value.bool ? "yes" : "no",
        `${value.duration}ms`,
        quote(value.email),
        value.url,
        value.date.toISOString(),
        value.choice,
        ...list.map(String),
      ];
      const flags = [
        ...(flag ? ["--flag"] : []),
        ...(flagText === undefined ? [] : [`--flag-text=${quote(flagText)}`]),
      ];
      const line = (flagsFirst ? [...flags, ...words] : [...words, ...flags]).join(" ");
      assertEquals(reader.read(line, 0), {
        args: {
          ...positionals,
          url: new URL(value.url),
          list,
          flag,
          ...(flagText === undefined ? {} : { flagText }),
        },
      });
    }),
    { seed: 3, numRuns: 10_000 },
  );
});

Deno.test("the reader never throws", () => {
  const reader = new ArgumentReader(parseSignature(DEPLOY, "here"));
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: "binary" })), (line) => {
      const reading = reader.read(line, 0);
      assertEquals("args" in reading, !("problem" in reading));
    }),
    { seed: 4, numRuns: 10_000 },
  );
});
