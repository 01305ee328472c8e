/**
 * Writes the configuration that links the stand-ins of offline/ in place of the JSR packages.
 *
 * The links point to a copy outside the repository, named by its content: `deno publish` reports
 * links inside the package's root as excluded modules.
 * @module
 */
import { fileURLToPath } from "node:url";

/** The generated files, as absolute paths. */
export interface OfflineConfig {
  readonly configFile: string;
  /** The same mapping as an import map. */
  readonly importMapFile: string;
}

interface StandIn {
  /** The folder's name in offline/. */
  readonly folder: string;
  readonly name: string;
  /** Its entry points: subpath (".", "./x") to file. */
  readonly exports: Record<string, string>;
  readonly imports: Record<string, string>;
}

/** Copies offline/ and writes deno.offline.json and import_map.offline.json at `root`. */
export async function writeOfflineConfig(root: URL): Promise<OfflineConfig> {
  const files = await readTree(new URL("offline/", root));
  const copy = await writeCopy(files);
  const standIns = parseStandIns(files);

  const config = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const links = standIns.map((standIn) => `${copy}/${standIn.folder}`);
  const imports = Object.fromEntries(standIns.flatMap((standIn) => [
    ...Object.entries(standIn.exports).map(([subpath, file]) => [
      standIn.name + subpath.slice(1),
      new URL(`file://${copy}/${standIn.folder}/${file.replace("./", "")}`).href,
    ]),
    ...Object.entries(standIn.imports),
  ]));

  const configFile = fileURLToPath(new URL("deno.offline.json", root));
  const importMapFile = fileURLToPath(new URL("import_map.offline.json", root));
  await writeJson(configFile, { ...config, links });
  await writeJson(importMapFile, { imports });
  return { configFile, importMapFile };
}

/** Every file below `folder`, by its path relative to it. */
async function readTree(folder: URL, prefix = ""): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const entries = await Array.fromAsync(Deno.readDir(folder));
  for (const entry of entries.toSorted((a, b) => a.name < b.name ? -1 : 1)) {
    const path = prefix + entry.name;
    if (entry.isDirectory) {
      const below = await readTree(new URL(`${entry.name}/`, folder), `${path}/`);
      for (const [name, text] of below) files.set(name, text);
    } else {
      files.set(path, await Deno.readTextFile(new URL(entry.name, folder)));
    }
  }
  return files;
}

function parseStandIns(files: ReadonlyMap<string, string>): StandIn[] {
  return [...files].filter(([path]) => path.endsWith("/deno.json")).map(([path, text]) => {
    const { name, exports, imports } = JSON.parse(text);
    return { folder: path.split("/")[0] ?? "", name, exports, imports: imports ?? {} };
  });
}

async function writeCopy(files: ReadonlyMap<string, string>): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([...files]));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 16);
  const folder = `${cacheFolder()}/roomz-offline-${digest}`;
  if (await exists(folder)) return folder;

  // Two tasks may start at once: fill a separate folder, then rename it.
  await Deno.mkdir(cacheFolder(), { recursive: true });
  const draft = await Deno.makeTempDir({ dir: cacheFolder(), prefix: "roomz-offline-draft-" });
  for (const [path, text] of files) {
    await Deno.mkdir(`${draft}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${draft}/${path}`, text);
  }
  try {
    await Deno.rename(draft, folder);
  } catch (error) {
    if (!await exists(folder)) throw error;
    await Deno.remove(draft, { recursive: true });
  }
  return folder;
}

/** A folder that only this user can write to, because its code is run. */
function cacheFolder(): string {
  const folder = Deno.env.get("XDG_CACHE_HOME") || Deno.env.get("LOCALAPPDATA") ||
    (Deno.env.get("HOME") && `${Deno.env.get("HOME")}/.cache`);
  if (folder) return folder.replaceAll("\\", "/");
  console.error("Neither HOME nor XDG_CACHE_HOME is set: set one, for the copy of offline/.");
  Deno.exit(1);
}

/** Writes a file atomically, unless it is up to date: a checkout may be read-only. */
async function writeJson(path: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value, null, 2) + "\n";
  if (await textOf(path) === text) return;
  const draft = `${path}.${Deno.pid}.tmp`;
  try {
    await Deno.writeTextFile(draft, text);
    await Deno.rename(draft, path);
  } catch (error) {
    await Deno.remove(draft).catch(() => {}); // There may be none.
    console.error(
      `Cannot write ${path}: ${error instanceof Error ? error.message : error}\n` +
        "Without JSR every task needs it. Let this user write to the checkout once or, if JSR is " +
        "available, set ROOMZ_PACKAGES=jsr.",
    );
    Deno.exit(1);
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return undefined;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
