/**
 * The real Roomz server, from PyPI, as a target of the contract suite.
 * @module
 */
import { fromFileUrl } from "@std/path";
import { Mailbox } from "./mailbox.ts";
import type { PythonWithRoomz } from "./python_environment.ts";
import {
  ALLOWED_EMAILS,
  JWT_SECRET,
  type StartOptions,
  type Target,
  type TargetServer,
} from "./target.ts";

const PROGRAM = fromFileUrl(new URL("real_server.py", import.meta.url));

/** Starting takes about a second, and much longer on a busy machine. */
const START_MS = 60_000;
const STOP_MS = 2_000;

/** The real server in a separate process. */
export function realTarget(python: PythonWithRoomz, name = "real server"): Target {
  return {
    name,
    start: async (options) => await startRealServer(await python(), options),
  };
}

async function startRealServer(python: string, options: StartOptions): Promise<TargetServer> {
  const folder = await Deno.makeTempDir({ prefix: "roomz-real-server-" });
  const child = new Deno.Command(python, {
    args: [PROGRAM, JSON.stringify(options)],
    cwd: folder,
    env: {
      ALLOWED_EMAILS: ALLOWED_EMAILS.join(","),
      EMAIL_SENDER: "console",
      JWT_SECRET_KEY: JWT_SECRET,
      // Keeps the user's configuration file out.
      HOME: folder,
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const orders = child.stdin.getWriter();
  const log = new ServerLog(child.stderr);

  const stop = async () => {
    const kill = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await orders.close().catch(() => {});
    await child.status;
    clearTimeout(kill);
    await log.ended;
    await Deno.remove(folder, { recursive: true });
  };

  try {
    const url = `http://127.0.0.1:${await readPort(child.stdout)}`;
    const answer = await fetch(`${url}/auth/me`, { signal: AbortSignal.timeout(START_MS) });
    await answer.body?.cancel();
    return {
      url,
      magicLinkToken: (email) => log.mailbox.take(email),
      dropConnections: () => orders.write(new TextEncoder().encode("drop\n")),
      stop,
    };
  } catch (cause) {
    await stop();
    throw new Error(`The real server did not start. It said:\n${log.tail}`, { cause });
  }
}

/** The first line that the program writes. Discards the rest. */
async function readPort(stdout: ReadableStream<Uint8Array>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const read = async () => {
    let text = "";
    for await (const chunk of stdout.pipeThrough(new TextDecoderStream())) {
      if (text.includes("\n")) continue;
      text += chunk;
      if (text.includes("\n")) resolve(Number.parseInt(text));
    }
    reject(new Error("It ended before it listened."));
  };
  read().catch(reject);
  return await promise;
}

/** Finds the magic links in the server's log. */
class ServerLog {
  readonly mailbox = new Mailbox();
  readonly ended: Promise<void>;
  #tail = "";

  constructor(stderr: ReadableStream<Uint8Array>) {
    this.ended = this.#read(stderr);
  }

  get tail(): string {
    return this.#tail;
  }

  async #read(stderr: ReadableStream<Uint8Array>): Promise<void> {
    let unread = "";
    for await (const chunk of stderr.pipeThrough(new TextDecoderStream())) {
      this.#tail = (this.#tail + chunk).slice(-4_000);
      unread += chunk;
      const links = /MAGIC LINK for (\S+)\s+URL: \S+\s+CLI: \/token (\S+)\s/g;
      let read = 0;
      for (const { 0: link, 1: email = "", 2: token = "", index } of unread.matchAll(links)) {
        this.mailbox.deliver(email, token);
        read = index + link.length;
      }
      unread = unread.slice(Math.max(read, unread.length - 4_000));
    }
  }
}
