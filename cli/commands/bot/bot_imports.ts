/**
 * What the imports of a bot's files mean: those of the `deno.json` or `package.json` nearest to the
 * bot, and `@roomz/roomz` itself. The command's own configuration does not count.
 * @module
 */
import { dirname, join, relative, toFileUrl } from "@std/path";
import manifest from "../../../deno.json" with { type: "json" };

/** The root of the command's own package. */
const OWN_PACKAGE = new URL("../../../", import.meta.url);

/** The modules that the package exports, by URL. */
const OWN_EXPORTS: ReadonlySet<string> = new Set(
  Object.values(manifest.exports).map((file) => new URL(file, OWN_PACKAGE).href),
);

/** `@roomz/roomz`, with any range of versions, and what follows it, such as `/bot`. */
const OWN_NAME = new RegExp(String.raw`^(?:jsr:/?)?${manifest.name}(?:@[^/]*)?(/.*)?$`);

/** Imports by what is written, in the form that a bot's file would need without a configuration. */
type Mappings = Readonly<Record<string, string>>;

/** Mappings for the modules below a URL. */
interface Scope {
  readonly prefix: string;
  readonly mappings: Mappings;
}

/** The imports that apply to a bot and to the local files that it imports. */
export class BotImports {
  /** The configuration that names the imports; undefined if there is none. */
  readonly file: string | undefined;
  readonly #scopes: readonly Scope[];

  constructor(file: string | undefined, scopes: readonly Scope[]) {
    this.file = file;
    // The most specific one comes first.
    this.#scopes = scopes.toSorted((a, b) => b.prefix.length - a.prefix.length);
  }

  /**
   * The module that `specifier` names in the module at URL `parent`: an absolute URL, or one that
   * starts with `jsr:`, `npm:` or `node:`; undefined if it is a bare name that is nowhere mapped.
   */
  resolve(specifier: string, parent: string): string | undefined {
    const own = ownModule(specifier);
    if (own !== undefined) return own;
    const isRelative = /^\.{0,2}\//.test(specifier);
    const name = isRelative ? new URL(specifier, parent).href : specifier;
    for (const { prefix, mappings } of this.#scopes) {
      if (!parent.startsWith(prefix)) continue;
      const mapped = lookUp(mappings, name);
      if (mapped !== undefined) return ownModule(mapped) ?? mapped;
    }
    return URL.canParse(name) ? name : undefined;
  }
}

/** Reads the imports that apply to a bot's file. */
export async function readBotImports(bot: string): Promise<BotImports> {
  const config = await nearest(dirname(bot), ["deno.json", "deno.jsonc"]);
  const nodePackage = await nearest(dirname(bot), ["package.json"]);
  const scopes: Scope[] = [];
  if (config !== undefined) {
    const root = await workspaceRoot(config);
    if (root !== undefined) scopes.push(...await scopesOf(root, ""));
    // A member's imports come before those of its workspace.
    const own = root === undefined ? "" : toFileUrl(`${dirname(config.path)}/`).href;
    scopes.push(...await scopesOf(config, own));
  }
  if (nodePackage !== undefined) scopes.push({ prefix: "", mappings: npmMappings(nodePackage) });
  return new BotImports(config?.path ?? nodePackage?.path, scopes);
}

/**
 * The folder that has all of a bot's project: that of the configuration that applies to its file, with
 * its workspace; without a configuration, that of the file.
 */
export async function projectFolder(bot: string): Promise<string> {
  const folder = dirname(bot);
  const config = await nearest(folder, ["deno.json", "deno.jsonc"]);
  if (config === undefined) {
    const nodePackage = await nearest(folder, ["package.json"]);
    return nodePackage === undefined ? folder : dirname(nodePackage.path);
  }
  return dirname((await workspaceRoot(config) ?? config).path);
}

/** Whether a URL is that of a module that `@roomz/roomz` exports. */
export function isOwnExport(url: string): boolean {
  return OWN_EXPORTS.has(url);
}

/** The command's own module that a specifier names: a bot needs no second copy of the package. */
function ownModule(specifier: string): string | undefined {
  const [name, subpath = ""] = OWN_NAME.exec(specifier) ?? [];
  if (name === undefined) return undefined;
  const file = record(manifest.exports)[`.${subpath}`];
  return typeof file === "string" ? new URL(file, OWN_PACKAGE).href : undefined;
}

/** The longest mapping of `name`, as import maps define it. */
function lookUp(mappings: Mappings, name: string): string | undefined {
  const exact = mappings[name];
  if (exact !== undefined) return exact;
  const [prefix, target] = Object.entries(mappings)
    .filter(([key]) => key.endsWith("/") && name.startsWith(key))
    .toSorted(([a], [b]) => b.length - a.length)[0] ?? [];
  if (prefix !== undefined && target !== undefined) return target + name.slice(prefix.length);
  // Deno's addition: a package's name maps its subpaths as well.
  const parts = name.split("/");
  for (let length = parts.length - 1; length > 0; length--) {
    const target = mappings[parts.slice(0, length).join("/")];
    if (target !== undefined && /^(jsr|npm):/.test(target)) {
      return `${target}/${parts.slice(length).join("/")}`;
    }
  }
  return undefined;
}

/** A configuration file that was read. */
interface Config {
  readonly path: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** The first of these files in `folder` or above. */
async function nearest(folder: string, names: readonly string[]): Promise<Config | undefined> {
  for (const name of names) {
    const path = join(folder, name);
    const text = await textOf(path);
    if (text !== undefined) return { path, content: parse(path, text) };
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : await nearest(parent, names);
}

/** The configuration of the workspace that lists this one as a member. */
async function workspaceRoot(member: Config): Promise<Config | undefined> {
  if ("workspace" in member.content) return undefined;
  const folder = dirname(member.path);
  for (let above = dirname(folder); above !== dirname(above); above = dirname(above)) {
    const config = await nearest(above, ["deno.json", "deno.jsonc"]);
    if (config === undefined) return undefined;
    above = dirname(config.path);
    const { workspace } = config.content;
    const members = Array.isArray(workspace) ? workspace : record(workspace)["members"];
    const path = relative(above, folder).replaceAll("\\", "/");
    if (Array.isArray(members) && members.some((one) => matches(String(one), path))) return config;
  }
  return undefined;
}

/** Whether a workspace's pattern, such as `./bots/*`, names the folder. */
function matches(pattern: string, folder: string): boolean {
  const steps = pattern.replace(/^\.\//, "").replace(/\/$/, "").split("/");
  const names = folder.split("/");
  return steps.length === names.length &&
    steps.every((step, at) => step === "*" || step === names[at]);
}

/** The mappings of a configuration, for modules below `prefix`. */
async function scopesOf(config: Config, prefix: string): Promise<Scope[]> {
  let { path, content } = config;
  const { importMap } = content;
  if (typeof importMap === "string" && !("imports" in content)) {
    path = join(dirname(path), importMap);
    content = parse(path, await textOf(path) ?? "{}");
  }
  const base = toFileUrl(path).href;
  const scoped = Object.entries(record(content["scopes"])).map(([scope, mappings]) => ({
    prefix: new URL(scope, base).href,
    mappings: mappingsOf(mappings, base),
  }));
  return [...scoped, { prefix, mappings: mappingsOf(content["imports"], base) }];
}

/** Mappings with paths relative to the configuration resolved. */
function mappingsOf(imports: unknown, base: string): Mappings {
  const absolute = (text: string): string =>
    /^\.{0,2}\//.test(text) ? new URL(text, base).href : text;
  return Object.fromEntries(
    Object.entries(record(imports)).flatMap(([name, target]) =>
      typeof target === "string" ? [[absolute(name), absolute(target)]] : []
    ),
  );
}

/** The dependencies of a `package.json`. */
function npmMappings({ content }: Config): Mappings {
  const dependencies = {
    ...record(content["devDependencies"]),
    ...record(content["dependencies"]),
  };
  return Object.fromEntries(
    Object.entries(dependencies).flatMap(([name, range]) => {
      if (typeof range !== "string") return [];
      if (/^(npm|jsr):/.test(range)) return [[name, range]];
      // Other ranges name folders and repositories, which Deno cannot load either.
      return /^[^:/]*$/.test(range) ? [[name, `npm:${name}@${range || "*"}`]] : [];
    }),
  );
}

/** Parses JSON with comments and trailing commas. */
function parse(path: string, text: string): Readonly<Record<string, unknown>> {
  const string = String.raw`"(?:\\.|[^"\\])*"`;
  const keepStrings = (match: string): string => match.startsWith('"') ? match : "";
  const json = text
    .replace(new RegExp(String.raw`${string}|\/\/[^\n]*|\/\*[\s\S]*?\*\/`, "g"), keepStrings)
    .replace(new RegExp(String.raw`${string}|,(?=\s*[}\]])`, "g"), keepStrings);
  try {
    return record(JSON.parse(json));
  } catch (error) {
    throw new SyntaxError(`${path} is not valid: ${error instanceof Error ? error.message : ""}`, {
      cause: error,
    });
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return undefined; // Missing or not readable, as for Deno.
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
