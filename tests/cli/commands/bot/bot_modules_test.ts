import {
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { toFileUrl } from "@std/path";
import { importBotModule } from "../../../../cli/commands/bot/bot_modules.ts";
import { TestHome } from "../../support/test_home.ts";
import { roomz } from "../../support/test_io.ts";

/** A bot whose prefix is the value of an expression. */
function bot(expression: string, before = ""): string {
  return `import { defineBot } from "@roomz/roomz/bot";\n${before}\n` +
    `export default defineBot({ name: "b", prefix: ${expression}, commands: { "ping": "pong" } });\n`;
}

/** The prefix of the bot that `bot.ts` exports, or the error. */
async function load(
  files: Readonly<Record<string, string>>,
  file = "bot.ts",
): Promise<{ prefix: string | undefined; stderr: string }> {
  await using home = await TestHome.make(files);
  const { stdout, stderr } = await roomz(["bot", "check", "--json", file], {
    workingFolder: home.path,
  });
  return { prefix: stdout === "" ? undefined : JSON.parse(stdout).prefixes[0], stderr };
}

const LOADED: readonly (readonly [what: string, files: Readonly<Record<string, string>>])[] = [
  ["a local file", {
    "bot.ts": bot("word", 'import { word } from "./word.ts";'),
    "word.ts": 'export const word: string = "ok";',
  }],
  ["a local file by a name of deno.json", {
    "deno.json": '{"imports": {"~/": "./lib/"}}',
    "bot.ts": bot("word", 'import { word } from "~/word.ts";'),
    "lib/word.ts": 'export { word } from "~/deep/word.ts";',
    "lib/deep/word.ts": 'export const word: string = "ok";',
  }],
  ["an enum, a parameter property and a namespace", {
    "bot.ts": bot(
      "new Box(Word.Ok).word + Empty.text",
      `enum Word { Ok = "ok" }
class Box { constructor(readonly word: string) {} }
namespace Empty { export const text = ""; }`,
    ),
  }],
  ["a type imported without the word type", {
    "bot.ts": bot("word", 'import { word, Word } from "./word.ts";\nlet other: Word | undefined;'),
    "word.ts": 'export type Word = string;\nexport const word: Word = "ok";',
  }],
  ["JavaScript that TypeScript would read otherwise", {
    "bot.ts": bot("word", 'import { word } from "./word.js";'),
    "word.js": 'const f = 1, a = 2, b = 3; export const word = f<a>(b) ? "no" : "ok";',
  }],
  ["JSON", {
    "bot.ts": bot("words[0]", 'import words from "./words.json" with { type: "json" };'),
    "words.json": '["ok"]',
  }],
  ["a built-in module, with and without node:", {
    "bot.ts": bot(
      "basename('/a/ok') + (join('a', 'b') === 'a/b' ? '' : 'no')",
      'import { basename } from "node:path";\nimport { join } from "path";',
    ),
  }],
  ["a package of npm by a name of deno.json", {
    "deno.json": '{"imports": {"toml": "npm:smol-toml@1.9.1"}}',
    "bot.ts": bot("String(parse('a = \"ok\"').a)", 'import { parse } from "toml";'),
  }],
  ["a package of npm without a configuration", {
    "bot.ts": bot("String(parse('a = \"ok\"').a)", 'import { parse } from "npm:smol-toml@1.9.1";'),
  }],
  ["a package of npm that a local file imports", {
    "package.json": '{"dependencies": {"smol-toml": "1.9.1"}}',
    "bot.ts": bot("word", 'import { word } from "./word.ts";'),
    "word.ts":
      `import { parse } from "smol-toml";\nexport const word = String(parse("a = 'ok'").a);`,
  }],
  ["CommonJS that requires JSON and ES modules", {
    "bot.ts": bot("word", 'import { word } from "./word.cjs";'),
    "word.cjs": 'exports.word = require("./word.json").word + require("./empty.mjs").text;',
    "word.json": '{ "word": "ok" }',
    "empty.mjs": 'export { text } from "./text.mjs";',
    "text.mjs": 'export const text = "";',
  }],
  ["what createRequire() requires", {
    "bot.ts": bot(
      'require("./word.cjs").word',
      'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);',
    ),
    "word.cjs": 'exports.word = require("./word.json").word;',
    "word.json": '{ "word": "ok" }',
  }],
  ["despite an import that fails and that it catches", {
    "bot.ts": bot(
      "word",
      'let word = "no";\ntry { await import("dayjs"); } catch { word = "ok"; }',
    ),
  }],
  ["a dynamic import", {
    "deno.json": '{"imports": {"word": "./word.ts"}}',
    "bot.ts": bot("word", 'const { word } = await import("word");'),
    "word.ts": 'export const word: string = "ok";',
  }],
  ["a computed dynamic import", {
    "deno.json": '{"imports": {"word": "./word.ts"}}',
    "bot.ts": bot("word", 'const { word } = await import(["wo", "rd"].join(""));'),
    "word.ts": 'export const word: string = "ok";',
  }],
  ["a part of @roomz/roomz that the command itself has not loaded", {
    "deno.json": '{"imports": {"@roomz/roomz": "jsr:@roomz/roomz@^9.0.0"}}',
    "bot.ts": bot(
      "typeof createDevServer === 'function' && typeof testBot === 'function' ? 'ok' : 'no'",
      'import { createDevServer } from "@roomz/roomz/dev-server";\n' +
        'import { testBot } from "jsr:@roomz/roomz@^9.0.0/testing";',
    ),
  }],
  ["TypeScript in a file for JSX", {
    "bot.ts": bot("word", 'import { word } from "./word.tsx";'),
    "word.tsx": 'export const word: string = "ok";',
  }],
  ["files that import each other", {
    "bot.ts": bot("word()", 'import { word } from "./a.ts";'),
    "a.ts": 'import { b } from "./b.ts";\nexport const word = () => b();\nexport const ok = "ok";',
    "b.ts": 'import { ok } from "./a.ts";\nexport const b = (): string => ok;',
  }],
];

for (const [what, files] of LOADED) {
  Deno.test(`a bot loads ${what}`, async () => {
    assertEquals(await load(files), { prefix: "ok", stderr: "" });
  });
}

Deno.test("a bot has the URL and the folder of its file", async () => {
  const { prefix } = await load({ "bot.ts": bot("import.meta.filename.split('/').at(-1)") });
  assertEquals(prefix, "bot.ts");
});

Deno.test("an error in a bot's file has the line and column of the source", async () => {
  const lines = ["interface Long {", "  a: number;", "}", "", "enum E { A }", ""];
  const { stderr } = await load({ "bot.ts": `${lines.join("\n")}\n  throw new Error("boom");\n` });
  assertMatch(stderr, /^roomz: Could not load bot\.ts: boom\n +at file:\S+\/bot\.ts:7:9\n$/);
});

const FAILING: readonly (readonly [
  what: string,
  files: Readonly<Record<string, string>>,
  error: RegExp,
])[] = [
  [
    "a name that deno.json does not have",
    { "deno.json": "{}", "bot.ts": 'import "dayjs";' },
    /Import "dayjs" not found\. \S+\/deno\.json does not name it\. .*deno add npm:dayjs\n +at file:\S+\/bot\.ts:1:8\n$/,
  ],
  [
    "a name without any deno.json",
    { "bot.ts": 'import "@std/fs/walk";' },
    /Import "@std\/fs\/walk" not found\. There is no deno\.json.*deno add jsr:@std\/fs \(/,
  ],
  [
    "a name in a local file",
    { "bot.ts": 'import "./a.ts";', "a.ts": '\nimport day from "dayjs";\nday();' },
    /Import "dayjs" not found.*\n +at file:\S+\/a\.ts:2:17\n$/,
  ],
  ["a missing file", { "bot.ts": 'import "./no.ts";' }, /Module not found .*\/no\.ts/],
  [
    "a mistake in the syntax of a local file",
    { "bot.ts": 'import "./a.ts";', "a.ts": "\nlet a = ;" },
    /at file:\S+\/a\.ts:2:9/,
  ],
  [
    "a part of @roomz/roomz that does not exist",
    { "bot.ts": 'import "@roomz/roomz/nothing";' },
    /Import "@roomz\/roomz\/nothing" not found/,
  ],
  [
    "JSX",
    { "bot.ts": 'import "./a.tsx";', "a.tsx": "export default <b>bold</b>;" },
    /a\.tsx:1:\d+\n +JSX is not supported in the files of a bot\.\n$/,
  ],
  ["a deno.json that is invalid", { "deno.json": "{", "bot.ts": "" }, /deno\.json is not valid/],
];

for (const [what, files, error] of FAILING) {
  Deno.test(`a bot with ${what} is one error`, async () => {
    const { prefix, stderr } = await load(files);
    assertEquals(prefix, undefined);
    assertMatch(stderr, error);
    assertStringIncludes(stderr, "roomz: Could not load bot.ts: ");
    assertNotMatch(stderr, /stripTypeScriptTypes|^ +at async/m);
  });
}

for (const name of ["~/deep.ts", "@/deep.ts", "#deep", "$lib/x.ts", "~", "@scope"]) {
  Deno.test(`${name} cannot be a package, so the error does not say to add one`, async () => {
    const { stderr } = await load({ "bot.ts": bot("word", `import { word } from "${name}";`) });
    assertStringIncludes(stderr, `Import "${name}" not found.`);
    assertStringIncludes(stderr, 'Say what it means in the "imports" of deno.json.');
  });
}

Deno.test("a file that could not be loaded gets the imports that deno.json has by the next attempt", async () => {
  await using home = await TestHome.make({
    "deno.json": '{"imports": {}}',
    "bot.ts": bot("word", 'import { word } from "./word.ts";'),
    "word.ts": 'export { word } from "~/deep.ts";',
    "deep.ts": 'export const word = "ok";',
  });
  const url = toFileUrl(`${home.path}/bot.ts`).href;
  await assertRejects(() => importBotModule(url, "?1", false), Error, "~/deep.ts");
  await home.write("deno.json", '{"imports": {"~/": "./"}}');
  assertEquals(Object.keys(await importBotModule(url, "?2", false)), ["default"]);
});

Deno.test("a compiled roomz loads local files and its own package, and refuses other packages", async () => {
  await using home = await TestHome.make({
    "bot.ts": bot("word", 'import { word } from "./word.ts";'),
    "word.ts": 'import "node:path";\nexport const word: string = "ok";',
    "other.ts": 'import { defineBot } from "@roomz/roomz/bot";\nimport ms from "npm:ms@2";\n' +
      "export default [defineBot, ms];",
  });
  const { default: loaded } = await importBotModule(
    toFileUrl(`${home.path}/bot.ts`).href,
    "",
    true,
  );
  assertEquals(typeof loaded, "object");
  const { message } = await assertRejects(
    () => importBotModule(toFileUrl(`${home.path}/other.ts`).href, "", true),
    TypeError,
  );
  assertMatch(
    message,
    /^The compiled roomz cannot load packages, such as npm:ms@2\. .*\nat file:\S+\/other\.ts:2:16$/,
  );
});
