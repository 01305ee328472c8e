/**
 * The documentation site, built with VitePress from npm. Here Chromium opens the heaviest pages;
 * `deno task site:check`, which the site's workflow runs, opens all.
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { toFileUrl } from "@std/path";
import { PAGE_GROUPS } from "../../../docs/.vitepress/pages.ts";
import { buildSite } from "../../../tools/site/build.ts";
import { checkConfigTypes, checkSiteLinks, pagesOf } from "../../../tools/site/check.ts";
import { checkPages } from "../../../tools/site/check_pages.ts";
import { serveFolder } from "../../../tools/site/static_server.ts";
import { until } from "../../dev_server/page/support/visitor.ts";
import { axeSource, findChromium } from "../../support/chromium.ts";
import { reportSkipped, skipRest } from "../../support/skip.ts";

const root = new URL("../../../", import.meta.url);
const address = { base: "/roomz/", repository: "https://github.com/ada/roomz" };

const isLinux = Deno.build.os === "linux";
if (!isLinux) reportSkipped("the documentation site", "it is built on Linux only");

Deno.test({
  name: "the site has every page, no dead link, and pages that everybody can read",
  ignore: !isLinux,
  fn: buildAndCheck,
});

async function buildAndCheck(t: Deno.TestContext): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await check(t, toFileUrl(`${folder}/`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function check(t: Deno.TestContext, folder: URL): Promise<void> {
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
  const reference = pages.filter((page) => page.startsWith("api/"));

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
  const axe = await axeSource();
  if (axe === undefined) {
    await skipRest(t, "the site's accessibility", "axe-core could not be loaded");
  }
  const browser = await chromium.launch();
  try {
    await t.step("the heaviest pages are light, fit every screen, and are accessible", async () => {
      const guides = pages.filter((page) => !reference.includes(page));
      const heavy = [
        "index.html",
        await heaviest(folder, guides),
        await heaviest(folder, reference),
      ];
      const reports = await checkPages(browser, { folder, ...address }, heavy, axe);
      const problems = reports.flatMap(({ page, problems }) =>
        problems.map((problem) => `${page}: ${problem}`)
      );
      assertEquals(problems, []);
      // The style sheet and Vue alone are more than this.
      for (const { page, bytes } of reports) assert(bytes > 50_000, `${page}: ${bytes} bytes`);
    });

    await t.step("search finds a method of the reference and a section of a guide", async () => {
      await using server = serveFolder(folder, address.base);
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(server.url);
      await page.click(".DocSearch-Button");
      await page.fill("#localsearch-input", "sendText");
      const found = (link: string) =>
        until(page, `document.querySelector('.result[href$="${link}"]')`);
      await found("#AsyncClient.sendText");
      await found("client#sending");
      await context.close();
    });
  } finally {
    await browser.close();
  }
}

/** The page with the most HTML. What else a page loads is nearly the same for all. */
async function heaviest(folder: URL, pages: readonly string[]): Promise<string> {
  const sizes = await Promise.all(
    pages.map(async (page) => ({ page, size: (await Deno.stat(new URL(page, folder))).size })),
  );
  return sizes.toSorted((a, b) => b.size - a.size)[0]?.page ?? "";
}
