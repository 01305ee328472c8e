/**
 * The links of the pages as they are read on GitHub: to files, and to headings. Those of the built site,
 * the API reference included, are checked by `deno task test:site`.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { githubSlug } from "../../docs/.vitepress/heading_id.ts";

const root = new URL("../../", import.meta.url);

Deno.test("every link of every page leads to a file, and to a heading that it has", async () => {
  const pages: string[] = [];
  for (const folder of ["", "docs/"]) {
    for await (const { name } of Deno.readDir(new URL(folder, root))) {
      if (name.endsWith(".md")) pages.push(folder + name);
    }
  }
  const dead: string[] = [];
  let [files, headings] = [0, 0];
  for (const page of pages) {
    const url = new URL(page, root);
    for (const link of linksIn(await Deno.readTextFile(url))) {
      // Pages of the site that are made when it is built.
      if (link.startsWith("/api/") || link.startsWith("api/")) continue;
      const { pathname, hash } = new URL(link, url);
      const target = new URL(pathname, root);
      files++;
      if (!await exists(target)) dead.push(`${page}: there is no ${link}`);
      else if (hash !== "" && pathname.endsWith(".md")) {
        headings++;
        const ids = headingIds(await Deno.readTextFile(target));
        if (!ids.has(decodeURIComponent(hash.slice(1)))) {
          dead.push(`${page}: ${link} has no heading`);
        }
      }
    }
  }
  assertEquals(dead, []);
  assert(files > 100 && headings > 50, `${files} links, ${headings} of them to headings`);
});

Deno.test("links are found in text, in references and over two lines, but not in code", () => {
  const page = '[a](b.md#c), [two\nlines](d.ts), ![e](f.svg "g")\n\n[h]: i.md\n' +
    "[site](https://a.b) `[j](k.md)`\n\n```ts\nfoo[1](2.md)\n```\n";
  assertEquals(linksIn(page), ["b.md#c", "d.ts", "f.svg", "i.md"]);
});

Deno.test("headings with the same text get numbers, and those in code are none", () => {
  const page = "# A *b* `c`\n\n## Twice\n\n## Twice\n\n```sh\n# no heading\n```\n\n## [D](e.md)\n";
  assertEquals([...headingIds(page)], ["a-b-c", "twice", "twice-1", "d"]);
});

/** Where the links of a page in Markdown lead, those to other sites left out. */
function linksIn(markdown: string): string[] {
  const text = withoutCodeBlocks(markdown).replace(/(`+)[^`]+?\1/g, "code");
  return [...text.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)|^\[[^\]]+\]: (\S+)$/gm)]
    .map(([, inline, reference]) => inline ?? reference ?? "")
    .filter((link) => !/^[a-z]+:/.test(link));
}

function headingIds(markdown: string): ReadonlySet<string> {
  const counts = new Map<string, number>();
  const ids = new Set<string>();
  for (const [, heading = ""] of withoutCodeBlocks(markdown).matchAll(/^#{1,6} (.+)$/gm)) {
    const id = githubSlug(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1"));
    const count = counts.get(id) ?? 0;
    counts.set(id, count + 1);
    ids.add(count === 0 ? id : `${id}-${count}`);
  }
  return ids;
}

function withoutCodeBlocks(markdown: string): string {
  return markdown.replace(/^( *)```[^]*?^\1```$/gm, "");
}

async function exists(file: URL): Promise<boolean> {
  try {
    await Deno.stat(file);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
