/**
 * Fills a registry with this checkout's package and what it depends on.
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import type { JsrRegistry } from "./jsr_registry.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/**
 * A folder with checkouts of the public sources of cliffy and std, as `cliffy/` and `std/`. Without it
 * the stand-ins of offline/ are published under their names.
 */
export const realSources: string | undefined = Deno.env.get("ROOMZ_REAL_SOURCES");

/** The packages of the public sources that the command needs, directly or not. */
const REAL_PACKAGES = [
  ...["command", "flags", "internal", "table", "ansi", "keycode", "keypress", "prompt", "upgrade"]
    .map((name) => `cliffy/${name}`),
  ...["assert", "async", "bytes", "cli", "collections", "data_structures", "encoding", "fmt"]
    .map((name) => `std/${name}`),
  ...["fs", "internal", "io", "path", "regexp", "semver", "text"].map((name) => `std/${name}`),
];

/**
 * Publishes `@roomz/roomz` and its dependencies.
 * @param work A folder for copies and for Deno's cache; an `npm` cache in it is used.
 * @param sources The folder with the public sources, or undefined for the stand-ins.
 */
export async function publishPackages(
  registry: JsrRegistry,
  work: string,
  sources: string | undefined,
): Promise<void> {
  const cache = join(work, "deno_dir");
  const folders = sources === undefined
    ? ["assert", "command", "path"].map((name) => join(ROOT, "offline", name))
    : REAL_PACKAGES.map((name) => join(sources, name));
  await registry.publish(await workspaceOf(folders, work), cache);
  await publishPackage(registry, work);
}

/** Publishes `@roomz/roomz` alone, as this or another version. */
export async function publishPackage(
  registry: JsrRegistry,
  work: string,
  version?: string,
): Promise<void> {
  const copy = await packageCopy(work);
  if (version !== undefined) {
    const config = { ...await readJson(join(copy, "deno.json")), version };
    await Deno.writeTextFile(join(copy, "deno.json"), JSON.stringify(config));
  }
  await registry.publish(copy, join(work, "deno_dir"));
}

/** Copies packages without their tests, as members of a workspace: Deno publishes them in order. */
async function workspaceOf(folders: readonly string[], work: string): Promise<string> {
  const workspace = await Deno.makeTempDir({ dir: work });
  const configs = await Promise.all(
    folders.map((folder) => readJson(join(folder, "deno.json"))),
  );
  const imports = Object.fromEntries(
    configs.map(({ name, version }) => [name, `jsr:${name}@^${version}`]),
  );
  const members = folders.map((_, at) => `./${at}`);
  await Deno.writeTextFile(join(workspace, "deno.json"), JSON.stringify({ workspace: members }));
  for (const [at, folder] of folders.entries()) {
    const copy = join(workspace, String(at));
    await copyTree(
      folder,
      copy,
      (path) => !/^test\/|^(?!testing\/).*_test\.tsx?$|(^|\/)testdata\//.test(path),
    );
    const config = { license: "MIT", ...configs[at] };
    const ownImports = { ...imports, ...record(record(config)["imports"]) };
    await Deno.writeTextFile(
      join(copy, "deno.json"),
      JSON.stringify({ ...config, imports: ownImports }),
    );
  }
  return workspace;
}

/** A copy of what this checkout publishes. */
async function packageCopy(work: string): Promise<string> {
  const copy = await Deno.makeTempDir({ dir: work });
  const { publish } = await readJson(join(ROOT, "deno.json"));
  const include = record(publish)["include"];
  if (!Array.isArray(include)) throw new Error("deno.json has no publish.include.");
  for (const name of include) {
    const source = join(ROOT, String(name));
    if ((await Deno.stat(source)).isFile) await Deno.copyFile(source, join(copy, String(name)));
    else await copyTree(source, join(copy, String(name)), () => true);
  }
  return copy;
}

/** Copies the files whose path below `from` is wanted. */
async function copyTree(
  from: string,
  to: string,
  wanted: (path: string) => boolean,
  prefix = "",
): Promise<void> {
  await Deno.mkdir(join(to, prefix), { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(join(from, prefix))) {
    const path = prefix + name + (isDirectory ? "/" : "");
    if (!wanted(path)) continue;
    if (isDirectory) await copyTree(from, to, wanted, path);
    else await Deno.copyFile(join(from, path), join(to, path));
  }
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  return record(JSON.parse(await Deno.readTextFile(path)));
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
