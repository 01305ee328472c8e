import { assertEquals } from "@std/assert";
import { checkLinks } from "../../../tools/site/check_links.ts";

const REPOSITORY = "https://github.com/ada/roomz";

function check(pages: Record<string, string>): readonly string[] {
  return checkLinks({
    files: new Map<string, string | undefined>([...Object.entries(pages), [
      "assets/a.js",
      undefined,
    ]]),
    base: "/roomz/",
    repository: { url: REPOSITORY, has: (path) => path === "examples/a.ts" },
  }).dead;
}

Deno.test("links to pages, ids, files and the repository are followed", () => {
  assertEquals(
    check({
      "index.html": `<script src="/roomz/assets/a.js"></script><a href="/roomz/api/">x</a>` +
        `<a href="/roomz/client#the%20id">x</a><a class="x" href="./client">x</a>`,
      "client.html": `<h1 id="the id">x</h1><a href="#the%20id">x</a><a href="api/bot#a">x</a>` +
        `<a href="${REPOSITORY}/blob/main/examples/a.ts#L1">x</a><a href="https://deno.com/x">x</a>`,
      "api/index.html": `<a href="bot#a">x</a><a href="../client">x</a>`,
      "api/bot.html": `<p class="y" id="a">x</p><a href="/roomz/">x</a>`,
    }),
    [],
  );
});

Deno.test("what leads nowhere is reported with its page", () => {
  assertEquals(
    check({
      "index.html": `<a href="/roomz/gone">x</a><a href="/client">x</a><img src="/roomz/gone.svg">`,
      "client.html": `<a href="#gone">x</a><a href="/roomz/#top">x</a>` +
        `<a href="${REPOSITORY}/edit/main/gone.ts">x</a>`,
    }),
    [
      "index.html: there is no /roomz/gone",
      "index.html: there is no /client",
      "index.html: there is no /roomz/gone.svg",
      "client.html: client.html has no #gone",
      "client.html: index.html has no #top",
      "client.html: the repository has no gone.ts",
    ],
  );
});
