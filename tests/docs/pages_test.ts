/**
 * The sidebar of the site and the pages of docs/ are the same.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { PAGE_GROUPS } from "../../docs/.vitepress/pages.ts";

Deno.test("every page of docs is in the sidebar, once, and the sidebar has no other", async () => {
  const pages: string[] = [];
  for await (const { name } of Deno.readDir(new URL("../../docs/", import.meta.url))) {
    if (name.endsWith(".md") && name !== "index.md") pages.push(name.slice(0, -".md".length));
  }
  assert(pages.length > 10, "the pages were found");
  assertEquals(
    PAGE_GROUPS.flatMap((group) => Object.keys(group.pages)).toSorted(),
    pages.toSorted(),
    "Add a new page to docs/.vitepress/pages.ts.",
  );
});
