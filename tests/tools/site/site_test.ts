/**
 * The documentation site, built with VitePress from npm. `deno task site:check` looks at every page; here
 * Chromium opens all of them, but only some are checked for accessibility.
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { toFileUrl } from "@std/path";
import { PAGE_GROUPS } from "../../../docs/.vitepress/pages.ts";
import { buildSite } from "../../../tools/site/build.ts";
import { checkConfigTypes, checkSiteLinks, pagesOf } from "../../../tools/site/check.ts";
import { checkPages, type PageReport } from "../../../tools/site/check_pages.ts";
import { axeSource, findChromium } from "../../support/chromium.ts";
import { reportSkipped, skipRest } from "../../support/skip.ts";

const root = new URL("../../../", import.meta.url);
const address = { base: "/roomz/", repository: "https://github.com/ada/roomz" };

/** The home page, tables, and the largest page of the reference. */
const LOOKED_AT = ["index.html", "cli.html", "api/bot/define_and_run_a_bot.html"];

const isLinux = Deno.build.os === "linux";
if (!isLinux) reportSkipped("the documentation site", "it is built on Linux only");

Deno.test({
  name: "the site has all pages, no dead link, and no page that is too heavy",
  ignore: !isLinux,
  fn: checkSite,
});

async function checkSite(t: Deno.TestContext): Promise<void> {
  const folder = toFileUrl(`${await Deno.makeTempDir()}/`);
  try {
    await buildSite(root, folder, address);
  } catch (error) {
    const isOffline = error instanceof Error &&
      /installed[^]*(sending request|npm)/.test(error.message) &&
      !/lockfile|integrity/i.test(error.message);
    if (!isOffline) throw error;
    return await skipRest(t, "the documentation site", "VitePress cannot be installed from npm");
  }
  const pages = await pagesOf(folder);

  await t.step("the configuration has the types that VitePress wants", async () => {
    assertEquals(await checkConfigTypes(root), []);
  });

  await t.step("each page of docs and of the reference is a page of the site", async () => {
    const names = PAGE_GROUPS.flatMap((group) => Object.keys(group.pages));
    assertEquals(names.filter((name) => !pages.includes(`${name}.html`)), []);
    const { exports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
    for (const subpath of Object.keys(exports)) {
      const page = `api/${subpath.slice(2)}/index.html`.replace("//", "/");
      assert(pages.includes(page), `there is no ${page}`);
    }
  });

  await t.step("each page links every page of its sidebar, the reference included", async () => {
    const html = await Deno.readTextFile(new URL("api/index.html", folder));
    const reference = pages.filter((page) => page.startsWith("api/"));
    for (const page of reference) {
      assertStringIncludes(html, `href="${address.base}${page.replace(/(index)?\.html$/, "")}"`);
    }
  });

  await t.step("no link is dead, neither to a page nor to an id nor to a source file", async () => {
    const { links, anchors, dead } = await checkSiteLinks(root, folder, address);
    assertEquals(dead, []);
    assert(links > 1_000 && anchors > 500, `${links} links, ${anchors} anchors`);
  });

  const chromium = await findChromium();
  if ("missing" in chromium) return await skipRest(t, "the site in a browser", chromium.missing);
  const browser = await chromium.launch();
  try {
    await t.step("no page is too heavy, scrolls sideways or raises an error", async () => {
      assertEquals(problemsOf(await checkPages(browser, { folder, ...address }, pages)), []);
    });

    const axe = await axeSource();
    if (axe === undefined) {
      return await skipRest(t, "the site's accessibility", "axe-core could not be loaded");
    }
    await t.step("axe finds nothing serious, in light and dark", async () => {
      assertEquals(
        problemsOf(await checkPages(browser, { folder, ...address }, LOOKED_AT, axe)),
        [],
      );
    });
  } finally {
    await browser.close();
  }
}

function problemsOf(reports: readonly PageReport[]): string[] {
  return reports.flatMap(({ page, problems }) => problems.map((problem) => `${page}: ${problem}`));
}
