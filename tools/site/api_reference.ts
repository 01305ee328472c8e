/**
 * The API reference: Markdown pages made from the docstrings of the entry points.
 * @module
 */
import { docsText, type Locate, summary } from "./docs_text.ts";
import type { EntryPoint } from "./entry_points.ts";
import { documentedMembers, memberId, symbolSection } from "./symbol_section.ts";

/** The most symbols that an entry point describes on one page. */
const ONE_PAGE = 10;

/** These pages are made, not edited. */
const FRONT_MATTER = "---\neditLink: false\npageClass: api\n---\n\n";

/** A page of the site. */
export interface ReferencePage {
  /** Its file below the folder of the pages: `api/bot/flows.md`. */
  readonly path: string;
  readonly markdown: string;
}

/** An item of VitePress's sidebar. */
export interface SidebarItem {
  readonly text: string;
  readonly link: string;
  readonly items?: readonly SidebarItem[];
}

/** The pages of the reference, and the sidebar that lists them all. */
export interface Reference {
  readonly pages: readonly ReferencePage[];
  readonly sidebar: readonly SidebarItem[];
}

/** Symbols of an entry point that belong together. */
interface Section {
  readonly title: string;
  readonly names: readonly string[];
  /** Those that are described here; the others are described at another entry point. */
  readonly own: readonly string[];
  /** The address of the page that describes them. */
  readonly url: string;
}

/**
 * Makes the reference. A symbol is described once: at the first entry point that exports it, except the
 * package's root, which only repeats the others.
 */
export function apiReference(entryPoints: readonly EntryPoint[]): Reference {
  const root = entryPoints.find(({ slug }) => slug === "");
  const others = entryPoints.filter((entry) => entry !== root);
  const places = new Map<string, string>();
  const described = others.map((entry) => ({ entry, sections: sectionsOf(entry, places) }));
  const locateFor = (entry: EntryPoint): Locate => locator([entry, ...others], places);

  const index = root === undefined ? [] : [rootPage(root, others, locateFor(root))];
  return {
    pages: [
      ...index,
      ...described.flatMap(({ entry, sections }) => pagesOf(entry, sections, locateFor(entry))),
    ],
    sidebar: [
      ...index.map(() => ({ text: "API reference", link: "/api/" })),
      ...described.map(({ entry, sections }) => ({
        text: entry.specifier,
        link: urlOf(entry),
        items: sections.filter(({ url }) => url !== urlOf(entry))
          .map(({ title, url }) => ({ text: shortTitle(title), link: url })),
      })),
    ],
  };
}

/** Decides where each symbol is described, and adds it to `places` unless it is there. */
function sectionsOf(entry: EntryPoint, places: Map<string, string>): Section[] {
  const isOwn = (name: string) => !places.has(keyOf(entry, name));
  const isSmall = [...entry.docs.symbols.keys()].filter(isOwn).length <= ONE_PAGE;
  return entry.groups.map(({ title, names }) => {
    const own = names.filter(isOwn);
    const hasPage = !isSmall && title !== "" && own.length > 0;
    const url = urlOf(entry) + (hasPage ? slugOf(shortTitle(title)) : "");
    for (const name of own) places.set(keyOf(entry, name), url);
    return { title, names, own, url };
  });
}

/** Names a declaration in all entry points that export it. */
function keyOf(entry: EntryPoint, name: string): string {
  const [declaration] = entry.docs.symbols.get(name) ?? [];
  return `${name} ${JSON.stringify(declaration?.location)}`;
}

/** Looks names up in the first of the entry points that has them. */
function locator(
  entryPoints: readonly EntryPoint[],
  places: ReadonlyMap<string, string>,
): Locate {
  return (name) => {
    const [owner = "", member] = name.split(".");
    const entry = entryPoints.find(({ docs }) => docs.symbols.has(owner));
    const url = entry && places.get(keyOf(entry, owner));
    if (url === undefined) return undefined;
    const hasMember = entry?.docs.symbols.get(owner)?.some((declaration) =>
      documentedMembers(declaration).some(({ name }) => name === member)
    );
    return `${url}#${member !== undefined && hasMember ? memberId(owner, member) : owner}`;
  };
}

/** The page of an entry point, and those of its groups. */
function pagesOf(entry: EntryPoint, sections: readonly Section[], locate: Locate): ReferencePage[] {
  const url = urlOf(entry);
  const symbols = symbolsOf(entry, sections.filter((section) => section.url === url), locate);
  const overview = [
    `# ${entry.specifier}`,
    docsText(entry.docs.docs, locate),
    ...sections.map((section) =>
      `${headingOf(section, symbols.length === 0)}\n\n${listOf(entry, section, locate)}`
    ),
    ...symbols,
  ];
  return [
    page(`${url}index`, overview),
    ...sections.filter((section) => section.url !== url).map((section) =>
      page(section.url, [
        `# ${section.title}`,
        `Exports of [\`${entry.specifier}\`](${url}).`,
        ...symbolsOf(entry, [section], locate),
      ])
    ),
  ];
}

/** The names of a section, each with a link and its first sentence. */
function listOf(entry: EntryPoint, { names }: Section, locate: Locate): string {
  return names.map((name) => {
    const about = entry.docs.symbols.get(name)?.map((it) => summary(it.jsDoc, locate))
      .find((sentence) => sentence !== "");
    return `- [\`${name}\`](${locate(name)})${about === undefined ? "" : `: ${about}`}`;
  }).join("\n");
}

/** On a page with symbols, these are its headings. */
function headingOf({ title }: Section, isOverview: boolean): string {
  return isOverview ? `## ${title}` : `**${title === "" ? "Exports" : title}**`;
}

function symbolsOf(entry: EntryPoint, sections: readonly Section[], locate: Locate): string[] {
  return sections.flatMap(({ own }) => own).map((name) =>
    symbolSection(name, entry.docs.symbols.get(name) ?? [], locate)
  );
}

function rootPage(
  root: EntryPoint,
  others: readonly EntryPoint[],
  locate: Locate,
): ReferencePage {
  const rows = others.map((entry) => {
    const [about = ""] = docsText(entry.docs.docs, locate).split("\n\n", 1);
    return `- [\`${entry.specifier}\`](${urlOf(entry)}): ${about.replaceAll("\n", " ")}`;
  });
  return page("/api/index", [
    "# API reference",
    `Made from the docstrings. \`${root.specifier}\` has the client and the bot framework in one; the ` +
    "other entry points are imported by their own names:",
    rows.join("\n"),
  ]);
}

function page(url: string, parts: readonly string[]): ReferencePage {
  const body = parts.filter((part) => part !== "").join("\n\n");
  return { path: `${url.slice(1)}.md`, markdown: `${FRONT_MATTER}${body}\n` };
}

function urlOf({ slug }: EntryPoint): string {
  return `/api/${slug}/`;
}

/** The title without what comes after a colon or a comma that only explains it. */
function shortTitle(title: string): string {
  return title.replace(/(:|, (and|for) ).*/, "");
}

function slugOf(title: string): string {
  return title.toLowerCase().replace(/[^a-z]+/g, "_");
}
