/**
 * `roomz mcp` as a process, spoken to line by line.
 * @module
 */
import { fromFileUrl } from "@std/path";
import { RUN_FLAGS } from "../../../../../cli/config/permissions.ts";
import { bareEnvironment } from "../../../support/bare_environment.ts";
import { denoConfig } from "../../../support/deno_config.ts";
import { within } from "../../../../support/within.ts";

const main = fromFileUrl(new URL("../../../../../cli/main.ts", import.meta.url));

/** The command line of `roomz mcp`, for hosts to start. */
export function mcpCommand(args: readonly string[]): { command: string; args: string[] } {
  const flags = ["run", ...RUN_FLAGS, `--config=${denoConfig}`];
  return { command: Deno.execPath(), args: [...flags, main, "mcp", ...args] };
}

/** A process. */
export class LineProcess {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers = new Map<string, (message: Record<string, unknown>) => void>();
  readonly #reading: Promise<void>;
  #lastId = 0;

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    const { command, args: all } = mcpCommand(args);
    this.#child = new Deno.Command(command, {
      args: all,
      clearEnv: true,
      env: { ...bareEnvironment, ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#reading = this.#read();
  }

  /** Writes a message. */
  write(message: unknown): void {
    const line = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
    this.#writer.write(line).catch(() => {}); // It has ended.
  }

  /** Sends a request under an id of its own; the answer. */
  async request(message: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const id = `request-${++this.#lastId}`;
    const { promise, resolve } = Promise.withResolvers<Record<string, unknown>>();
    this.#answers.set(id, resolve);
    this.write({ ...message, id });
    return await within(20_000, `the answer to ${message["method"]}`, promise);
  }

  /** Its exit. */
  get status(): Promise<Deno.CommandStatus> {
    return this.#child.status;
  }

  /** Sends a signal. */
  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /** Closes stdin, and waits for the end. */
  async close(): Promise<void> {
    await this.#writer.close();
    await within(5_000, "the end of roomz mcp", this.#child.status);
    await this.#reading;
  }

  async #read(): Promise<void> {
    let text = "";
    for await (const part of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (text + part).split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) {
        const message: Record<string, unknown> = JSON.parse(line);
        this.#answers.get(String(message["id"]))?.(message);
      }
    }
  }
}
