/**
 * The permissions that the documentation lists.
 * @module
 */

const root = new URL("../../../", import.meta.url);

/**
 * The flags in the row of a table, `| WHAT | needs |`, of the README and the guides, which must agree.
 * `… with WHAT` adds to the row before it.
 * @param values What is meant by words in capitals, and by "the … folder": `{ HOST: "127.0.0.1:8000" }`.
 */
export async function documentedPermissions(
  what: string,
  values: Readonly<Record<string, string>>,
): Promise<string[]> {
  const pages = ["README.md"];
  for await (const { name } of Deno.readDir(new URL("docs/", root))) pages.push(`docs/${name}`);
  const found = new Map<string, string[]>();
  for (const page of pages.filter((name) => name.endsWith(".md"))) {
    const rows = (await Deno.readTextFile(new URL(page, root))).split("\n");
    const at = rows.findIndex((row) => row.startsWith(`| ${what} `));
    if (at < 0) continue;
    const previous = what.startsWith("…") ? rows[at - 1] ?? "" : "";
    const flags = [...flagsIn(previous, values), ...flagsIn(rows[at] ?? "", values)];
    found.set(flags.join(" "), flags);
  }
  const [flags, ...others] = found.values();
  if (flags === undefined) throw new Error(`No table of README.md or docs/ has a row "${what}".`);
  if (others.length > 0) throw new Error(`The tables differ: ${[...found.keys()].join(" or ")}.`);
  return flags;
}

function flagsIn(row: string, values: Readonly<Record<string, string>>): string[] {
  const flags = [...row.matchAll(/--[a-z-]+(?:=[A-Za-z]+)?/g)].map(([flag]) => flag);
  return flags.flatMap((flag) => {
    const [name = "", value] = flag.split("=");
    if (value !== undefined) return [`${name}=${values[value] ?? value}`];
    const isOfFolder = /--allow-(read|write)/.test(name) && /folder/.test(row);
    if (!isOfFolder) return [name];
    return values["FOLDER"] === undefined ? [] : [`${name}=${values["FOLDER"]}`];
  });
}
