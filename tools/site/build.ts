/**
 * Builds the documentation site, and runs VitePress.
 * @module
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { installVitePress, stageDocs, stagingFolder } from "./staging.ts";

/** Where a site will be. */
export interface SiteAddress {
  /** The site's path on its server: "/" or "/name/". */
  readonly base: string;
  /** The address of the repository; without it, links to its files are text. */
  readonly repository?: string | undefined;
}

/** Builds the site of the checkout at `root` in the folder `output`. */
export async function buildSite(root: URL, output: URL, address: SiteAddress): Promise<void> {
  await installVitePress(root);
  await stageDocs(root);
  await runVitePress(root, ["build", "docs", "--outDir", fileURLToPath(output)], address);
}

/** Runs VitePress in the staging folder, until it ends or `signal` aborts. */
export async function runVitePress(
  root: URL,
  args: readonly string[],
  { base, repository = "" }: SiteAddress,
  signal?: AbortSignal,
): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "node_modules/vitepress/bin/vitepress.js", ...args],
    cwd: fileURLToPath(stagingFolder(root)),
    env: { ROOMZ_SITE_BASE: base, ROOMZ_SITE_REPOSITORY: repository },
    ...(signal && { signal }),
  }).spawn().status;
  if (!success && !signal?.aborted) throw new Error("VitePress failed; its messages are above.");
}

/** Reads `--base=/name/` and `--repository=URL`. */
export function readAddress(args: string[]): SiteAddress {
  const { values } = parseArgs({
    args,
    options: { base: { type: "string", default: "/" }, repository: { type: "string" } },
  });
  return { ...values, base: `/${values.base}/`.replace(/\/+/g, "/") };
}

if (import.meta.main) {
  const root = new URL("../../", import.meta.url);
  await buildSite(root, new URL("dist/site/", root), readAddress(Deno.args));
  console.log("The site is in dist/site.");
}
