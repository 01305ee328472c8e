/**
 * Links from a page to files outside docs/, such as `../examples/quiz_bot.ts`.
 * @module
 */

/**
 * Where a link of a page leads in the repository; undefined if it stays inside docs/, null if it leaves
 * it and no repository is known.
 * @param page The page's path in docs/.
 */
export function outsideUrl(
  href: string,
  page: string,
  repository: string | undefined,
): string | null | undefined {
  const path = outsidePath(href, page);
  if (path === undefined) return undefined;
  if (repository === undefined) return null;
  const isFile = /\.\w+(#.*)?$/.test(path);
  return `${repository}/${isFile ? "blob" : "tree"}/main/${path}`;
}

/** The path from the repository's root that a link leads to, if it leaves docs/. */
export function outsidePath(href: string, page: string): string | undefined {
  if (!href.startsWith("../")) return undefined;
  const { pathname, hash } = new URL(href, `https://root/docs/${page}`);
  return pathname.startsWith("/docs/") ? undefined : pathname.slice(1) + hash;
}
