/**
 * What JSR's npm registry serves of a published version.
 *
 * JSR builds its packages with the libraries that are in Deno; `deno pack` uses them as well. The rest
 * is as in JSR's sources (jsr-io/jsr, api/src/npm): the name `@jsr/SCOPE__NAME`, declarations in
 * `_dist/`, the published files next to their JavaScript, ranges of dependencies as they were published.
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import { tar, untar } from "./tar.ts";

/** A package for npm. */
export interface NpmPackage {
  /** The archive, gzipped. */
  readonly archive: Uint8Array<ArrayBuffer>;
  /** What its package.json says. */
  readonly manifest: { readonly version: string; readonly dependencies: Record<string, string> };
  /** The archive's checksum, as npm's metadata has it. */
  readonly integrity: string;
}

/** The name of a package on JSR's npm registry: `@jsr/std__path` for `@std/path`. */
export function npmNameOf(name: string): string {
  return `@jsr/${name.slice(1).replace("/", "__")}`;
}

/**
 * Makes the package of the files of one version.
 * @param env Variables with which Deno finds what the package imports.
 */
export async function npmPackageOf(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  env: Readonly<Record<string, string>>,
): Promise<NpmPackage> {
  const decoder = new TextDecoder();
  const { name, version, imports = {} } = JSON.parse(decoder.decode(files.get("/deno.json")));
  const packed = await pack(files, env);
  const { dependencies = {}, exports } = JSON.parse(decoder.decode(packed.get("/package.json")));
  const ranges = new Map(Object.values<string>(imports).map(dependencyOf));
  const manifest = {
    name: npmNameOf(name),
    version,
    homepage: `https://jsr.io/${name}`,
    type: "module",
    dependencies: Object.fromEntries(
      Object.entries<string>(dependencies).map(([one, range]) => [one, ranges.get(one) ?? range]),
    ),
    exports: Object.fromEntries(
      Object.entries<{ types?: string; default: string }>(exports).map((
        [key, { types, default: file }],
      ) => [
        key,
        types === undefined ? { default: file } : {
          types: types.replace("./", "./_dist/"),
          default: file,
        },
      ]),
    ),
  };
  const content = new Map(files);
  for (const [path, bytes] of packed) {
    if (path.endsWith(".d.ts")) content.set(`/_dist${path}`, bytes);
    else content.set(path, path.endsWith(".js") ? withoutRewrittenPaths(bytes) : bytes);
  }
  content.set("/package.json", new TextEncoder().encode(JSON.stringify(manifest, null, 2)));
  const archive = await gzipped(tar(content, "package"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-512", archive)).toBase64();
  return { archive, manifest, integrity: `sha512-${digest}` };
}

/** What `deno pack` makes of the files, once for each content: it takes 9 s of a processor. */
async function pack(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  env: Readonly<Record<string, string>>,
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const content = await new Blob([Deno.version.deno, ...[...files].flat()]).arrayBuffer();
  const name = new Uint8Array(await crypto.subtle.digest("SHA-256", content)).toHex();
  const cache = fromFileUrl(new URL("../../.cache/packed/", import.meta.url));
  const file = join(cache, `${name}.tgz`);
  try {
    return untar(await gunzipped(await Deno.readFile(file)), "package");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await Deno.mkdir(cache, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: cache });
  try {
    const sources = join(folder, "sources");
    for (const [path, bytes] of files) {
      await Deno.mkdir(dirname(join(sources, path)), { recursive: true });
      await Deno.writeFile(join(sources, path), bytes);
    }
    const output = join(folder, "package.tgz");
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["pack", "--quiet", "--allow-dirty", "--no-source-maps", `--output=${output}`],
      cwd: sources,
      env,
    }).output();
    if (!success) throw new Error(`deno pack failed:\n${new TextDecoder().decode(stderr)}`);
    await Deno.rename(output, file);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return untar(await gunzipped(await Deno.readFile(file)), "package");
}

/** JSR rewrites imports; `deno pack` also rewrites the paths in `import.meta.resolve()`. */
function withoutRewrittenPaths(javaScript: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = new TextDecoder().decode(javaScript);
  return new TextEncoder().encode(
    text.replaceAll(/(import\.meta\.resolve\("\.[^"]*)\.js"/g, '$1.ts"'),
  );
}

/** The npm name and the range in `jsr:@std/path@^1.1.3` or `npm:ws@8.21.3`. */
function dependencyOf(specifier: string): [name: string, range: string] {
  const [, source, name = "", range = "*"] = /^(jsr|npm):(@?[^@]+)@([^/]+)/.exec(specifier) ?? [];
  return [source === "jsr" ? npmNameOf(name) : name, range];
}

function gzipped(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return readAll(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip")));
}

function gunzipped(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return readAll(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
}

async function readAll(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
