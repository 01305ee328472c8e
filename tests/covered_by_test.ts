/**
 * Each source file has a test that is found by its name, or a row in covered_by.ts.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { coveredBy } from "./covered_by.ts";

const root = new URL("..", import.meta.url);
const packages = ["client", "bot", "testing", "dev_server", "cli"];

/** What is wrong: `files` are all that there are, below the root. */
function problemsIn(files: ReadonlySet<string>, table: Readonly<Record<string, string>>): string[] {
  const sources = [...files].filter((file) => packages.includes(file.split("/")[0] ?? ""));
  const ownTest = (source: string) => `tests/${source.replace(/\.[tj]s$/, "_test.ts")}`;
  const uncovered = sources.filter((source) => !files.has(ownTest(source)) && !(source in table));
  return [
    ...uncovered.map((source) =>
      `${source} has no test: write ${ownTest(source)}, or add a row to tests/covered_by.ts`
    ),
    ...Object.entries(table).flatMap(([source, test]) => {
      if (!files.has(source)) return [`tests/covered_by.ts: there is no file ${source}`];
      if (files.has(ownTest(source))) {
        return [`tests/covered_by.ts: ${source} has its own test, remove its row`];
      }
      return files.has(test) ? [] : [`tests/covered_by.ts: there is no file ${test}`];
    }),
  ];
}

async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
    if (isDirectory) found.push(...await filesIn(`${folder}/${name}`));
    else if (/\.[tj]s$/.test(name)) found.push(`${folder}/${name}`);
  }
  return found;
}

Deno.test("every source file has its own test or a row that names one", async () => {
  const files = (await Promise.all([...packages, "tests"].map(filesIn))).flat();
  assert(files.length > 300, "the files were found");
  assertEquals(problemsIn(new Set(files), coveredBy), []);
});

Deno.test("the rows of covered_by.ts are sorted", () => {
  assertEquals(Object.keys(coveredBy), Object.keys(coveredBy).toSorted());
});

Deno.test("a missing test, a row without need and a row that leads nowhere are found", () => {
  const files = new Set(["bot/a.ts", "bot/b.ts", "bot/c.ts", "tests/bot/b_test.ts"]);
  const table = {
    "bot/b.ts": "tests/bot/b_test.ts",
    "bot/c.ts": "tests/bot/gone_test.ts",
    "bot/gone.ts": "tests/bot/b_test.ts",
  };
  assertEquals(problemsIn(files, table), [
    "bot/a.ts has no test: write tests/bot/a_test.ts, or add a row to tests/covered_by.ts",
    "tests/covered_by.ts: bot/b.ts has its own test, remove its row",
    "tests/covered_by.ts: there is no file tests/bot/gone_test.ts",
    "tests/covered_by.ts: there is no file bot/gone.ts",
  ]);
});
