import type {
  AnyArgs,
  ArgsOf,
  CommandEntry,
  KnownType,
  NoSuchType,
  UnknownTypesIn,
} from "@roomz/roomz/bot";
import { assertEquals } from "@std/assert";
import { ArgumentReader } from "../../../bot/signature/argument_reader.ts";
import { parseSignature } from "../../../bot/signature/signature_parser.ts";
import { holds, type Same } from "../support/types.ts";

// Each form of argument.
holds<Same<ArgsOf<"ping">, Record<never, never>>>();
holds<Same<ArgsOf<"todo add <text...>">, { text: string }>>();
holds<Same<ArgsOf<"say <word>">, { word: string }>>();
holds<Same<ArgsOf<"say <word:text>">, { word: string }>>();
holds<Same<ArgsOf<"say [word]">, { word?: string }>>();
holds<Same<ArgsOf<"say [word=hi]">, { word: string }>>();
holds<Same<ArgsOf<"say [word=a:b...]">, { word: string }>>();
holds<Same<ArgsOf<"say [words...]">, { words?: string }>>();
holds<Same<ArgsOf<"say [words...=hello there]">, { words: string }>>();
holds<Same<ArgsOf<"sum <n:number...>">, { n: number[] }>>();
holds<Same<ArgsOf<"sum [n:int...]">, { n: number[] }>>();
holds<Same<ArgsOf<"pick <c:a|b|c...>">, { c: ("a" | "b" | "c")[] }>>();
holds<Same<ArgsOf<"roll [n:int]">, { n?: number }>>();
holds<Same<ArgsOf<"roll [n:int=6]">, { n: number }>>();
holds<Same<ArgsOf<"x [--dry-run]">, { dryRun: boolean }>>();
holds<Same<ArgsOf<"x [--n:int]">, { n?: number }>>();
holds<Same<ArgsOf<"x [--n:int=3]">, { n: number }>>();
holds<Same<ArgsOf<"x [--link:url=https://x.org/?a=b]">, { link: URL }>>();
holds<Same<ArgsOf<"x [--on-the-way:dev|prod=dev]">, { onTheWay: "dev" | "prod" }>>();

// Every type.
holds<
  Same<
    ArgsOf<
      "x <a:text> <b:int> <c:number> <d:bool> <e:duration> <f:email> <g:url> <h:date> <i:j|k>"
    >,
    {
      a: string;
      b: number;
      c: number;
      d: boolean;
      e: number;
      f: string;
      g: URL;
      h: Date;
      i: "j" | "k";
    }
  >
>();

// Everything combined, on several lines, with tabs and both kinds of line end.
holds<
  Same<
    ArgsOf<
      "deploy now\r\n\t<service>\n  [tag=latest]  [--env:dev|prod]\n\t[--dry-run] [--tries:int=3]"
    >,
    { service: string; tag: string; env?: "dev" | "prod"; dryRun: boolean; tries: number }
  >
>();

// A long signature stays within the type checker's limits.
holds<
  Same<
    keyof ArgsOf<
      `a-word-that-is-long <a1> <a2> <a3> <a4> <a5> <a6> <a7> <a8> <a9> [--b1] [--b2] [--b3] [--b4]
        [--b5] [--b6] [--b7] [--b8] [--b9] [--c1:int] [--c2:int] [--c3:int] [--c4:int] [--c5:int]`
    >,
    | `a${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`
    | `b${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`
    | `c${1 | 2 | 3 | 4 | 5}`
  >
>();

type Letter = "a" | "b" | "c" | "d" | "e" | "f" | "g" | "h";
type Pairs =
  "aa|ab|ac|ad|ae|af|ag|ah|ba|bb|bc|bd|be|bf|bg|bh|ca|cb|cc|cd|ce|cf|cg|ch|da|db|dc|dd|de";
type MorePairs = "df|dg|dh|ea|eb|ec|ed|ee|ef|eg|eh|fa|fb|fc|fd|fe|ff|fg|fh|ga|gb|gc|gd|ge|gf|gg|gh";
type LastPairs = "ha|hb|hc|hd|he|hf|hg|hh";
holds<
  Same<ArgsOf<`x <a:${Pairs}|${MorePairs}|${LastPairs}>`>, { a: `${Letter}${Letter}` }>
>();

// Unknown signatures and types do not become `any`.
holds<Same<ArgsOf<string>, AnyArgs>>();
holds<Same<UnknownTypesIn<ArgsOf<"x <n:itn> [--m:a|b] [o:txet...]">>, "itn" | "txet">>();
holds<Same<UnknownTypesIn<ArgsOf<"x <n:int>">>, never>>();
holds<Same<UnknownTypesIn<ArgsOf<string>>, never>>();

// For a type that does not exist, only the text that says so is assignable.
holds<Same<CommandEntry<"x <n:itn>", unknown>, NoSuchType<"itn">>>();
holds<Same<keyof KnownType<{ type: "itn" }>, NoSuchType<"itn">>>();
holds<Same<KnownType<{ type: "int" | "a|b" }>, unknown>>();

/** Checks that the inferred type matches what the reader returns at run time. */
function check<const S extends string>(signature: S, line: string, expected: ArgsOf<S>): void {
  Deno.test(`the args of ${JSON.stringify(signature)} for ${line || "an empty line"} match their type`, () => {
    const reader = new ArgumentReader(parseSignature(signature, "commands"));
    const reading = reader.read(line, 0);
    assertEquals("args" in reading ? reading.args : reading.problem, expected);
  });
}

check("ping", "", {});
check("say <word>", "hi", { word: "hi" });
check("say [word]", "", {});
check("say [word]", "hi", { word: "hi" });
check("say [word=hi]", "", { word: "hi" });
check("say [word=]", "", { word: "" });
check("say [word=a:b...]", "", { word: "a:b..." });
check("say <words...>", " hello  there ", { words: "hello  there" });
check("say [words...]", "", {});
check("say [words...=hello there]", "", { words: "hello there" });
check("sum <n:number...>", "1 2.5", { n: [1, 2.5] });
check("sum [n:int...]", "", { n: [] });
check("pick <c:a|b|c...>", "C a", { c: ["c", "a"] });
check("roll [n:int]", "", {});
check("roll [n:int=6]", "", { n: 6 });
check("roll\n\t[n:int=6]", "7", { n: 7 });
check("x [--dry-run]", "", { dryRun: false });
check("x [--dry-run]", "--dry-run", { dryRun: true });
check("x [--on-the-way:dev|prod=dev]", "", { onTheWay: "dev" });
check("x [--on-the-way:dev|prod]", "", {});
check("x [--link:url=https://x.org/?a=b]", "", { link: new URL("https://x.org/?a=b") });
check("x <day:date> [--wait:duration]", "2026-11-22 --wait 1m", {
  day: new Date("2026-11-22T00:00:00Z"),
  wait: 60_000,
});
