/**
 * A package registry of JSR's layout on loopback. Deno's own `deno publish` fills it, so that what is
 * installed from it is what Deno makes of the sources.
 * @module
 */
import { join } from "@std/path";
import { npmNameOf, type NpmPackage, npmPackageOf } from "./jsr_npm_package.ts";
import { untar } from "./tar.ts";

/** One published version. */
interface Version {
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  readonly meta: unknown;
  /** What npm gets, made when it asks for the first time. */
  npm?: Promise<NpmPackage>;
}

/** Where JSR keeps a package's versions and files. */
const UPLOAD = /^\/api\/scopes\/([^/]+)\/packages\/([^/]+)\/versions\/([^/]+)$/;
const PACKAGE = /^\/api\/scopes\/([^/]+)\/packages\/([^/]+)$/;
const STATUS = /^\/api\/publish_status\/([^/]+)$/;
const PACKAGE_META = /^\/(@[^/]+\/[^/]+)\/meta\.json$/;
const VERSION_META = /^\/(@[^/]+\/[^/]+)\/([^/]+)_meta\.json$/;
const FILE = /^\/(@[^/]+\/[^/]+)\/([^/]+)(\/.+)$/;
const NPM_META = /^\/(@jsr\/[^/]+)$/;
const NPM_ARCHIVE = /^\/~\/(@jsr\/[^/]+)\/([^/]+)\.tgz$/;

/** Deno hides versions of the last day, so versions are older than that unless a test says otherwise. */
const WEEK = 7 * 24 * 60 * 60 * 1000;

/**
 * A registry that other processes reach with `JSR_URL`. npm and Bun reach it with
 * `@jsr:registry=URL` in .npmrc.
 */
export class JsrRegistry implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #packages = new Map<string, Map<string, Version>>();
  /** The versions that were published a moment ago, as `@roomz/roomz@0.2.0`. */
  readonly newVersions = new Set<string>();
  /** The DENO_DIR of the last upload. */
  #cache = "";

  constructor() {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request) => this.#respond(request),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  /**
   * Publishes the package in `folder`.
   * @param cache The DENO_DIR to use. A missing package is remembered there.
   */
  async publish(folder: string, cache: string): Promise<void> {
    this.#cache = cache;
    const flags = ["--token=x", "--allow-dirty", "--allow-slow-types", "--no-check"];
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["publish", ...flags, `--config=${join(folder, "deno.json")}`],
      cwd: folder,
      env: { DENO_DIR: cache, JSR_URL: this.url, NO_COLOR: "1" },
    }).output();
    if (success) return;
    const decoder = new TextDecoder();
    throw new Error(
      `Could not publish ${folder}:\n${decoder.decode(stdout)}${decoder.decode(stderr)}`,
    );
  }

  async #respond(request: Request): Promise<Response> {
    const path = decodeURIComponent(new URL(request.url).pathname);
    const [, scope, name, version] = UPLOAD.exec(path) ?? [];
    if (scope !== undefined && name !== undefined && version !== undefined) {
      if (request.method !== "POST") return notFound();
      return await this.#receive(`@${scope}/${name}`, version, request);
    }
    const [, packageScope, packageName] = PACKAGE.exec(path) ?? [];
    if (packageScope !== undefined) {
      return Response.json({
        scope: packageScope,
        name: packageName,
        description: "",
        githubRepository: null,
      });
    }
    const [, id] = STATUS.exec(path) ?? [];
    if (id !== undefined) return Response.json({ id, status: "success", error: null });
    return await this.#serveToNpm(path) ?? this.#serve(path);
  }

  async #receive(name: string, version: string, request: Request): Promise<Response> {
    if (request.body === null) return notFound();
    const tar = request.body.pipeThrough(new DecompressionStream("gzip"));
    const files = untar(new Uint8Array(await new Response(tar).arrayBuffer()));
    const { exports } = JSON.parse(new TextDecoder().decode(files.get("/deno.json")));
    const manifest: Record<string, unknown> = {};
    for (const [path, bytes] of files) {
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
      manifest[path] = { size: bytes.length, checksum: `sha256-${digest}` };
    }
    const versions = this.#packages.get(name) ?? new Map<string, Version>();
    this.#packages.set(name, versions);
    versions.set(version, {
      files,
      meta: { exports: typeof exports === "string" ? { ".": exports } : exports, manifest },
    });
    return Response.json({ id: crypto.randomUUID(), status: "pending", error: null });
  }

  #serve(path: string): Response {
    const [, name] = PACKAGE_META.exec(path) ?? [];
    if (name !== undefined) {
      const versions = this.#packages.get(name);
      if (versions === undefined) return notFound();
      const [scope, base] = name.slice(1).split("/");
      const described = (version: string) => {
        const age = this.newVersions.has(`${name}@${version}`) ? 0 : WEEK;
        return [version, { createdAt: new Date(Date.now() - age).toISOString() }];
      };
      return Response.json({
        scope,
        name: base,
        latest: [...versions.keys()].at(-1),
        versions: Object.fromEntries([...versions.keys()].map(described)),
      });
    }
    const [, metaName = "", metaVersion = ""] = VERSION_META.exec(path) ?? [];
    const described = this.#packages.get(metaName)?.get(metaVersion);
    if (described !== undefined) return Response.json(described.meta);

    const [, fileName = "", fileVersion = "", file = ""] = FILE.exec(path) ?? [];
    const bytes = this.#packages.get(fileName)?.get(fileVersion)?.files.get(file);
    return bytes === undefined
      ? notFound()
      : new Response(bytes, { headers: { "content-type": contentType(file) } });
  }

  /** npm's side, or undefined where the path is not of it. */
  async #serveToNpm(path: string): Promise<Response | undefined> {
    const [, archiveName, version = ""] = NPM_ARCHIVE.exec(path) ?? [];
    const [, name = archiveName] = NPM_META.exec(path) ?? [];
    if (name === undefined) return undefined;
    const versions = [...this.#packages].find(([one]) => npmNameOf(one) === name)?.[1];
    if (versions === undefined) return notFound();
    if (archiveName !== undefined) {
      const found = versions.get(version);
      return found === undefined ? notFound() : new Response((await this.#npmOf(found)).archive);
    }
    const manifests = await Promise.all([...versions].map(async ([version, published]) => {
      const { manifest, integrity } = await this.#npmOf(published);
      const dist = { tarball: `${this.url}~/${name}/${version}.tgz`, integrity };
      return [version, { ...manifest, dist }] as const;
    }));
    return Response.json({
      name,
      "dist-tags": { latest: manifests.at(-1)?.[0] },
      versions: Object.fromEntries(manifests),
    });
  }

  #npmOf(version: Version): Promise<NpmPackage> {
    return version.npm ??= npmPackageOf(version.files, {
      JSR_URL: this.url,
      DENO_DIR: this.#cache,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

function notFound(): Response {
  return Response.json({ code: "notFound", message: "Not found." }, { status: 404 });
}

function contentType(file: string): string {
  if (/\.[cm]?ts$/.test(file)) return "application/typescript";
  if (/\.[cm]?js$/.test(file)) return "application/javascript";
  return file.endsWith(".json") ? "application/json" : "text/plain";
}
