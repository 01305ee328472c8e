/**
 * Controls the development server in a process of its own.
 * @module
 */
import type { FaultServerOptions } from "./fault_server.ts";
import { ScriptProcess } from "./script_process.ts";

/** A development server that can be killed and stopped. */
export class ServerProcess implements AsyncDisposable {
  readonly #process: ScriptProcess;
  readonly port: number;

  private constructor(process: ScriptProcess, port: number) {
    this.#process = process;
    this.port = port;
  }

  /** Starts a server; resolves once it listens. */
  static async start(options: FaultServerOptions = {}): Promise<ServerProcess> {
    const process = new ScriptProcess("fault_server.ts", [JSON.stringify(options)]);
    return new ServerProcess(process, Number(await process.read()));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The server's number of connections. */
  async connections(): Promise<number> {
    await this.#process.write("connections");
    return Number(await this.#process.read());
  }

  /** Kills it as the system would when out of memory: without notice. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.status;
  }

  /** Suspends it: its connections stay open, but silent. */
  pause(): void {
    this.#process.kill("SIGSTOP");
  }

  /** Resumes it. */
  resume(): void {
    this.#process.kill("SIGCONT");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process[Symbol.asyncDispose]();
  }
}
