/**
 * The documentation site: `deno task site`. The task sets the variables that are read here.
 * @module
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { type DefaultTheme, defineConfig } from "vitepress";
import { markdownOptions } from "./markdown.ts";
import { PAGE_GROUPS } from "./pages.ts";

/** The repository's address, such as https://github.com/owner/name. */
const repository = process.env["ROOMZ_SITE_REPOSITORY"] || undefined;
/** Where the site is on its server: "/", or "/name/". */
const base = process.env["ROOMZ_SITE_BASE"] || "/";

/** Made by tools/site/api_reference.ts. */
const reference: DefaultTheme.SidebarItem[] = JSON.parse(
  readFileSync(new URL("./api_sidebar.json", import.meta.url), "utf8"),
);

const guide = PAGE_GROUPS.map(({ title, pages }) => ({
  text: title,
  items: Object.entries(pages).map(([page, text]) => ({ text, link: `/${page}` })),
}));

export default defineConfig({
  base,
  lang: "en",
  title: "Roomz for Deno",
  description: "Talk to your own scripts, bots and agents from any device.",
  cleanUrls: true,
  // A visitor loads the page that was asked for, not all pages that it links.
  router: { prefetchLinks: false },
  head: [["link", { rel: "icon", type: "image/svg+xml", href: `${base}icon.svg` }]],
  markdown: markdownOptions(repository),
  // Plain Markdown, so that it reads well on GitHub; the style sheet makes a home page of it.
  transformPageData({ relativePath, frontmatter }) {
    if (relativePath !== "index.md") return;
    return {
      frontmatter: {
        ...frontmatter,
        pageClass: "home",
        sidebar: false,
        aside: false,
        outline: false,
      },
    };
  },
  themeConfig: {
    logo: { src: "/icon.svg", alt: "" },
    siteTitle: "Roomz for Deno",
    nav: [
      { text: "Guide", link: guide[0]?.items[0]?.link ?? "/", activeMatch: "^/(?!api/)." },
      { text: "API", link: "/api/", activeMatch: "^/api/" },
    ],
    sidebar: { "/api/": reference, "/": guide },
    outline: { level: [2, 3] },
    search: { provider: "local" },
    // Its label is not its text by default.
    notFound: { linkText: "Home page", linkLabel: "Home page" },
    ...(repository && {
      editLink: {
        pattern: `${repository}/edit/main/docs/:path`,
        text: "Edit this page on GitHub",
      },
      socialLinks: [{ icon: "github", link: repository }],
    }),
  },
});
