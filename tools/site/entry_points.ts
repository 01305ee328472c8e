/**
 * The package's entry points, with their docs and the groups of their exports.
 * @module
 */
import { type ModuleDocs, readModuleDocs } from "./doc_json.ts";

/** One entry point of the package. */
export interface EntryPoint {
  /** What programs import, such as `@roomz/roomz/bot`. */
  readonly specifier: string;
  /** Its folder in the reference: "bot"; "" for the package's root. */
  readonly slug: string;
  readonly docs: ModuleDocs;
  readonly groups: readonly ExportGroup[];
}

/** Exports that belong together. */
export interface ExportGroup {
  /** Without the final dot; "" for the exports of a module that has no groups. */
  readonly title: string;
  readonly names: readonly string[];
}

/** Reads the entry points that deno.json lists, in its order. */
export async function readEntryPoints(root: URL): Promise<EntryPoint[]> {
  const { name, exports }: { name: string; exports: Record<string, string> } = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", root)),
  );
  return Promise.all(
    Object.entries(exports).map(async ([subpath, file]) => {
      const docs = await readModuleDocs(root, file);
      const source = await Deno.readTextFile(new URL(file, root));
      return {
        specifier: name + subpath.slice(1),
        slug: subpath.slice(2),
        docs,
        groups: completeGroups(exportGroups(source), [...docs.symbols.keys()]),
      };
    }),
  );
}

/** The groups of a `mod.ts`: a comment of one line, then the exports that it is about. */
export function exportGroups(source: string): ExportGroup[] {
  const [, ...groups] = source.split(/^\/\/ /m);
  return groups.map((group) => {
    const [title = ""] = group.split("\n", 1);
    const exported = [...group.matchAll(/^export (?:type )?\{([^}]*)\}/gm)];
    const names = exported.flatMap(([, names = ""]) => names.split(","))
      .map((name) => name.trim().replace(/^type /, "")).filter((name) => name !== "");
    return { title: title.replace(/\.$/, ""), names };
  }).filter(({ names }) => names.length > 0);
}

/** Without names that are not exported, and with a first group of those that have none. */
function completeGroups(groups: readonly ExportGroup[], exported: readonly string[]) {
  const grouped = groups.flatMap(({ names }) => names);
  const rest = exported.filter((name) => !grouped.includes(name));
  return [
    { title: "", names: rest },
    ...groups.map(({ title, names }) => ({
      title,
      names: names.filter((name) => exported.includes(name)),
    })),
  ].filter(({ names }) => names.length > 0);
}
