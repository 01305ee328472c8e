/**
 * Loads the modules of a bot with the imports of its own `deno.json`.
 *
 * Deno resolves imports by the configuration that the process was started with: for an installed
 * `roomz` that is the command's, and in a compiled one there is none. So the bot's local files are
 * resolved and transpiled here, by Deno's module hooks; everything else is left to Deno.
 * @module
 */
import { fromFileUrl } from "@std/path";
import * as nodeModule from "node:module";
import { type BotImports, readBotImports } from "./bot_imports.ts";

/** Local files whose imports are resolved here. Deno's own loader has the others, such as JSON. */
const SCRIPT = /\.m?[jt]s$/;

/** The name that Deno gives a source that it transpiles. */
const TRANSPILED_NAME = "file:///stripTypeScriptTypes.ts";

/** Deno transpiles all of TypeScript where Node.js, and so its types, can only strip it. */
interface Transpiler {
  stripTypeScriptTypes(code: string, options: { mode: "transform"; sourceMap: true }): string;
}

/** How the modules start that have Deno resolve the versions of packages. */
const VERSIONS_MODULE = "data:application/javascript,";

/** The imports that apply to each local module of a bot, by URL without a query. */
const localModules = new Map<string, BotImports>();

/** What was asked of Deno already. */
const prepared = new Set<string>();

let hooked = false;

/** An import that no configuration maps. */
export class UnmappedImport extends TypeError {
  override readonly name = "UnmappedImport";
}

/** A package that a compiled `roomz` cannot load. */
export class PackageInBinary extends TypeError {
  override readonly name = "PackageInBinary";
}

/**
 * Imports the module at the file URL `url`, with the imports of the configuration nearest to it.
 * @param query Makes Deno load the module again, if it is a new one.
 */
export async function importBotModule(
  url: string,
  query: string,
): Promise<Record<string, unknown>> {
  const imports = await readBotImports(fromFileUrl(url));
  hookModules();
  localModules.set(url, imports);
  const packages = packagesOf(url, imports);
  await prepare([...packages.keys()]);
  try {
    return await import(url + query);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes(VERSIONS_MODULE)) throw error;
    throw new TypeError(withLocation(error.message, packages), { cause: error });
  }
}

/** Makes Deno ask here first, for the modules of bots. */
function hookModules(): void {
  if (hooked) return;
  transpiler();
  hooked = true;
  nodeModule.registerHooks({
    resolve(specifier, context, nextResolve) {
      const parent = context.parentURL ?? "";
      const imports = localModules.get(withoutQuery(parent));
      if (imports === undefined) return nextResolve(specifier, context);
      const target = resolveImport(imports, specifier, parent);
      if (isLocalScript(target)) {
        if (!localModules.has(withoutQuery(target))) {
          localModules.set(withoutQuery(target), imports);
        }
        return { url: target, shortCircuit: true };
      }
      if (Deno.build.standalone && isPackage(target)) throw new PackageInBinary(target);
      return nextResolve(target, context);
    },
    load(url, context, nextLoad) {
      const source = localModules.has(withoutQuery(url)) ? javascriptOf(url) : undefined;
      if (source === undefined) return nextLoad(url, context);
      return { format: "module", source, shortCircuit: true };
    },
  });
}

/** The URL of what a module of a bot imports. @throws {UnmappedImport} There is none. */
function resolveImport(imports: BotImports, specifier: string, parent: string): string {
  const target = imports.resolve(specifier, parent);
  if (target !== undefined) return target;
  if (nodeModule.isBuiltin(specifier)) return `node:${specifier}`;
  const place = imports.file === undefined
    ? "There is no deno.json in its folder or above."
    : `${imports.file} does not name it.`;
  throw new UnmappedImport(
    `Import "${specifier}" not found. ${place} ` +
      `In the bot's folder, run: deno add npm:${specifier} (or jsr:…)`,
  );
}

/** Where a package is imported. */
interface PackageImport {
  readonly module: string;
  /** What is written there. */
  readonly specifier: string;
}

/**
 * The packages that the modules of a bot import, from the text of the files. Deno has to resolve their
 * versions before it can load them, and it does not read the files itself.
 */
function packagesOf(entry: string, imports: BotImports): ReadonlyMap<string, PackageImport> {
  const packages = new Map<string, PackageImport>();
  const modules = new Set([entry]);
  for (const module of modules) {
    const text = isLocalScript(module) ? javascriptOf(module) ?? "" : "";
    for (const [, , specifier = ""] of text.matchAll(/\b(?:from|import)\s*\(?\s*(["'])(.+?)\1/g)) {
      const target = imports.resolve(specifier, module);
      if (target === undefined) continue;
      if (isPackage(target)) packages.set(target, { module, specifier });
      else if (isLocalScript(target)) modules.add(target);
    }
  }
  return packages;
}

/** Has Deno download packages and resolve their versions, without running them. */
async function prepare(packages: readonly string[]): Promise<void> {
  // A compiled roomz has its own packages only.
  if (Deno.build.standalone) return;
  const unprepared = packages.filter((one) => !prepared.has(one));
  if (unprepared.length === 0) return;
  try {
    await resolveVersions(unprepared);
  } catch {
    // The bot's own import reports what is wrong, unless it is text that only looks like an import.
    await Promise.allSettled(unprepared.map((one) => resolveVersions([one])));
  }
  for (const specifier of unprepared) prepared.add(specifier);
}

/** Imports a module with functions that would import packages. They are never called. */
async function resolveVersions(packages: readonly string[]): Promise<void> {
  const functions = packages.map((specifier) => `() => import(${JSON.stringify(specifier)})`);
  const text = `export default [${functions.join(", ")}];`;
  await import(VERSIONS_MODULE + encodeURIComponent(text));
}

/** Replaces a location in the module of `resolveVersions` by that of the bot's import. */
function withLocation(message: string, packages: ReadonlyMap<string, PackageImport>): string {
  return message.replace(/data:[^\s,]+,(\S+?):\d+:(\d+)/g, (_, encoded: string, column: string) => {
    const [, target = ""] =
      /^"(.*?)"/.exec(decodeURIComponent(encoded).slice(Number(column) - 1)) ?? [];
    const found = packages.get(target);
    if (found === undefined) return target;
    const before = Deno.readTextFileSync(new URL(found.module)).split(found.specifier)[0] ?? "";
    const lines = before.split("\n");
    return `${found.module}:${lines.length}:${lines.at(-1)?.length ?? 0}`;
  });
}

function isPackage(url: string): boolean {
  return /^(jsr|npm|https?):/.test(url);
}

function isLocalScript(url: string): boolean {
  return url.startsWith("file:") && SCRIPT.test(withoutQuery(url)) &&
    !url.includes("/node_modules/");
}

/** A local module's JavaScript; undefined if it cannot be read, which Deno will report. */
function javascriptOf(url: string): string | undefined {
  const file = withoutQuery(url);
  let text: string;
  try {
    text = Deno.readTextFileSync(new URL(file));
  } catch {
    return undefined;
  }
  return /\.m?js$/.test(file) ? text : transpiled(file, text);
}

/** TypeScript as JavaScript, with a source map for the locations in errors. */
function transpiled(url: string, text: string): string {
  let javascript: string;
  try {
    javascript = transpiler().stripTypeScriptTypes(text, { mode: "transform", sourceMap: true });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const message = error.message.replace(/^SyntaxError: /, "").replace(TRANSPILED_NAME, url);
    throw new SyntaxError(message, { cause: error });
  }
  const start = /\n\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/;
  const [comment, encoded = ""] = start.exec(javascript) ?? [];
  if (comment === undefined) return javascript;
  const decoded = new TextDecoder().decode(Uint8Array.fromBase64(encoded));
  const map = JSON.stringify({ ...JSON.parse(decoded), sources: [url] });
  const encodedAgain = new TextEncoder().encode(map).toBase64();
  return javascript.slice(0, -comment.length) +
    `\n//# sourceMappingURL=data:application/json;base64,${encodedAgain}`;
}

/** @throws {TypeError} This Deno has no module hooks, or cannot transpile. */
function transpiler(): Transpiler {
  const api: unknown = nodeModule;
  if (isTranspiler(api) && "registerHooks" in api) return api;
  throw new TypeError(
    `Bots need Deno 2.9 or newer, and this is Deno ${Deno.version.deno}. Run: deno upgrade`,
  );
}

function isTranspiler(api: unknown): api is Transpiler {
  return typeof api === "object" && api !== null && "stripTypeScriptTypes" in api &&
    typeof api.stripTypeScriptTypes === "function";
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/, "");
}
