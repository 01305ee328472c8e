/**
 * Builds the documentation site in dist/site and checks all of it: `deno task site:check`. It takes the
 * arguments of tools/site/build.ts.
 * @module
 */
import { fileURLToPath } from "node:url";
import { axeSource, findChromium } from "../../tests/support/chromium.ts";
import { buildSite, readAddress, type SiteAddress } from "./build.ts";
import { checkLinks, type LinkReport, readSiteFiles } from "./check_links.ts";
import { checkPages } from "./check_pages.ts";
import { stagingFolder } from "./staging.ts";

/** Checks the types of the configuration and the theme, with VitePress's own. */
export async function checkConfigTypes(root: URL): Promise<string[]> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", "docs/.vitepress/config.ts", "docs/.vitepress/theme/index.ts"],
    cwd: fileURLToPath(stagingFolder(root)),
    env: { NO_COLOR: "1" },
  }).output();
  return success ? [] : [new TextDecoder().decode(stderr)];
}

/** Follows the links of the site in `folder`; those to the repository lead into the checkout. */
export async function checkSiteLinks(
  root: URL,
  folder: URL,
  { base, repository }: SiteAddress,
): Promise<LinkReport> {
  const has = (path: string) => {
    try {
      Deno.statSync(new URL(path, root));
      return true;
    } catch {
      return false;
    }
  };
  return checkLinks({
    files: await readSiteFiles(folder),
    base,
    repository: repository === undefined ? undefined : { url: repository, has },
  });
}

/** The pages of a built site, as files in it. */
export async function pagesOf(folder: URL): Promise<string[]> {
  const files = await readSiteFiles(folder);
  return [...files.keys()].filter((path) => path.endsWith(".html")).toSorted();
}

if (import.meta.main) {
  const root = new URL("../../", import.meta.url);
  const folder = new URL("dist/site/", root);
  const address = readAddress(Deno.args);
  await buildSite(root, folder, address);
  const problems = await checkConfigTypes(root);
  const { links, anchors, dead } = await checkSiteLinks(root, folder, address);
  console.log(`${links} links, ${anchors} of them to ids; ${dead.length} dead`);
  problems.push(...dead);

  const [chromium, axe] = await Promise.all([findChromium(), axeSource()]);
  if ("missing" in chromium || axe === undefined) {
    problems.push("missing" in chromium ? chromium.missing : "axe-core could not be loaded");
  } else {
    const browser = await chromium.launch();
    const pages = await pagesOf(folder);
    const reports = await checkPages(browser, { folder, ...address }, pages, axe);
    await browser.close();
    for (const { page, bytes, problems: found, minorFindings } of reports) {
      console.log(`${String(bytes).padStart(7)} bytes  ${minorFindings} minor  ${page}`);
      problems.push(...found.map((problem) => `${page}: ${problem}`));
    }
  }
  for (const problem of problems) console.error(problem);
  console.log(problems.length === 0 ? "The site is fine." : `${problems.length} problems`);
  if (problems.length > 0) Deno.exit(1);
}
