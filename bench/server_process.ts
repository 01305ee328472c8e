/**
 * Starts a benchmark's server in a process of its own.
 * @module
 */
import { fromFileUrl } from "@std/path";

/** A running module that listens on loopback and prints its port first. */
export class ServerProcess implements AsyncDisposable {
  /** Its base URL. */
  readonly url: string;
  readonly #process: Deno.ChildProcess;

  private constructor(process: Deno.ChildProcess, url: string) {
    this.#process = process;
    this.url = url;
  }

  /** Starts the module; resolves when it listens. */
  static async start(module: URL): Promise<ServerProcess> {
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-net", "--no-config", fromFileUrl(module)],
      stdout: "piped",
    }).spawn();
    const reader = process.stdout.getReader();
    const { value } = await reader.read();
    reader.releaseLock();
    const port = Number(new TextDecoder().decode(value));
    return new ServerProcess(process, `http://127.0.0.1:${port}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill();
    await Promise.all([this.#process.status, this.#process.stdout.cancel()]);
  }
}
