/**
 * Writes dist/sbom/package.json and package-lock.json, which list what Deno puts into the binaries, for
 * cyclonedx-npm: `tools/deno.ts run -A tools/release/sbom_lock.ts`.
 *
 * cyclonedx-npm reads npm's files only, and npm would choose versions of its own. So the lock names
 * those that Deno chose; packages of JSR have the names that they have on JSR's npm registry.
 * @module
 */
import manifest from "../../deno.json" with { type: "json" };
import { ENTRY_POINT, INCLUDED } from "../compile.ts";
import { writeLockFor } from "../lock_file.ts";

/** One entry of a package-lock.json. */
export interface LockedPackage {
  readonly name?: string;
  readonly version: string;
  readonly license?: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The part of a package-lock.json that lists packages. */
export interface PackageLock {
  readonly name: string;
  readonly version: string;
  readonly lockfileVersion: 3;
  /** By their folders; the package itself has the key "". */
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** A module of a package on JSR: `https://jsr.io/@std/path/1.1.3/mod.ts`. */
const JSR_MODULE = /^https:\/\/jsr\.io\/@([^/]+)\/([^/]+)\/([^/]+)\//;

/**
 * The lock of the packages in `infos`, outputs of `deno info --json`.
 * @throws {TypeError} One of them has another shape.
 * @throws {RangeError} A package is there in two versions, which a flat lock cannot hold.
 */
export function lockOf(infos: readonly unknown[]): PackageLock {
  const packages = new Map<string, { version: string; dependencies: readonly string[] }>();
  const add = (name: string, version: string, dependencies: readonly string[]) => {
    const before = packages.get(name)?.version;
    if (before !== undefined && before !== version) {
      throw new RangeError(
        `${name} is in the binaries as ${before} and as ${version}. The list of what is in them ` +
          "holds one version of a package: update what asks for the older one.",
      );
    }
    packages.set(name, { version, dependencies });
  };

  for (const info of infos) {
    const { npmPackages, modules } = record(info);
    // It is absent where nothing comes from npm.
    for (const entry of Object.values(record(npmPackages ?? {}))) {
      const { name, version, dependencies } = record(entry);
      add(text(name), text(version), list(dependencies).map((one) => nameOf(text(one))));
    }
    for (const module of list(modules)) {
      const { specifier } = record(module);
      const [, scope, name, version] = JSR_MODULE.exec(text(specifier)) ?? [];
      if (scope === undefined || name === undefined || version === undefined) continue;
      add(`@jsr/${scope}__${name}`, version, []);
    }
  }

  const versionOf = (name: string) => packages.get(name)?.version ?? "*";
  const needed = new Set([...packages.values()].flatMap(({ dependencies }) => dependencies));
  const direct = [...packages.keys()].filter((name) => !needed.has(name));
  const versions = (names: readonly string[]) =>
    Object.fromEntries(names.toSorted().map((name) => [name, versionOf(name)]));
  return {
    name: manifest.name,
    version: manifest.version,
    lockfileVersion: 3,
    packages: {
      "": {
        name: manifest.name,
        version: manifest.version,
        license: manifest.license,
        dependencies: versions(direct),
      },
      ...Object.fromEntries(
        [...packages].toSorted(([a], [b]) => a < b ? -1 : 1).map(([name, locked]) => [
          `node_modules/${name}`,
          { version: locked.version, dependencies: versions(locked.dependencies) },
        ]),
      ),
    },
  };
}

/** The name in `@scope/name@1.2.3` or, with the peers that Deno adds, `name@1.2.3_peer@2.0.0`. */
function nameOf(id: string): string {
  return id.slice(0, id.indexOf("@", 1));
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value));
  }
  throw new TypeError("The input is not the output of deno info --json.");
}

function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TypeError("The input is not the output of deno info --json.");
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new TypeError("The input is not the output of deno info --json.");
}

/** What Deno knows of a module and all that it imports. */
async function infoOf(config: string, lock: string, module: string): Promise<unknown> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", `--config=${config}`, `--lock=${lock}`, module],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`deno info ${module} failed.`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

if (import.meta.main) {
  const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";
  const lockFile = "dist/sbom/deno.lock";
  const write = (file: string, value: unknown) =>
    Deno.writeTextFile(`dist/sbom/${file}`, JSON.stringify(value, null, 2) + "\n");
  await Deno.mkdir("dist/sbom", { recursive: true });
  await writeLockFor(config, lockFile);
  const infos: unknown[] = [];
  // One after the other, because each may write to the lock file.
  for (const module of [ENTRY_POINT, ...INCLUDED]) {
    infos.push(await infoOf(config, lockFile, module));
  }
  const lock = lockOf(infos);
  await write("package.json", lock.packages[""]);
  await write("package-lock.json", lock);
}
