/**
 * The public surface as text: every name that the package exports, with its signature and without
 * its docs. What `deno doc --json` says, sorted, so that only a change of the surface changes it.
 * @module
 */
import { type ModuleDocs, readModuleDocs } from "../../tools/site/doc_json.ts";
import { declarationText } from "../../tools/site/type_text.ts";

/** Reads the surface of every entry point in deno.json. */
export async function readPublicSurface(root: URL): Promise<string> {
  const { exports }: { exports: Record<string, string> } = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", root)),
  );
  const entryPoints = await Promise.all(
    Object.entries(exports).map(async ([name, file]) => ({
      name,
      symbols: symbolsOf(await readModuleDocs(root, file)),
    })),
  );
  return surfaceText(entryPoints);
}

/** One entry point: its name in deno.json, and the declarations of each exported name. */
export interface EntryPoint {
  readonly name: string;
  readonly symbols: ReadonlyMap<string, readonly string[]>;
}

/** First the names of every entry point, then every signature once. */
export function surfaceText(entryPoints: readonly EntryPoint[]): string {
  const names = entryPoints.map(({ name, symbols }) =>
    `# ${name}\n\n${[...symbols.keys()].toSorted().join("\n")}\n`
  );
  const signatures = new Set(
    entryPoints.flatMap(({ symbols }) =>
      [...symbols].map(([name, texts]) => `${name}\0${texts.join("\n")}`)
    ),
  );
  const sorted = [...signatures].toSorted().map((entry) => entry.slice(entry.indexOf("\0") + 1));
  return `${names.join("\n")}\n# Signatures\n\n${sorted.join("\n\n")}\n`;
}

/** The declarations of each exported name, as text. */
export function symbolsOf({ symbols }: ModuleDocs): Map<string, string[]> {
  return new Map(
    Array.from(symbols, ([name, declarations]) => [
      name,
      declarations.map((it) => declarationText(name, it)),
    ]),
  );
}
