/**
 * Serves the documentation site, with each change of a page: `deno task site:serve`.
 * @module
 */
import { fileURLToPath, pathToFileURL } from "node:url";
import { readAddress, runVitePress } from "./build.ts";
import { installVitePress, stageDocs, stagingFolder } from "./staging.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const WINDOWS_SIGNALS = ["SIGINT"] as const;

const root = new URL("../../", import.meta.url);
await installVitePress(root);
await stageDocs(root);
const stop = new AbortController();
const vitePress = runVitePress(root, ["dev", "docs"], readAddress(Deno.args), stop.signal);
for (const signal of Deno.build.os === "windows" ? WINDOWS_SIGNALS : SIGNALS) {
  Deno.addSignalListener(signal, () => stop.abort());
}

const docs = new URL("docs/", root);
const copies = new URL("docs/", stagingFolder(root));
const watcher = Deno.watchFs(fileURLToPath(docs));
vitePress.finally(() => watcher.close()).catch(() => {}); // It is awaited below.
for await (const { paths } of watcher) {
  for (const path of paths) {
    const name = pathToFileURL(path).href.slice(docs.href.length);
    // A folder, or an editor's file that is gone again.
    await Deno.copyFile(path, new URL(name, copies)).catch(() => {});
  }
}
await vitePress;
Deno.exit();
