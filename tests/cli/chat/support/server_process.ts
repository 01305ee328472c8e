/**
 * A development server in its own process, which a test can kill and restart.
 * @module
 */
import { createDevServer } from "@roomz/roomz/dev-server";
import { bareEnvironment } from "../../support/bare_environment.ts";
import { denoConfig } from "../../support/deno_config.ts";

const EMAIL = "ada@example.com";

/** The process. */
export class ServerProcess implements AsyncDisposable {
  /** Where the server listens, the same after a restart. */
  readonly url: string;
  /** A session token for ada@example.com. */
  readonly session: string;
  #process: Deno.ChildProcess;

  private constructor(process: Deno.ChildProcess, url: string, session: string) {
    this.#process = process;
    this.url = url;
    this.session = session;
  }

  static async start(): Promise<ServerProcess> {
    const process = spawn(0);
    return new ServerProcess(process, ...await greeting(process));
  }

  /** Sends the process a signal. */
  signal(signal: Deno.Signal): void {
    this.#process.kill(signal);
  }

  /** Ends the process as a crash does. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#process.status;
  }

  /** Starts it again after `kill`, on the same port and with the same secret. */
  async restart(): Promise<void> {
    this.#process = spawn(Number(new URL(this.url).port));
    await greeting(this.#process);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

function spawn(port: number): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "-A",
      "--no-lock",
      `--config=${denoConfig}`,
      import.meta.url,
      `${port}`,
    ],
    clearEnv: true,
    env: bareEnvironment,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
}

async function greeting(process: Deno.ChildProcess): Promise<[url: string, session: string]> {
  let text = "";
  for await (const part of process.stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.endsWith("\n")) break;
  }
  const [url = "", session = ""] = text.trim().split(" ");
  return [url, session];
}

if (import.meta.main) {
  const server = await createDevServer({
    port: Number(Deno.args[0]),
    allowedEmails: [EMAIL],
    jwtSecret: "for tests of the chat, and nothing else",
    onMagicLink() {},
    log() {},
  });
  console.log(server.url, await server.mintSession(EMAIL));
}
