/**
 * Looks at the pages of a built site in a real Chromium: what they load, whether they scroll sideways, and
 * what axe-core finds.
 * @module
 */
import type { Browser, Page } from "../../tests/support/chromium.ts";
import { serveFolder } from "./static_server.ts";

/** The widths that pages are looked at, CSS pixels: a phone, a tablet, a laptop. */
const WIDTHS = [360, 800, 1440];

const SCHEMES = ["light", "dark"] as const;
const LIGHT = ["light"] as const;

/** Those at which the layout differs most, for the slow part of the check. */
const AXE_WIDTHS = [360, 1440];

/** What a visitor of a page may have to load, bytes after gzip. */
const MAX_PAGE_BYTES = 120_000;

/** What was seen of a page. */
export interface PageReport {
  readonly page: string;
  /** The page with all that it loads, bytes after gzip. */
  readonly bytes: number;
  /** What is wrong with it, in words. */
  readonly problems: readonly string[];
  /** How many rules of axe-core found something that is neither serious nor critical. */
  readonly minorFindings: number;
}

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly string[];
}

const RUN_AXE = "axe.run().then(({ violations }) => violations.map(({ id, impact, nodes }) => " +
  "({ id, impact, nodes: nodes.map((node) => node.html) })))";

/**
 * Looks at pages.
 * @param pages Their files, such as `client.html`.
 * @param axe The source of axe-core, which looks at them in light and dark.
 */
export async function checkPages(
  browser: Browser,
  { folder, base }: { readonly folder: URL; readonly base: string },
  pages: readonly string[],
  axe?: string,
): Promise<PageReport[]> {
  await using server = serveFolder(folder, base);
  const context = await browser.newContext();
  try {
    if (axe !== undefined) await context.addInitScript({ content: axe });
    const reports: PageReport[] = [];
    for (const page of pages) {
      const tab = await context.newPage();
      const url = server.url + page.replace(/(index)?\.html$/, "");
      reports.push({ page, ...await lookAt(tab, url, server.url, axe !== undefined) });
      await tab.close();
    }
    return reports;
  } finally {
    await context.close();
  }
}

async function lookAt(
  tab: Page,
  url: string,
  site: string,
  withAxe: boolean,
): Promise<Omit<PageReport, "page">> {
  const problems = new Set<string>();
  const minor = new Set<string>();
  const requests = new Set<string>();
  tab.on("request", (request) => requests.add(request.url()));
  tab.on("pageerror", (error) => problems.add(`error: ${error}`));
  tab.on("console", (message) => problems.add(`console: ${message.text()}`));

  for (const colorScheme of withAxe ? SCHEMES : LIGHT) {
    // Colors in transition have the wrong contrast.
    await tab.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await tab.goto(url);
    for (const width of WIDTHS) {
      await tab.setViewportSize({ width, height: 800 });
      if (await tab.evaluate("document.documentElement.scrollWidth > innerWidth")) {
        problems.add(`scrolls sideways at ${width} px`);
      }
      if (!withAxe || !AXE_WIDTHS.includes(width)) continue;
      for (const { id, impact, nodes } of await tab.evaluate<Finding[]>(RUN_AXE)) {
        if (!/serious|critical/.test(impact)) minor.add(id);
        else problems.add(`${id} (${impact}, ${colorScheme}, ${width} px): ${nodes[0]}`);
      }
    }
  }

  let bytes = 0;
  for (const request of requests) {
    if (request.startsWith(site)) bytes += await sizeOf(request);
    else if (!request.startsWith("data:")) problems.add(`requests ${request}`);
  }
  if (bytes > MAX_PAGE_BYTES) problems.add(`loads ${bytes} bytes, more than ${MAX_PAGE_BYTES}`);
  return { bytes, problems: [...problems], minorFindings: minor.size };
}

/** The size of a file as it is sent. */
async function sizeOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.body?.cancel();
  return Number(response.headers.get("content-length"));
}
