/**
 * The import rules of ARCHITECTURE.md, checked against the real module graph.
 * @module
 */
import { fromFileUrl, toFileUrl } from "@std/path";

/** One import: from a file of the repository to another, or to something outside. */
export interface Edge {
  /** A path below the repository's root. */
  readonly from: string;
  /** A path below the root, or a specifier such as "npm:jose@6" or "node:path". */
  readonly to: string;
}

/** Which folders a folder may import from, and which outside modules. */
const RULES: Readonly<Record<string, { folders: readonly string[]; outside: RegExp }>> = {
  client: { folders: [], outside: /^$/ },
  bot: { folders: ["client"], outside: /^$/ },
  testing: { folders: ["bot", "client"], outside: /^$/ },
  dev_server: { folders: [], outside: /^(npm:(ws|@types\/ws|jose)|node:)/ },
  cli: {
    folders: ["client", "bot", "testing", "dev_server"],
    // These modules of node: are part of Deno: node:vm is the only way to stop a regular expression that
    // backtracks for hours, and node:module loads bots with the imports of their own deno.json.
    outside:
      /^(deno\.json$|@(cliffy\/command|modelcontextprotocol\/server|octokit\/webhooks-methods|std\/(cli|path))|npm:smol-toml@|node:(module|vm)$)/,
  },
};

/**
 * The order of the folders inside a package or a folder of it: each imports only those before it.
 * "*" are the files next to the folders; a folder may come after them.
 */
export const ORDER: Readonly<Record<string, readonly string[]>> = {
  client: ["base", "protocol", "auth", "connection", "*", "sync"],
  bot: [
    "text",
    "signature",
    "context",
    "storage",
    "session",
    "middleware",
    "handler",
    "question",
    "flow",
    "schedule",
    "definition",
    "command",
    "run",
    "fleet",
    "*",
  ],
  "bot/fleet": ["store", "accounts", "report", "lease", "claims", "assignment", "host", "*"],
  dev_server: ["base", "http", "page", "socket", "auth", "*"],
  cli: [
    "command_line",
    "terminal",
    "config",
    "http",
    "account",
    "fleet",
    "messages",
    "chat",
    "commands",
    "*",
  ],
};

/** Every import of the modules in `root`'s product folders, type-only ones included. */
export async function readEdges(root: URL): Promise<Edge[]> {
  const files = (await Promise.all(Object.keys(RULES).map((folder) => list(root, folder)))).flat();
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const imports = files.map((file) => `import ${JSON.stringify(new URL(file, root).href)};`);
    await Deno.writeTextFile(entry, imports.join("\n"));
    const modules = await describe(root, toFileUrl(entry).href);
    return modules.flatMap((module) => edgesOf(module, root)).filter(({ from }) =>
      files.includes(from)
    );
  } finally {
    await Deno.remove(entry);
  }
}

/** Which imports break a rule, in words. */
export function findViolations(edges: readonly Edge[]): string[] {
  const violations: string[] = [];
  for (const { from, to } of edges) {
    const folder = topOf(from);
    const rule = RULES[folder];
    if (rule === undefined) continue;
    const target = topOf(to);
    const inside = target in RULES;
    const allowed = to === "mod.ts"
      ? false
      : inside
      ? target === folder || rule.folders.includes(target)
      : rule.outside.test(to) || isThreadOfSyncClient(from, to);
    if (!allowed) violations.push(`${from} must not import ${to}`);
    else if (target === folder) violations.push(...orderViolations(from, to));
  }
  return [...violations, ...findCycles(edges)];
}

function orderViolations(from: string, to: string): string[] {
  const violations: string[] = [];
  for (const [parent, order] of Object.entries(ORDER)) {
    const [own, other] = [folderIn(parent, from), folderIn(parent, to)];
    if (own === undefined || other === undefined) continue;
    if (!order.includes(own)) {
      violations.push(`${from} is in a folder that is not in the order`);
    } else if (order.indexOf(other) > order.indexOf(own)) {
      violations.push(`${from} must not import ${to}: ${other} comes after ${own}`);
    }
  }
  return violations;
}

/** The folder of a file in `parent`, "*" if it is next to the folders, undefined if elsewhere. */
function folderIn(parent: string, file: string): string | undefined {
  if (!file.startsWith(`${parent}/`)) return undefined;
  const [folder = "*", name] = file.slice(parent.length + 1).split("/");
  return name === undefined ? "*" : folder;
}

/** `./sync` is an entry point of its own, because loading threads takes 6 ms. */
function isThreadOfSyncClient(from: string, to: string): boolean {
  return from.startsWith("client/sync") && to === "node:worker_threads";
}

/** The modules that importing `file` loads: paths below the root, or specifiers. */
export async function loadedBy(root: URL, file: string): Promise<string[]> {
  const modules = await describe(root, new URL(file, root).href);
  return modules.map(({ specifier }) => relativeTo(root, specifier));
}

/** The modules that run before the code of `file`: its static imports, not its `import()`s. */
export async function evaluatedBefore(root: URL, file: string): Promise<string[]> {
  return reachable(await describe(root, new URL(file, root).href), root, file, false);
}

/** The modules that Deno reads before `file` runs: `import()`s with a literal path included. */
export async function readBefore(root: URL, file: string): Promise<string[]> {
  return reachable(await describe(root, new URL(file, root).href), root, file, true);
}

function reachable(
  modules: readonly Module[],
  root: URL,
  file: string,
  dynamic: boolean,
): string[] {
  const found = new Set([new URL(file, root).href]);
  for (const specifier of found) {
    const module = modules.find((module) => module.specifier === specifier);
    for (const { code, isDynamic = false } of module?.dependencies ?? []) {
      if (code?.specifier !== undefined && (dynamic || !isDynamic)) found.add(code.specifier);
    }
  }
  return Array.from(found, (specifier) => relativeTo(root, specifier));
}

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly specifier: string;
    readonly code?: { readonly specifier?: string };
    readonly type?: { readonly specifier?: string };
    readonly isDynamic?: boolean;
  }[];
}

async function describe(root: URL, entry: string): Promise<Module[]> {
  const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", `--config=${config}`, entry],
    cwd: fromFileUrl(root),
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout)).modules;
}

async function list(root: URL, folder: string): Promise<string[]> {
  const files: string[] = [];
  try {
    for await (const entry of Deno.readDir(new URL(folder, root))) {
      if (entry.isDirectory) files.push(...await list(root, `${folder}/${entry.name}`));
      else if (/\.tsx?$/.test(entry.name)) files.push(`${folder}/${entry.name}`);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return files;
}

function edgesOf(module: Module, root: URL): Edge[] {
  const from = relativeTo(root, module.specifier);
  return (module.dependencies ?? []).map((dependency) => {
    const resolved = dependency.code?.specifier ?? dependency.type?.specifier;
    // A package goes by the name it is imported under, wherever it comes from.
    const local = resolved !== undefined && resolved.startsWith(root.href);
    const named = dependency.specifier.startsWith("@") ? dependency.specifier : resolved;
    return { from, to: local ? relativeTo(root, resolved) : named ?? dependency.specifier };
  });
}

function relativeTo(root: URL, specifier: string): string {
  return specifier.startsWith(root.href) ? specifier.slice(root.href.length) : specifier;
}

function topOf(path: string): string {
  return path.split("/")[0] ?? "";
}

function findCycles(edges: readonly Edge[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      cycles.push(`cycle: ${[...path.slice(path.indexOf(file)), file].join(" -> ")}`);
      return;
    }
    if (done.has(file)) return;
    for (const target of next.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return cycles;
}
