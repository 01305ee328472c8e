/**
 * A home folder for one test.
 * @module
 */
import { join } from "@std/path";

/** A folder that is gone after the test. */
export class TestHome implements AsyncDisposable {
  /** Where it is. */
  readonly path: string;
  /** For `env`: it is the home, and holds the state. */
  readonly env: { readonly HOME: string; readonly XDG_STATE_HOME: string };

  private constructor(path: string) {
    this.path = path;
    this.env = { HOME: path, XDG_STATE_HOME: join(path, "state") };
  }

  static async make(files: Readonly<Record<string, string>> = {}): Promise<TestHome> {
    const home = new TestHome(await Deno.makeTempDir());
    for (const [name, text] of Object.entries(files)) await home.write(name, text);
    return home;
  }

  /** Writes a file in it, for its owner only unless `mode` says otherwise. */
  async write(name: string, text: string, mode = 0o600): Promise<string> {
    const path = join(this.path, name);
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.writeTextFile(path, text);
    if (Deno.build.os !== "windows") await Deno.chmod(path, mode);
    return path;
  }

  read(name: string): Promise<string> {
    return Deno.readTextFile(join(this.path, name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}
