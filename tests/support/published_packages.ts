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

/** The packages of the public sources that the command needs, each after its dependencies. */
const REAL_PACKAGES = [
  "std/internal",
  "std/bytes",
  "std/collections",
  "std/encoding",
  "std/fmt",
  "std/regexp",
  "std/text",
  "std/semver",
  "std/path",
  "std/io",
  "std/async",
  "std/fs",
  "std/assert",
  "std/cli",
  "cliffy/internal",
  "cliffy/table",
  "cliffy/flags",
  "cliffy/ansi",
  "cliffy/keycode",
  "cliffy/keypress",
  "cliffy/prompt",
  "cliffy/upgrade",
  "cliffy/command",
];

/**
 * Publishes `@roomz/roomz` and its dependencies.
 * @param work A folder for copies and for Deno's cache; an `npm` cache in it is used.
 */
export async function publishPackages(registry: JsrRegistry, work: string): Promise<void> {
  const cache = join(work, "deno_dir");
  if (realSources === undefined) {
    const folders = ["path", "cli", "command", "assert"].map((name) => join(ROOT, "offline", name));
    await Promise.all(folders.map(async (folder) => {
      await registry.publish(await standaloneCopy(folder, work, {}), cache);
    }));
  } else {
    const ranges: Record<string, string> = {};
    for (const folder of REAL_PACKAGES) {
      const { name, version } = await readJson(join(realSources, folder, "deno.json"));
      ranges[String(name)] = `jsr:${name}@^${version}`;
    }
    for (const folder of REAL_PACKAGES) {
      await registry.publish(await standaloneCopy(join(realSources, folder), work, ranges), cache);
    }
  }
  await registry.publish(await packageCopy(work), cache);
}

/** A copy of a workspace's member that can be published alone, without its tests. */
async function standaloneCopy(
  folder: string,
  work: string,
  imports: Readonly<Record<string, string>>,
): Promise<string> {
  const copy = await Deno.makeTempDir({ dir: work });
  await copyTree(folder, copy, (name) => !/^(test|testdata|_?.*_test\.tsx?)$/.test(name));
  const config = await readJson(join(copy, "deno.json"));
  const ownImports = { ...imports, ...record(config["imports"]) };
  await Deno.writeTextFile(
    join(copy, "deno.json"),
    JSON.stringify({ license: "MIT", ...config, imports: ownImports }),
  );
  return copy;
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

async function copyTree(
  from: string,
  to: string,
  wanted: (name: string) => boolean,
): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (!wanted(name)) continue;
    if (isDirectory) await copyTree(join(from, name), join(to, name), wanted);
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}

async function readJson(path: string): Promise<Record<string, unknown>> {
  return record(JSON.parse(await Deno.readTextFile(path)));
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
