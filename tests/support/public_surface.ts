/**
 * The public surface as text: every name that the package exports, with its signature and without
 * its docs. What `deno doc --json` says, sorted, so that only a change of the surface changes it.
 * @module
 */
import { fromFileUrl } from "@std/path";
import { declarationText, type DocNode, node, nodes, text } from "./type_text.ts";

/** Reads the surface of every entry point in deno.json. */
export async function readPublicSurface(root: URL): Promise<string> {
  const { exports }: { exports: Record<string, string> } = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", root)),
  );
  const entryPoints = await Promise.all(
    Object.entries(exports).map(async ([name, file]) => ({
      name,
      symbols: await readSymbols(root, file),
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

async function readSymbols(root: URL, file: string): Promise<Map<string, string[]>> {
  // One at a time: of several, `deno doc` describes a symbol that two of them export only once.
  const args = ["run", "-A", "--no-config", "--no-lock", "tools/deno.ts"];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args, "doc", "--quiet", "--json", file],
    cwd: fromFileUrl(root),
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return symbolsOf(JSON.parse(new TextDecoder().decode(stdout)));
}

/** The exported names in the JSON of one entry point. */
export function symbolsOf(json: DocNode): Map<string, string[]> {
  const symbols = new Map<string, string[]>();
  for (const module of Object.values(node(json.nodes))) {
    for (const { name, declarations } of nodes(node(module).symbols)) {
      const exported = nodes(declarations).filter((it) => it.declarationKind === "export");
      const texts = withoutImplementation(exported).map((it) => declarationText(text(name), it));
      if (texts.length > 0) symbols.set(text(name), texts);
    }
  }
  return symbols;
}

/** Of a function with overloads, the declaration with the body cannot be called. */
function withoutImplementation(declarations: readonly DocNode[]): readonly DocNode[] {
  const hasBody = (it: DocNode) => it.kind === "function" && node(it.def).hasBody === true;
  return declarations.some((it) => it.kind === "function" && !hasBody(it))
    ? declarations.filter((it) => !hasBody(it))
    : declarations;
}
