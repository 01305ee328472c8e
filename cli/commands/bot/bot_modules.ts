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
import { type BotImports, isOwnExport, readBotImports } from "./bot_imports.ts";

/** Local files whose imports are resolved here. Deno's own loader has the others, such as JSON. */
const SCRIPT = /\.(m?[jt]s|tsx)$/;

/** The name that Deno gives a source that it transpiles. */
const TRANSPILED_NAME = "file:///stripTypeScriptTypes.ts";

/** Deno transpiles all of TypeScript where Node.js, and so its types, can only strip it. */
interface Transpiler {
  stripTypeScriptTypes(code: string, options: { mode: "transform"; sourceMap: true }): string;
}

/** How the modules start that have Deno resolve the versions of packages. */
const VERSIONS_MODULE = "data:application/javascript,";

/** What is known about the modules of one bot. */
interface LoadedBot {
  readonly imports: BotImports;
  readonly standalone: boolean;
  /** Why an import was refused: Deno reports only the text of errors that hooks throw. */
  refusal?: TypeError;
}

/** The bot that each local module belongs to, by URL without a query. */
const localModules = new Map<string, LoadedBot>();

/** The packages whose versions Deno has resolved. */
const prepared = new Set<string>();

let hooked = false;

/**
 * Imports the module at the file URL `url`, with the imports of the configuration nearest to it.
 * @param query Makes Deno load the module again, if it is a new one.
 * @param standalone Whether this `roomz` is compiled, and so has no packages but its own.
 */
export async function importBotModule(
  url: string,
  query: string,
  standalone: boolean = Deno.build.standalone,
): Promise<Record<string, unknown>> {
  const bot: LoadedBot = { imports: await readBotImports(fromFileUrl(url)), standalone };
  hookModules();
  localModules.set(url, bot);
  const packages = packagesOf(url, bot.imports);
  if (!standalone) await prepare([...packages.keys()]);
  try {
    return await import(url + query);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (bot.refusal !== undefined && error.message.includes(bot.refusal.message)) throw bot.refusal;
    const message = clearer(error.message, packages);
    throw message === error.message ? error : new TypeError(message, { cause: error });
  }
}

/** Makes Deno ask here first, for the modules of bots. */
function hookModules(): void {
  if (hooked) return;
  transpiler();
  hooked = true;
  nodeModule.registerHooks({
    resolve(specifier, context, nextResolve) {
      const parent = withoutQuery(context.parentURL ?? "");
      const bot = localModules.get(parent);
      if (bot === undefined || isRequired(context)) return nextResolve(specifier, context);
      const target = resolveImport(bot, specifier, parent);
      if (!isLocalScript(target)) return nextResolve(target, context);
      localModules.set(withoutQuery(target), bot);
      return { url: target, shortCircuit: true };
    },
    load(url, context, nextLoad) {
      // Deno 2.9 loads what packages require() in another way once there is a hook: JSON as JavaScript,
      // and ES modules not at all. It keeps to its usual way where the hook answers as for a built-in.
      if (isRequired(context)) return { ...nextLoad("node:module"), shortCircuit: true };
      const isText = context.importAttributes["type"] !== undefined; // Or bytes.
      const isOurs = !isText && isLocalScript(url) && localModules.has(withoutQuery(url));
      const source = isOurs ? javascriptOf(url) : undefined;
      if (source === undefined) return nextLoad(url, context);
      return { format: "module", source, shortCircuit: true };
    },
  });
}

/** Whether CommonJS asks, which has rules of its own. */
function isRequired({ conditions }: { readonly conditions: readonly string[] }): boolean {
  return conditions.includes("require");
}

/** The URL of what a module of a bot imports. */
function resolveImport(bot: LoadedBot, specifier: string, module: string): string {
  const target = bot.imports.resolve(specifier, module);
  if (target === undefined) {
    if (nodeModule.isBuiltin(specifier)) return `node:${specifier}`;
    bot.refusal = unmapped(specifier, module, bot.imports.file);
    throw bot.refusal;
  }
  if (bot.standalone && isPackage(target) && !isOwnExport(target)) {
    bot.refusal = new TypeError(
      `The compiled roomz cannot load packages, such as ${target}. Install roomz with Deno ` +
        `to run this bot, or compile the bot with Deno.\nat ${positionOf(specifier, module)}`,
    );
    throw bot.refusal;
  }
  return target;
}

function unmapped(specifier: string, module: string, config: string | undefined): TypeError {
  const [name = specifier] = /^(@[^/]*\/)?[^/]*/.exec(specifier) ?? [];
  const place = config === undefined
    ? "There is no deno.json in the bot's folder or above it"
    : `${config} does not name it`;
  return new TypeError(
    `Import "${specifier}" not found. ${place}. ${howToAdd(name)}\n` +
      `at ${positionOf(specifier, module)}`,
  );
}

function howToAdd(name: string): string {
  const isPackage = /^(@[\w.-]+\/)?[a-z\d][\w.-]*$/i.test(name);
  if (!isPackage) return `Say what it means in the "imports" of deno.json.`;
  // Names with a scope are often JSR's, and JSR has no others.
  const command = name.startsWith("@")
    ? `deno add jsr:${name} (or npm:${name})`
    : `deno add npm:${name}`;
  return `To add it, run in the bot's folder: ${command}`;
}

/** Where a module imports something, as `file:///…/bot.ts:2:7`. */
function positionOf(specifier: string, module: string): string {
  const text = Deno.readTextFileSync(new URL(module));
  const quoted = [`"${specifier}"`, `'${specifier}'`].map((one) => text.indexOf(one))
    .filter((at) => at !== -1);
  if (quoted.length === 0) return module; // A computed import.
  const lines = text.slice(0, Math.min(...quoted)).split("\n");
  return `${module}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
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

/** Deno's message about a package, in terms of the bot's own files. */
function clearer(message: string, packages: ReadonlyMap<string, PackageImport>): string {
  return message
    .replace(/data:[^\s,]+,(\S+?):\d+:(\d+)/g, (_, encoded: string, column: string) => {
      const [, target = ""] =
        /^"(.*?)"/.exec(decodeURIComponent(encoded).slice(Number(column) - 1)) ?? [];
      const found = packages.get(target);
      return found === undefined ? target : positionOf(found.specifier, found.module);
    })
    .replace(
      /^Could not find constraint '(.+)' in the list of packages\.$/,
      "The package npm:$1 was not found. Check its name, its version and the network.",
    );
}

/** Whether Deno has to resolve the versions behind a URL: it does so for what `roomz` exports, too. */
function isPackage(url: string): boolean {
  return /^(jsr|npm|https?):/.test(url) || isOwnExport(url);
}

function isLocalScript(url: string): boolean {
  return url.startsWith("file:") && SCRIPT.test(withoutQuery(url)) && !isOwnExport(url) &&
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
    const jsx = url.endsWith("x") ? "\nJSX is not supported in the files of a bot." : "";
    throw new SyntaxError(message + jsx, { cause: error });
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
