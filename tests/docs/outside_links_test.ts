import { assertEquals } from "@std/assert";
import { outsideUrl } from "../../docs/.vitepress/outside_links.ts";

const REPOSITORY = "https://github.com/ada/roomz";

Deno.test("a link to a file outside docs leads into the repository", () => {
  const url = (href: string) => outsideUrl(href, "agents.md", REPOSITORY);
  assertEquals(url("../examples/quiz_bot.ts"), `${REPOSITORY}/blob/main/examples/quiz_bot.ts`);
  assertEquals(
    url("../ARCHITECTURE.md#glossary"),
    `${REPOSITORY}/blob/main/ARCHITECTURE.md#glossary`,
  );
  assertEquals(url("../examples"), `${REPOSITORY}/tree/main/examples`);
});

Deno.test("links inside docs, and to other sites, stay as they are", () => {
  for (const href of ["client.md#sending", "#sending", "https://deno.com", "../docs/client.md"]) {
    assertEquals(outsideUrl(href, "agents.md", REPOSITORY), undefined);
  }
  assertEquals(outsideUrl("../client.md", "api/index.md", REPOSITORY), undefined);
});

Deno.test("where no repository is known, such a link is text", () => {
  assertEquals(outsideUrl("../LICENSE.md", "agents.md", undefined), null);
});
