/**
 * A home folder for one test.
 * @module
 */
import { join } from "@std/path";

/** A temporary folder, deleted on disposal. */
export class TestHome implements AsyncDisposable {
  /** Its absolute path. */
  readonly path: string;
  /** Variables that make it the home folder and the parent of the state folder. */
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

  /** Writes a file in it, by default readable only by its owner; returns the path. */
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
