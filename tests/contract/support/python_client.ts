/**
 * The real Python client in a separate process.
 * @module
 */
import { assertEquals, fail } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { within } from "../../support/within.ts";

const PROGRAM = fromFileUrl(new URL("python_client.py", import.meta.url));

/** Longer than any step takes, milliseconds. Reached only if it never happens. */
const PATIENCE = 20_000;
const STOP_MS = 5_000;

type JsonObject = Readonly<Record<string, unknown>>;

/** Controls an `AsyncClient` of the Python package. */
export class PythonClient implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #orders: WritableStreamDefaultWriter<Uint8Array>;
  readonly #folder: string;
  readonly #lines: AsyncIterableIterator<JsonObject>;
  readonly #events: JsonObject[] = [];
  readonly #log: Promise<string>;

  private constructor(child: Deno.ChildProcess, folder: string) {
    this.#child = child;
    this.#orders = child.stdin.getWriter();
    this.#folder = folder;
    this.#lines = readLines(child.stdout);
    this.#log = new Response(child.stderr).text();
  }

  /** Starts a client without connecting it. `url` must use `localhost`: its cookies need a host name. */
  static async start(python: string, url: string): Promise<PythonClient> {
    const folder = await Deno.makeTempDir({ prefix: "roomz-python-client-" });
    const child = new Deno.Command(python, {
      args: [PROGRAM, url],
      cwd: folder,
      // Keeps the user's configuration file out.
      env: { HOME: folder },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return new PythonClient(child, folder);
  }

  /** Calls a method of the client. @returns Its result, or the error that it raised. */
  async call(method: string, ...args: readonly unknown[]): Promise<unknown> {
    await this.#orders.write(new TextEncoder().encode(`${JSON.stringify([method, ...args])}\n`));
    while (true) {
      const line = await this.#nextLine();
      if (!("event" in line)) return "error" in line ? line.error : line.result;
      this.#events.push(line);
    }
  }

  /** The payload of the next event, which must be this one. */
  async nextEvent(name: string): Promise<JsonObject> {
    const { event, data } = this.#events.shift() ?? await this.#nextLine();
    assertEquals(event, name);
    return Object(data);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const kill = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS);
    await this.#orders.close().catch(() => {});
    // Read to the end, because a program that cannot write does not exit.
    for await (const _ of this.#lines);
    await Promise.all([this.#child.status, this.#log]);
    clearTimeout(kill);
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #nextLine(): Promise<JsonObject> {
    const { done, value } = await within(PATIENCE, "the Python client", this.#lines.next());
    return done ? fail(`the Python client ended: ${await this.#log}`) : value;
  }
}

async function* readLines(stdout: ReadableStream<Uint8Array>): AsyncIterableIterator<JsonObject> {
  let rest = "";
  for await (const chunk of stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
}
