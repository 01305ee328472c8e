/**
 * ARCHITECTURE.md and CONTRIBUTING.md speak of what is there.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { ORDER } from "./support/module_graph.ts";

const root = new URL("..", import.meta.url);

for (const page of ["ARCHITECTURE.md", "CONTRIBUTING.md"]) {
  Deno.test(`every path in ${page} exists`, async () => {
    const paths = pathsIn(await textOf(page));
    assert(paths.length > 5, "paths were found");
    const missing = [];
    for (const path of paths) if (!await exists(path)) missing.push(path);
    assertEquals(missing, []);
  });
}

Deno.test("ARCHITECTURE.md describes every folder of client, bot, dev_server and cli", async () => {
  const paths = pathsIn(await textOf("ARCHITECTURE.md"));
  const folders = (await Promise.all(["client", "bot", "dev_server", "cli"].map(foldersIn))).flat();
  assert(folders.includes("bot/signature/"), "the folders were read");
  assertEquals(folders.filter((folder) => !paths.includes(folder)), []);
});

Deno.test("ARCHITECTURE.md lists the folders in the order that the module graph must follow", async () => {
  const rows = (await textOf("ARCHITECTURE.md")).matchAll(/^\| `(\w+(?:\/\w+)*)\/(\w+)\/`/gm);
  const order: Record<string, string[]> = {};
  for (const [, top = "", folder = ""] of rows) (order[top] ??= []).push(folder);
  for (const [top, folders] of Object.entries(ORDER)) {
    assertEquals(order[top], folders.filter((folder) => folder !== "*"));
  }
});

Deno.test("CONTRIBUTING.md lists every task, and no other", async () => {
  const { tasks } = JSON.parse(await textOf("deno.json"));
  const rows = (await textOf("CONTRIBUTING.md")).matchAll(/^\| `deno task ([\w:]+)/gm);
  assertEquals(Array.from(rows, ([, task = ""]) => task).toSorted(), Object.keys(tasks).toSorted());
});

Deno.test("paths are found in code and in links, and other code is not taken for one", () => {
  const page = "`bot/text/`, `deno.json`, [docs](docs/bot.md#a), [site](https://a.b/c.md), " +
    "`@roomz/roomz/bot`, `ctx.ask`, `deno task ok`, `./bot`, `(ctx, next)`, `user/`, `.ts`";
  assertEquals(pathsIn(page), ["bot/text/", "deno.json", "user/", "docs/bot.md"]);
});

/** The paths from the root that a page names: a folder ends in a slash. */
function pathsIn(page: string): string[] {
  const code = [...page.matchAll(/`([a-zA-Z][\w./-]*)`/g)].map(([, text = ""]) => text);
  const links = [...page.matchAll(/\]\(([a-zA-Z][\w./-]*)(?:#[\w-]*)?\)/g)].map(([, to = ""]) =>
    to
  );
  const isFile = /\.(ts|md|json|txt|sh|svg)$/;
  return [...new Set([...code.filter((it) => it.includes("/") || isFile.test(it)), ...links])];
}

async function foldersIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
    if (isDirectory) found.push(`${folder}/${name}/`, ...await foldersIn(`${folder}/${name}`));
  }
  return found;
}

async function exists(path: string): Promise<boolean> {
  try {
    const { isDirectory } = await Deno.stat(new URL(path, root));
    return isDirectory === path.endsWith("/");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw error;
  }
}

function textOf(path: string): Promise<string> {
  return Deno.readTextFile(new URL(path, root));
}
