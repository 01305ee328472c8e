/**
 * A home where Deno gets everything from a registry on loopback, as users get it from JSR.
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { JsrRegistry } from "../../support/jsr_registry.ts";
import { publishPackage, publishPackages, realSources } from "../../support/published_packages.ts";
import { bareEnvironment } from "./bare_environment.ts";
import { TestHome } from "./test_home.ts";

/** What a command printed. */
export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A home where `deno` is all there is. */
export class EmptyHome implements AsyncDisposable {
  readonly #home: TestHome;
  readonly #registry = new JsrRegistry();

  private constructor(home: TestHome) {
    this.#home = home;
  }

  static async make(): Promise<EmptyHome> {
    const home = new EmptyHome(await TestHome.make());
    await Deno.mkdir(home.path("bin"));
    await Deno.symlink(Deno.execPath(), home.path("bin/deno"));
    await home.emptyCache("deno_dir");
    await publishPackages(home.#registry, home.path("work"), realSources);
    return home;
  }

  /** A cache without any package of JSR, as variables of the environment. */
  async emptyCache(name: string): Promise<{ DENO_DIR: string }> {
    const path = this.path(`work/${name}`);
    await Deno.mkdir(path, { recursive: true });
    // Packages of npm need not be downloaded again.
    await Deno.symlink(join(bareEnvironment["DENO_DIR"] ?? "", "npm"), join(path, "npm"));
    return { DENO_DIR: path };
  }

  /** Publishes the package once more, as another version. */
  async publishAs(version: string): Promise<void> {
    await publishPackage(this.#registry, this.path("work"), version);
  }

  get registry(): JsrRegistry {
    return this.#registry;
  }

  path(name: string): string {
    return join(this.#home.path, name);
  }

  read(name: string): Promise<string> {
    return this.#home.read(name);
  }

  async write(name: string, text: string): Promise<void> {
    await this.#home.write(name, text);
  }

  start(
    folder: string,
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    stdin: "null" | "piped" = "null",
  ): Deno.ChildProcess {
    return new Deno.Command(command, {
      args: [...args],
      cwd: this.path(folder),
      clearEnv: true,
      env: {
        HOME: this.#home.path,
        PATH: `${this.path(".deno/bin")}:${this.path("bin")}:/usr/bin:/bin`,
        DENO_DIR: this.path("work/deno_dir"),
        JSR_URL: this.#registry.url,
        NO_COLOR: "1",
        ...env,
      },
      stdin,
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  async run(
    folder: string,
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Result> {
    const { code, stdout, stderr } = await this.start(folder, command, args, env).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }

  roomz(...args: string[]): Promise<Result> {
    return this.run(".", this.path(".deno/bin/roomz"), args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#registry[Symbol.asyncDispose]();
    await this.#home[Symbol.asyncDispose]();
  }
}

/** The arguments of `deno` in the line that docs/cli.md says to install with. */
export async function documentedInstallation(): Promise<string[]> {
  const page = await Deno.readTextFile(
    fromFileUrl(new URL("../../../docs/cli.md", import.meta.url)),
  );
  const [, line = ""] = /^deno (install (?:.*\\\n)*.*)$/m.exec(page) ?? [];
  return line.replaceAll("\\\n", " ").trim().split(/\s+/);
}
