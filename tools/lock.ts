/**
 * Writes tools/packages.lock, and the lock file of the site: `deno task lock`, after a change of
 * dependencies.
 * @module
 */
import { fileURLToPath } from "node:url";
import manifest from "../deno.json" with { type: "json" };
import { ENTRY_POINT, INCLUDED } from "./compile.ts";
import { LOCK_FILE, resolveLock, writeLock } from "./lock_file.ts";

const draft = await Deno.makeTempFile();
try {
  const { version, specifiers, jsr, npm } = await resolveLock(
    Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json",
    draft,
    [
      ...[ENTRY_POINT, ...INCLUDED, "mod.ts", "examples", "tests", "tools", "bench"],
      // Tests import some of them by computed names.
      ...Object.values(manifest.imports).filter((specifier) => specifier.startsWith("npm:")),
    ],
  );
  await writeLock(LOCK_FILE, { version, specifiers, ...(jsr && { jsr }), ...(npm && { npm }) });
} finally {
  await Deno.remove(draft);
}

// VitePress needs a node_modules folder, and so a configuration and a lock file of its own.
const { success } = await new Deno.Command(Deno.execPath(), {
  args: ["install", "--quiet", "--lockfile-only"],
  cwd: fileURLToPath(new URL("site/", import.meta.url)),
}).spawn().status;
if (!success) Deno.exit(1);
