/**
 * The folder in which VitePress works: a copy of docs/ with the API reference, and VitePress itself. So
 * neither node_modules nor made pages are in docs/.
 * @module
 */
import { fileURLToPath } from "node:url";
import { apiReference } from "./api_reference.ts";
import { readEntryPoints } from "./entry_points.ts";

/** Where the staging folder of a checkout is. */
export function stagingFolder(root: URL): URL {
  return new URL(".cache/site/", root);
}

/** Installs VitePress, at the versions and checksums in tools/site/deno.lock. */
export async function installVitePress(root: URL): Promise<void> {
  const staging = stagingFolder(root);
  await Deno.mkdir(staging, { recursive: true });
  for (const file of ["deno.json", "deno.lock"]) {
    await Deno.copyFile(new URL(`tools/site/${file}`, root), new URL(file, staging));
  }
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--quiet", "--frozen"],
    cwd: fileURLToPath(staging),
    env: { NO_COLOR: "1" },
  }).output();
  if (success) return;
  throw new Error(`VitePress cannot be installed:\n${new TextDecoder().decode(stderr)}`);
}

/** Copies docs/ and writes the API reference next to its pages. */
export async function stageDocs(root: URL): Promise<void> {
  const docs = new URL("docs/", stagingFolder(root));
  await Deno.remove(docs, { recursive: true }).catch(() => {}); // There may be none.
  await copyFolder(new URL("docs/", root), docs);
  const { pages, sidebar } = apiReference(await readEntryPoints(root));
  for (const { path, markdown } of pages) {
    const file = new URL(path, docs);
    await Deno.mkdir(new URL(".", file), { recursive: true });
    await Deno.writeTextFile(file, markdown);
  }
  await Deno.writeTextFile(
    new URL(".vitepress/api_sidebar.json", docs),
    JSON.stringify(sidebar, null, 2),
  );
}

/** Copies a folder over another. */
export async function copyFolder(from: URL, to: URL): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(new URL(`${name}/`, from), new URL(`${name}/`, to));
    else await Deno.copyFile(new URL(name, from), new URL(name, to));
  }
}
