/**
 * Parses a quoted line with flags to typed arguments, next to string-argv with mri, and lexure.
 * @module
 */
import { assertEquals } from "@std/assert";
import { ArgumentStream, Lexer, Parser, PrefixedStrategy } from "npm:@sapphire/lexure@1.1.12";
import mri from "npm:mri@1.2.0";
import { parseArgsStringToArgv } from "npm:string-argv@0.4.0";
import { ArgumentReader } from "../../bot/signature/argument_reader.ts";
import { parseSignature } from "../../bot/signature/signature_parser.ts";
import type { Contest } from "./contest.ts";

const SIGNATURE = "deploy <service> <region> [--env:dev|prod=dev] [--tries:int=1] [--dry-run]";
const LINE = `deploy "billing service" eu-west --env=prod --tries=3 --dry-run`;
const START = "deploy".length;
const EXPECTED = {
  service: "billing service",
  region: "eu-west",
  env: "prod",
  tries: 3,
  dryRun: true,
};

/** All parsers return the same typed arguments, and validate the same requirements. */
export function parsing(): readonly Contest[] {
  const contenders = [
    { name: "roomz", parse: roomzParser() },
    { name: "string-argv+mri", parse: parseWithMri },
    { name: "lexure", parse: lexureParser() },
  ] as const;
  for (const { parse } of contenders) assertEquals({ ...Object(parse()) }, EXPECTED);
  const [first, ...others] = contenders.map(({ name, parse }) => ({
    name,
    run(times: number): void {
      for (let i = 0; i < times; i++) parse();
    },
  }));
  if (first === undefined) return [];
  return [{
    title: "tokenize and parse a quoted line with flags, typed",
    contenders: [first, ...others],
    wanted: { "string-argv+mri": 0.8, "lexure": 1 },
  }];
}

function roomzParser(): () => unknown {
  const reader = new ArgumentReader(parseSignature(SIGNATURE, "bench"));
  return () => {
    const reading = reader.read(LINE, START);
    return "args" in reading ? reading.args : undefined;
  };
}

function parseWithMri(): unknown {
  // New options every time, because mri modifies the object.
  const parsed = mri(parseArgsStringToArgv(LINE), {
    boolean: ["dry-run"],
    string: ["env"],
    default: { "env": "dev", "tries": 1, "dry-run": false },
  });
  const [, service, region] = parsed._;
  return {
    service,
    region,
    env: checkEnv(parsed.env),
    tries: checkInt(parsed.tries),
    dryRun: parsed["dry-run"],
  };
}

function lexureParser(): () => unknown {
  const lexer = new Lexer({ quotes: [['"', '"'], ["“", "”"]] });
  const parser = new Parser(new PrefixedStrategy(["--"], ["="]));
  return () => {
    const stream = new ArgumentStream(parser.run(lexer.run(LINE)));
    stream.single();
    const service = stream.single().unwrapOr("");
    const region = stream.single().unwrapOr("");
    const env = checkEnv(stream.option("env").unwrapOr("dev"));
    const tries = checkInt(Number(stream.option("tries").unwrapOr("1")));
    return { service, region, env, tries, dryRun: stream.flag("dry-run") };
  };
}

function checkEnv(value: unknown): string {
  if (value === "dev" || value === "prod") return value;
  throw new Error(`${value} is not dev or prod`);
}

function checkInt(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw new Error(`${value} is not a whole number`);
}
