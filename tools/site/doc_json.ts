/**
 * Reads what `deno doc --json` (version 2) writes.
 * @module
 */
import { fileURLToPath } from "node:url";

/** A node of the JSON: its keys depend on its kind. */
export type DocNode = { readonly [key: string]: unknown };

/** What `deno doc` says about one module. */
export interface ModuleDocs {
  /** The module's own docstring. */
  readonly docs: DocNode;
  /** The declarations of each exported name. */
  readonly symbols: ReadonlyMap<string, readonly DocNode[]>;
}

/**
 * Reads the docs of one file of the checkout at `root`. One at a time: of several, `deno doc` describes a
 * symbol that two of them export only once.
 */
export async function readModuleDocs(root: URL, file: string): Promise<ModuleDocs> {
  const args = ["run", "-A", "--no-config", "--no-lock", "tools/deno.ts"];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args, "doc", "--quiet", "--json", file],
    cwd: fileURLToPath(root),
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return parseModuleDocs(JSON.parse(new TextDecoder().decode(stdout)));
}

/** The docs in the JSON of one module. */
export function parseModuleDocs(json: unknown): ModuleDocs {
  const symbols = new Map<string, readonly DocNode[]>();
  let docs: DocNode = {};
  for (const module of Object.values(node(node(json).nodes)).map(node)) {
    docs = module.module_doc === undefined ? docs : node(module.module_doc);
    for (const { name, declarations } of nodes(module.symbols)) {
      const exported = nodes(declarations).filter((it) => it.declarationKind === "export");
      const callable = withoutImplementation(exported);
      if (callable.length > 0) symbols.set(text(name), callable);
    }
  }
  return { docs, symbols };
}

/** Of a function with overloads, the declaration with the body cannot be called. */
function withoutImplementation(declarations: readonly DocNode[]): readonly DocNode[] {
  const hasBody = (it: DocNode) => it.kind === "function" && node(it.def).hasBody === true;
  return declarations.some((it) => it.kind === "function" && !hasBody(it))
    ? declarations.filter((it) => !hasBody(it))
    : declarations;
}

/** `value` as an object of the JSON. */
export function node(value: unknown): DocNode {
  if (!isNode(value)) throw new TypeError(`deno doc gave ${JSON.stringify(value)} for an object.`);
  return value;
}

/** `value` as a list of objects; none where the JSON leaves it out. */
export function nodes(value: unknown): readonly DocNode[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    throw new TypeError(`deno doc gave ${JSON.stringify(value)} for a list.`);
  }
  return value.map(node);
}

/** `value` as a string. */
export function text(value: unknown): string {
  if (typeof value !== "string") {
    throw new TypeError(`deno doc gave ${JSON.stringify(value)} for a string.`);
  }
  return value;
}

function isNode(value: unknown): value is DocNode {
  return typeof value === "object" && value !== null;
}
