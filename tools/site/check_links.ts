/**
 * Finds links of a built site that lead nowhere: pages, ids in pages, and files. VitePress itself checks
 * neither ids nor links to the repository.
 * @module
 */

/** What the check needs to know about a site. */
export interface SiteFiles {
  /** Each file's path below the site, such as `assets/app.js`; pages with their HTML. */
  readonly files: ReadonlyMap<string, string | undefined>;
  /** Where the site is on its server: "/" or "/name/". */
  readonly base: string;
  /** The repository's address, and whether it has a file. */
  readonly repository: { readonly url: string; has(path: string): boolean } | undefined;
}

/** The number of links, and those that lead nowhere, in words. */
export interface LinkReport {
  readonly links: number;
  readonly anchors: number;
  readonly dead: readonly string[];
}

/** Reads the files of a built site. */
export async function readSiteFiles(folder: URL): Promise<Map<string, string | undefined>> {
  const files = new Map<string, string | undefined>();
  const read = async (prefix: string) => {
    for await (const { name, isDirectory } of Deno.readDir(new URL(prefix, folder))) {
      const path = prefix + name;
      if (isDirectory) await read(`${path}/`);
      else {
        const isPage = name.endsWith(".html");
        files.set(path, isPage ? await Deno.readTextFile(new URL(path, folder)) : undefined);
      }
    }
  };
  await read("");
  return files;
}

/** Follows every link on every page. Links to other sites are not followed. */
export function checkLinks({ files, base, repository }: SiteFiles): LinkReport {
  const ids = new Map<string, ReadonlySet<string>>();
  for (const [path, html] of files) if (html !== undefined) ids.set(path, idsIn(html));
  const dead = new Set<string>();
  let [links, anchors] = [0, 0];
  for (const [path, html] of files) {
    if (html === undefined) continue;
    const page = new URL(base + path.replace(/(^|\/)index\.html$|\.html$/, "$1"), ORIGIN);
    for (const address of linksIn(html)) {
      const url = new URL(address, page);
      if (repository !== undefined && url.href.startsWith(`${repository.url}/`)) {
        const [, target] = /^\/(?:blob|tree|edit)\/main\/([^#]*)/
          .exec(url.href.slice(repository.url.length)) ?? [];
        links++;
        if (target !== undefined && !repository.has(target)) {
          dead.add(`${path}: the repository has no ${target}`);
        }
      }
      if (url.origin !== ORIGIN) continue;
      links++;
      const target = fileOf(url.pathname, base, files);
      if (target === undefined) dead.add(`${path}: there is no ${address}`);
      else if (url.hash !== "") {
        anchors++;
        if (!ids.get(target)?.has(decodeURIComponent(url.hash.slice(1)))) {
          dead.add(`${path}: ${target} has no ${url.hash}`);
        }
      }
    }
  }
  return { links, anchors, dead: [...dead] };
}

const ORIGIN = "http://site.invalid";

/** The file that a server without `.html` in its addresses sends. */
function fileOf(
  pathname: string,
  base: string,
  files: ReadonlyMap<string, unknown>,
): string | undefined {
  if (!pathname.startsWith(base)) return undefined;
  const path = decodeURIComponent(pathname.slice(base.length));
  return [path.replace(/^$|\/$/, "$&index.html"), `${path}.html`].find((name) => files.has(name));
}

function linksIn(html: string): string[] {
  return [...html.matchAll(/<[a-z][^>]*? (?:href|src)="([^"]*)"/g)].map(([, link = ""]) =>
    link.replaceAll("&amp;", "&")
  );
}

function idsIn(html: string): ReadonlySet<string> {
  return new Set([...html.matchAll(/<[a-z][^>]*? id="([^"]*)"/g)].map(([, id = ""]) => id));
}
