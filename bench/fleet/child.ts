/**
 * Processes of a measurement, which print lines.
 * @module
 */
import { fromFileUrl } from "@std/path";

/** A running module. */
export class Child implements AsyncDisposable {
  readonly process: Deno.ChildProcess;
  readonly #lines: AsyncGenerator<string>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;

  /** Starts the module `file`, which lies next to this one, with the packages of this process. */
  constructor(file: string, args: readonly string[] = [], flags: readonly string[] = []) {
    const config = Deno.env.get("ROOMZ_DENO_CONFIG");
    this.process = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--unstable-kv",
        ...(config === undefined ? [] : [`--config=${config}`]),
        ...flags,
        fromFileUrl(new URL(file, import.meta.url)),
        ...args,
      ],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#lines = linesOf(this.process.stdout);
    this.#writer = this.process.stdin.getWriter();
  }

  /** The next line that it prints. */
  async line(): Promise<string> {
    const { done, value } = await this.#lines.next();
    if (done) throw new Error("the process has ended");
    return value;
  }

  /** Writes a line to its stdin. */
  async say(line: string): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(`${line}\n`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.process.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await this.process.status;
    await this.#writer.abort().catch(() => {});
    await this.#lines.return(undefined);
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    yield* lines;
  }
}
