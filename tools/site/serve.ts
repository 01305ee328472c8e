/**
 * Serves the documentation site, with each change of a page: `deno task site:serve`.
 * @module
 */
import { fileURLToPath, pathToFileURL } from "node:url";
import { readAddress, runVitePress } from "./build.ts";
import { installVitePress, stageDocs, stagingFolder } from "./staging.ts";

const root = new URL("../../", import.meta.url);
await installVitePress(root);
await stageDocs(root);
const vitePress = runVitePress(root, ["dev", "docs"], readAddress(Deno.args));

const docs = new URL("docs/", root);
const copies = new URL("docs/", stagingFolder(root));
const watcher = Deno.watchFs(fileURLToPath(docs));
vitePress.finally(() => watcher.close());
for await (const { paths } of watcher) {
  for (const path of paths) {
    const name = pathToFileURL(path).href.slice(docs.href.length);
    // A folder, or an editor's file that is gone again.
    await Deno.copyFile(path, new URL(name, copies)).catch(() => {});
  }
}
await vitePress;
