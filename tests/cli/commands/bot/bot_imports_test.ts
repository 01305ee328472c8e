import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { toFileUrl } from "@std/path";
import { readBotImports } from "../../../../cli/commands/bot/bot_imports.ts";
import { TestHome } from "../../support/test_home.ts";

const ROOT = new URL("../../../../", import.meta.url).href;

/** What each import means in `bots/bot.ts`, with paths relative to the home folder. */
async function resolved(
  files: Readonly<Record<string, string>>,
  imports: readonly string[],
  parent = "bots/bot.ts",
): Promise<Record<string, string | undefined>> {
  await using home = await TestHome.make({ "bots/bot.ts": "", ...files });
  const found = await readBotImports(`${home.path}/bots/bot.ts`);
  const folder = toFileUrl(`${home.path}/`).href;
  return Object.fromEntries(
    imports.map((one) => [one, found.resolve(one, folder + parent)?.replace(folder, "")]),
  );
}

Deno.test("imports mean what the nearest deno.json says", async () => {
  const imports = {
    "dayjs": "npm:dayjs@1",
    "@std/path": "jsr:@std/path@^1",
    "@std/path/posix": "jsr:@std/path@^1/posix",
    "std/": "https://deno.land/std@0.224.0/",
    "std/fs/": "./mine/",
    "~/": "../",
    "./old.ts": "./new.ts",
    "https://example.com/a.ts": "./a.ts",
  };
  assertEquals(
    await resolved({
      "bots/deno.json": JSON.stringify({ imports }),
      "deno.json": '{"imports": {"dayjs": "npm:dayjs@0", "elsewhere": "npm:elsewhere"}}',
    }, [
      "dayjs",
      "dayjs/plugin/utc",
      "@std/path",
      "@std/path/posix",
      "@std/path/windows",
      "std/io/mod.ts",
      "std/fs/walk.ts",
      "~/shared/words.ts",
      "./old.ts",
      "./other.ts",
      "../above.ts",
      "https://example.com/a.ts",
      "https://example.com/b.ts",
      "npm:ms@2",
      "node:fs",
      "elsewhere",
      "dayjsx",
    ]),
    {
      "dayjs": "npm:dayjs@1",
      "dayjs/plugin/utc": "npm:dayjs@1/plugin/utc",
      "@std/path": "jsr:@std/path@^1",
      "@std/path/posix": "jsr:@std/path@^1/posix",
      "@std/path/windows": "jsr:@std/path@^1/windows",
      "std/io/mod.ts": "https://deno.land/std@0.224.0/io/mod.ts",
      "std/fs/walk.ts": "bots/mine/walk.ts",
      "~/shared/words.ts": "shared/words.ts",
      "./old.ts": "bots/new.ts",
      "./other.ts": "bots/other.ts",
      "../above.ts": "above.ts",
      "https://example.com/a.ts": "bots/a.ts",
      "https://example.com/b.ts": "https://example.com/b.ts",
      "npm:ms@2": "npm:ms@2",
      "node:fs": "node:fs",
      "elsewhere": undefined,
      "dayjsx": undefined,
    },
  );
});

Deno.test("@roomz/roomz is the command's own package, whatever the configuration says", async () => {
  const names = [
    "@roomz/roomz",
    "@roomz/roomz/bot",
    "jsr:@roomz/roomz@^0.2.0/testing",
    "jsr:/@roomz/roomz@1/client",
    "mine",
    "@roomz/roomz/nothing",
    "@roomz/roomzy",
  ];
  const imports = { "@roomz/roomz": "jsr:@roomz/roomz@^9.0.0", "mine": "jsr:@roomz/roomz@9/bot" };
  for (const files of [{}, { "deno.json": JSON.stringify({ imports }) }]) {
    const found = await resolved(files, names);
    assertEquals(names.slice(0, 4).map((name) => found[name]), [
      `${ROOT}mod.ts`,
      `${ROOT}bot/mod.ts`,
      `${ROOT}testing/mod.ts`,
      `${ROOT}client/mod.ts`,
    ]);
    assertEquals(found["mine"], "deno.json" in files ? `${ROOT}bot/mod.ts` : undefined);
    assertEquals(found["@roomz/roomzy"], undefined);
  }
});

Deno.test("deno.jsonc, comments, trailing commas and quotes in strings are read", async () => {
  const text = `{
  // "a": "npm:no",
  "imports": { /* , */ "a": "npm:a@1", "b//c": "npm:b@1", "d": "./\\",}.ts", },
}`;
  for (const name of ["deno.json", "deno.jsonc"]) {
    assertEquals(await resolved({ [name]: text }, ["a", "b//c", "d"]), {
      "a": "npm:a@1",
      "b//c": "npm:b@1",
      "d": "%22,%7D.ts",
    });
  }
});

Deno.test("an import map of its own file, and scopes", async () => {
  const map = JSON.stringify({
    imports: { "a": "npm:a@1" },
    scopes: { "./bots/old/": { "a": "npm:a@0" } },
  });
  const files = { "deno.json": '{"importMap": "maps/map.json"}', "maps/map.json": map };
  assertEquals(await resolved(files, ["a"]), { "a": "npm:a@1" });
  const inline = { "deno.json": map };
  assertEquals(await resolved(inline, ["a"], "bots/old/part.ts"), { "a": "npm:a@0" });
  assertEquals(await resolved(inline, ["a"], "bots/new/part.ts"), { "a": "npm:a@1" });
});

Deno.test("a member of a workspace has its root's imports as well", async () => {
  const member = '{"imports": {"a": "npm:a@2"}}';
  for (const workspace of ['["./bots"]', '{"members": ["bots/"]}', '["./*"]']) {
    const root = `{"workspace": ${workspace}, "imports": {"a": "npm:a@1", "b": "npm:b@1"}}`;
    assertEquals(await resolved({ "bots/deno.json": member, "deno.json": root }, ["a", "b"]), {
      "a": "npm:a@2",
      "b": "npm:b@1",
    });
  }
  const other = '{"workspace": ["./other"], "imports": {"b": "npm:b@1"}}';
  assertEquals(await resolved({ "bots/deno.json": member, "deno.json": other }, ["b"]), {
    "b": undefined,
  });
});

Deno.test("the dependencies of package.json are packages of npm, after deno.json", async () => {
  const dependencies = { a: "^1.0.0", b: "npm:other@2", c: "", d: "file:../d", e: "jsr:@x/e@1" };
  const files = {
    "package.json": JSON.stringify({ dependencies, devDependencies: { f: "3" } }),
    "deno.json": '{"imports": {"f": "npm:f@4"}}',
  };
  assertEquals(await resolved(files, ["a", "a/sub", "b", "c", "d", "e", "f"]), {
    "a": "npm:a@^1.0.0",
    "a/sub": "npm:a@^1.0.0/sub",
    "b": "npm:other@2",
    "c": "npm:c@*",
    "d": undefined,
    "e": "jsr:@x/e@1",
    "f": "npm:f@4",
  });
});

Deno.test("a deno.json that is not JSON is named", async () => {
  await using home = await TestHome.make({ "deno.json": '{"imports": {' });
  const error = await assertRejects(() => readBotImports(`${home.path}/bot.ts`), SyntaxError);
  assertMatch(error.message, /deno\.json is not valid: /);
});
