/**
 * A project that has the package from JSR's npm registry, in which Node and Bun run the programs of this
 * folder.
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { bareEnvironment } from "../../cli/support/bare_environment.ts";
import { JsrRegistry } from "../../support/jsr_registry.ts";
import { publishPackages } from "../../support/published_packages.ts";

/** How long a program may take on a busy machine, milliseconds. */
export const LIMIT = 60_000;
/** The same for an installation: the registry first has to make the packages. */
export const INSTALLATION_LIMIT = 300_000;

/** The command that JSR's page names: it makes `@roomz/roomz` an alias of the package's npm name. */
export const PACKAGE = "@roomz/roomz@npm:@jsr/roomz__roomz";

/** What a program wrote, and how it ended. */
export interface Result {
  readonly code: number;
  readonly output: string;
}

/** Runs a program to its end. */
export async function run(
  command: string,
  args: readonly string[],
  cwd: string = Deno.cwd(),
  options: { env?: Readonly<Record<string, string>>; limit?: number } = {},
): Promise<Result> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd,
    signal: AbortSignal.timeout(options.limit ?? LIMIT),
    env: { NODE_NO_WARNINGS: "1", NO_COLOR: "1", NPM_CONFIG_LOGLEVEL: "error", ...options.env },
  }).output();
  const decoder = new TextDecoder();
  return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** JSR's registries on loopback, and the projects that use them. */
export class NpmProjects implements AsyncDisposable {
  readonly #registry = new JsrRegistry();
  readonly #folder: string;
  #installed: Promise<string> | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async make(): Promise<NpmProjects> {
    const projects = new NpmProjects(await Deno.makeTempDir());
    // Packages of npm need not be downloaded again.
    const cache = join(projects.#folder, "deno_dir");
    await Deno.mkdir(cache);
    await Deno.symlink(join(bareEnvironment["DENO_DIR"] ?? "", "npm"), join(cache, "npm"));
    // Not the real cliffy: deno pack checks types, JSR does not, and what cliffy depends on lacks some.
    await publishPackages(projects.#registry, projects.#folder, undefined);
    return projects;
  }

  /** The folder of a new project, where nothing is installed yet. */
  async empty(name: string): Promise<string> {
    const folder = join(this.#folder, name);
    await Deno.mkdir(folder);
    await Deno.writeTextFile(join(folder, "package.json"), '{ "private": true, "type": "module" }');
    // Where JSR's own registry is named, once the project is set up.
    await Deno.writeTextFile(join(folder, ".npmrc"), `@jsr:registry=${this.#registry.url}\n`);
    return folder;
  }

  /** The project that all programs share. */
  installed(): Promise<string> {
    return this.#installed ??= this.#install();
  }

  /** Puts a program of this folder into the project, with imports as users have them. */
  async program(name: string): Promise<string> {
    const folder = await this.installed();
    const text = await Deno.readTextFile(new URL(`${name}.ts`, import.meta.url));
    const file = join(folder, `${name}.ts`);
    await Deno.writeTextFile(file, asUser(text));
    return file;
  }

  async #install(): Promise<string> {
    const folder = await this.empty("installed");
    const args = ["install", "--no-audit", "--prefer-offline", PACKAGE];
    const { code, output } = await run("npm", args, folder, { limit: INSTALLATION_LIMIT });
    if (code !== 0) throw new Error(`npm install failed:\n${output}`);
    return folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#registry[Symbol.asyncDispose]();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** `../../../bot/mod.ts` is `@roomz/roomz/bot` to users. */
function asUser(text: string): string {
  return text.replaceAll(/"(?:\.\.\/){3}(\w+)\/mod\.ts"/g, (_, folder: string) => {
    return `"@roomz/roomz/${folder.replace("_", "-")}"`;
  }).replaceAll('"../../../client/sync/sync_client.ts"', '"@roomz/roomz/sync"');
}

/** The path of a program of this folder, for Deno. */
export function programHere(name: string): string {
  return fromFileUrl(new URL(`${name}.ts`, import.meta.url));
}
