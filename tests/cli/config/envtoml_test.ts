/**
 * Generated configuration files, next to what the Python client's own reader makes of them (envtoml, as
 * installed with PyPI's roomz).
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { findPythonWithRoomz } from "../../contract/support/python_environment.ts";
import { skip } from "../../support/skip.ts";
import { TestHome } from "../support/test_home.ts";
import { roomz } from "../support/test_io.ts";

const FILES = 200;
const ENV = { NAME: "Ada L.", EMPTY: "", QUOTED: '"q"', N: "42", YES: "true", DAY: "2026-01-01" };

const PROGRAM = `
import envtoml, json, sys
for text in json.load(sys.stdin):
    try:
        value = envtoml.loads(text, env_values=${
  JSON.stringify(ENV)
}).get("client", {}).get("display_name", "")
        print(json.dumps({"text": value} if isinstance(value, str) else {"other": str(value)}))
    except Exception as error:
        print(json.dumps({"error": str(error)}))
`;

type Expected = { readonly text: string } | { readonly other: string } | { readonly error: string };

/** Files with a display name of texts, variables and what looks like them. */
function generateFiles(): string[] {
  const name = fc.constantFrom(...Object.keys(ENV), "UNSET", "name", "1N", "_X");
  const fallback = fc.constantFrom("", "else", "a b", "7", "'s'", "$NAME");
  const part = fc.oneof(
    fc.constantFrom("a", " ", "$", "$$", "{", "}", "'", '"', "#", "=", "ü", "-", "\\", "0", "."),
    name.map((one) => `$${one}`),
    name.map((one) => `\${${one}}`),
    fc.tuple(name, fallback).map(([one, text]) => `\${${one}:-${text}}`),
    fc.tuple(name, fallback).map(([one, text]) => `\${${one}|${text}}`),
  );
  const value = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));
  const quotedValue = value.map((text) => JSON.stringify(text));
  const key = fc.constantFrom("display_name", '"display_name"', "'display_name'");
  const before = fc.constantFrom(
    "",
    "# mine\n",
    "[stats]\nbig = 9223372036854775807\n",
    "[a.b]\nc = [1]\n",
  );
  return fc.sample(
    fc.oneof(
      fc.tuple(before, key, quotedValue).map(([start, one, text]) =>
        `${start}[client]\n${one} = ${text}\n`
      ),
      quotedValue.map((text) => `client.display_name = ${text}\n`),
      quotedValue.map((text) => `client = { display_name = ${text} }\n`),
      value.filter((text) => !text.includes("'")).map((text) =>
        `[client]\ndisplay_name = '${text}'\n`
      ),
    ),
    { numRuns: FILES, seed: 15 },
  );
}

const found = await findPythonWithRoomz();
if ("missing" in found) {
  skip("configuration files next to the Python client's reader", found.missing);
} else {
  Deno.test(`${FILES} generated files mean what they mean to the Python client`, async () => {
    const files = generateFiles();
    const expected = await readWithPython(await found.python(), files);
    let texts = 0;
    for (const [index, file] of files.entries()) {
      await using home = await TestHome.make({ ".roomz.toml": file });
      const { exitCode, stdout, stderr } = await roomz(["config", "--json"], {
        env: { ...home.env, ...ENV },
      });
      const want = expected[index];
      assert(want !== undefined);
      const what = `${file}\nPython: ${JSON.stringify(want)}\nours: ${stdout}${stderr}`;
      if ("error" in want) {
        assertEquals(exitCode, 2, what);
        continue;
      }
      const settings = stdout.trim().split("\n").map((line): unknown => JSON.parse(line));
      const name = settings.find((one) => (one as { name: string }).name === "display_name");
      const value = (name as { value: string }).value;
      // A number or a date is an error of the Python client; here it is the text that it is
      // (docs/migrating_from_python.md).
      if ("text" in want) assertEquals(value, want.text, what);
      texts += "text" in want ? 1 : 0;
    }
    assert(texts > FILES / 2, `${texts} files had a text`);
  });
}

async function readWithPython(python: string, files: readonly string[]): Promise<Expected[]> {
  const process = new Deno.Command(python, {
    args: ["-c", PROGRAM],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(files)));
  await writer.close();
  const { stdout } = await process.output();
  return new TextDecoder().decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
}
