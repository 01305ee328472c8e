/**
 * `roomz chat` on a pseudo-terminal, which `script` of util-linux makes.
 * @module
 */
import { fromFileUrl } from "@std/path";

const root = new URL("../../", import.meta.url);
const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? fromFileUrl(new URL("deno.json", root));
const main = fromFileUrl(new URL("cli/main.ts", root));

/** The process, and what it wrote. */
export class ChatProcess {
  readonly #process: Deno.ChildProcess;
  readonly #keys: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<void>;
  /** The end of what was written; a flood is not kept. */
  tail = "";
  /** How many numbered messages were written. */
  messages = 0;
  #watcher: (() => void) | undefined;

  constructor(url: string, state: string) {
    const command = ["stty cols 80 rows 24; exec", Deno.execPath(), ...chatArguments()].join(" ");
    this.#process = new Deno.Command("script", {
      args: ["-qec", command, "/dev/null"],
      env: {
        XDG_STATE_HOME: state,
        ROOMZ_TOKEN: "e30.e30.bench",
        ROOMZ_SERVER_URL: url,
        TERM: "xterm-256color",
      },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#keys = this.#process.stdin.getWriter();
    this.#reading = this.#read();
  }

  async press(keys: string): Promise<void> {
    await this.#keys.write(new TextEncoder().encode(keys));
  }

  async until(fits: () => boolean): Promise<void> {
    while (!fits()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#watcher = resolve;
      await promise;
    }
  }

  /** The process id of the chat itself, below `script`. */
  async pid(): Promise<string> {
    const children = await output("pgrep", ["-P", `${this.#process.pid}`]);
    return children.trim();
  }

  async end(): Promise<void> {
    await this.press("\x15\x04");
    await this.#process.status;
    await this.#keys.close().catch(() => {});
    await this.#reading;
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const text of this.#process.stdout.pipeThrough(new TextDecoderStream())) {
      const fresh = rest + text;
      let end = 0;
      for (const match of fresh.matchAll(/#\d+#/g)) {
        this.messages++;
        end = match.index + match[0].length;
      }
      // A number may be cut in two by the end of a chunk.
      rest = fresh.slice(Math.max(end, fresh.length - 12));
      this.tail = (this.tail + text).slice(-4_000);
      this.#watcher?.();
    }
  }
}

function chatArguments(): string[] {
  return ["run", "--quiet", "-A", "--unstable-kv", "--no-lock", `--config=${config}`, main, "chat"];
}

/** What a command writes. */
export async function output(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await new Deno.Command(command, { args: [...args] }).output();
  return new TextDecoder().decode(stdout);
}
