/**
 * Looks at the pages of a built site in a real Chromium: what they load, whether they scroll sideways, and
 * what axe-core finds.
 * @module
 */
import type { Browser } from "../../tests/support/chromium.ts";
import { serveFolder } from "./static_server.ts";

/** The widths that pages are looked at, CSS pixels: a phone, a tablet, a laptop. */
const WIDTHS = [360, 800, 1440];

const SCHEMES = ["light", "dark"] as const;
const LIGHT = ["light"] as const;

/** Those at which the layout differs most, for the slow part of the check. */
const AXE_WIDTHS = [360, 1440];

/** What a visitor of a page may have to load, bytes after gzip. */
export const MAX_PAGE_BYTES = 120_000;

/** What was seen of a page. */
export interface PageReport {
  readonly page: string;
  /** The page with all that it loads, bytes after gzip. */
  readonly bytes: number;
  /** What is wrong with it, in words. */
  readonly problems: readonly string[];
  /** How many findings of axe-core are neither serious nor critical. */
  readonly minorFindings: number;
}

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly string[];
}

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
      const problems = new Set<string>();
      const requests = new Set<string>();
      tab.on("request", (request) => requests.add(request.url()));
      tab.on("pageerror", (error) => problems.add(`error: ${error}`));
      tab.on("console", (message) => problems.add(`console: ${message.text()}`));

      const minor = new Set<string>();
      for (const colorScheme of axe === undefined ? LIGHT : SCHEMES) {
        // Colors in transition have the wrong contrast.
        await tab.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await tab.setViewportSize({ width: WIDTHS[0] ?? 0, height: 800 });
        await tab.goto(server.url + page.replace(/(index)?\.html$/, ""));
        for (const width of WIDTHS) {
          await tab.setViewportSize({ width, height: 800 });
          if (await tab.evaluate("document.documentElement.scrollWidth > innerWidth")) {
            problems.add(`scrolls sideways at ${width} px`);
          }
          if (axe === undefined || !AXE_WIDTHS.includes(width)) continue;
          const findings = await tab.evaluate<Finding[]>(
            "axe.run().then(({ violations }) => violations.map(({ id, impact, nodes }) => " +
              "({ id, impact, nodes: nodes.map((node) => node.html) })))",
          );
          for (const { id, impact, nodes } of findings) {
            if (!/serious|critical/.test(impact)) minor.add(id);
            else problems.add(`${id} (${impact}, ${colorScheme}, ${width} px): ${nodes[0]}`);
          }
        }
      }

      const bytes = await sizeOf(requests, server.url);
      if (bytes > MAX_PAGE_BYTES) problems.add(`loads ${bytes} bytes, more than ${MAX_PAGE_BYTES}`);
      reports.push({ page, bytes, problems: [...problems], minorFindings: minor.size });
      await tab.close();
    }
    return reports;
  } finally {
    await context.close();
  }
}

/** The size of everything that was requested, as it was sent. */
async function sizeOf(urls: Iterable<string>, origin: string): Promise<number> {
  let bytes = 0;
  for (const url of urls) {
    if (!url.startsWith(origin)) continue;
    const response = await fetch(url);
    await response.body?.cancel();
    bytes += Number(response.headers.get("content-length"));
  }
  return bytes;
}
