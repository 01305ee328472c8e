/**
 * A server to measure against, in a process of its own.
 * @module
 */
import { fromFileUrl } from "@std/path";

/** The process of a module that serves on loopback and begins by printing its port. */
export class ServerProcess implements AsyncDisposable {
  /** Where it answers. */
  readonly url: string;
  readonly #process: Deno.ChildProcess;

  private constructor(process: Deno.ChildProcess, url: string) {
    this.#process = process;
    this.url = url;
  }

  /** Starts it, and resolves when it listens. */
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
