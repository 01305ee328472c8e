/**
 * A script of this folder in a process of its own, which communicates in lines of text.
 * @module
 */
import { fromFileUrl } from "@std/path";
import { within } from "../../support/within.ts";
import { readLines } from "./lines.ts";

const CONFIG = Deno.env.get("ROOMZ_DENO_CONFIG") ??
  fromFileUrl(new URL("../../../deno.json", import.meta.url));

/** Longer than any answer takes: reached only if a process hangs. */
const PATIENCE = 120_000;

/** A running script. It is killed at the end of the block. */
export class ScriptProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncIterableIterator<string>;

  /** Starts `script`, a file of this folder. */
  constructor(
    script: string,
    args: readonly string[],
    { v8Flags = "" }: { readonly v8Flags?: string } = {},
  ) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--allow-all",
        "--unstable-kv",
        `--config=${CONFIG}`,
        ...(v8Flags === "" ? [] : [`--v8-flags=${v8Flags}`]),
        fromFileUrl(new URL(script, import.meta.url)),
        ...args,
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#lines = readLines(this.#child.stdout);
  }

  /** How the process ended, once it has. */
  get status(): Promise<Deno.CommandStatus> {
    return this.#child.status;
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  async write(line: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
  }

  /** The next line that the script writes. */
  async read(): Promise<string> {
    const { done, value } = await within(PATIENCE, "a line of the script", this.#lines.next());
    if (done) throw new Error("The script ended without another line.");
    return value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has already ended.
    }
    await this.#child.status;
    await this.#input.abort().catch(() => {});
    await this.#lines.return?.();
  }
}
