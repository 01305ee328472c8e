/**
 * The room that someone has who types the commands of a page.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { assert, assertEquals } from "@std/assert";
import { RunningCommand } from "../../support/running_command.ts";
import { within } from "../../support/within.ts";
import { skipRest } from "../../support/skip.ts";
import type { EmptyHome, Result } from "./empty_home.ts";

/** How long a command may take on a busy machine, milliseconds. */
const LIMIT = 120_000;

/** What is tried with a command; a text is why it is not tried here. */
export type Proof = (command: string) => Promise<string | void>;

/** Tries the commands of a page in order, each of which must have a proof. */
export async function tryCommands(
  t: Deno.TestContext,
  commands: readonly string[],
  proofs: Readonly<Record<string, Proof>>,
): Promise<void> {
  assertEquals(commands.toSorted(), Object.keys(proofs).toSorted(), "each command has a proof");
  for (const command of commands) {
    await t.step(command, async (t) => {
      const reason = await within(LIMIT, command, Promise.resolve(proofs[command]?.(command)));
      if (typeof reason === "string") await skipRest(t, command, reason);
    });
  }
}

/** The proof of a command that something else tries, or that cannot be tried here. */
export function notHere(reason: string): Proof {
  return () => Promise.resolve(reason);
}

/** Runs a line of a shell; it must succeed. */
export async function runLine(
  home: EmptyHome,
  folder: string,
  line: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Result> {
  const result = await home.run(folder, "sh", ["-c", line], env);
  assertEquals(result.code, 0, `${line}\n${result.stdout}${result.stderr}`);
  return result;
}

/** The folder `project` of a home, with a server, and a phone in the room of me@example.com. */
export class DocumentedRoom implements AsyncDisposable {
  readonly #home: EmptyHome;
  readonly #children: RunningCommand[] = [];
  /** The server's URL. */
  url = "";
  #phone: AsyncClient | undefined;

  constructor(home: EmptyHome) {
    this.#home = home;
  }

  get env(): { readonly ROOMZ_SERVER_URL: string } {
    return { ROOMZ_SERVER_URL: this.url };
  }

  /** Starts a server with a line of a shell that ends in `exec`, and waits until it is up. */
  async serve(line: string, up: RegExp): Promise<void> {
    const server = this.#start(line, {});
    const [url = ""] = await server.says(/http:\/\/127\.0\.0\.1:\d+/);
    this.url = url.replace("127.0.0.1", "localhost");
    await server.says(up);
  }

  /** Logs in with the link that the server prints, and has a phone join. */
  async logIn(command: string): Promise<void> {
    const login = this.#start(`exec ${command}`, this.env, "piped");
    const [link = ""] = await this.#children[0]?.says(/http\S+\/auth\/verify\?token=\S+/) ?? [];
    await login.write(`${link}\n`);
    assertEquals(await login.code, 0, login.output);
    const { stdout } = await runLine(this.#home, "project", "roomz sessions --token", this.env);
    this.#phone = await AsyncClient.open(this.url, stdout.trim(), { displayName: "phone" });
  }

  /** Runs a bot until the end of the test. */
  async runBot(command: string): Promise<void> {
    const ready = this.#phone?.waitFor("display_name_changed");
    this.#start(`exec ${command}`, this.env);
    await ready;
  }

  /** Says something to a bot, which must answer. */
  async ask(text: string, answer: RegExp): Promise<void> {
    const answered = this.hears(answer);
    await this.say(text);
    await answered;
  }

  /** The same of a bot that is being reloaded: asks again until it answers. */
  async askUntil(text: string, answer: RegExp): Promise<void> {
    const asking = setInterval(() => void this.say(text), 300);
    try {
      await this.hears(answer);
    } finally {
      clearInterval(asking);
    }
  }

  async say(text: string): Promise<void> {
    const result = await this.#phone?.send(text);
    assertEquals(result?.status, "ok");
  }

  /** Resolves when someone else says `text`. */
  async hears(text: string | RegExp): Promise<void> {
    const messages = this.#phone?.messages({ signal: AbortSignal.timeout(LIMIT) });
    assert(messages !== undefined, "the login failed");
    for await (const { content, own } of messages) {
      if (!own && (typeof text === "string" ? content === text : text.test(content))) return;
    }
    throw new Error(`Nobody said ${text}.`);
  }

  #start(
    line: string,
    env: Readonly<Record<string, string>>,
    stdin: "null" | "piped" = "null",
  ): RunningCommand {
    // With exec in it, because a signal must reach the command, and not its shell.
    const child = this.#home.start("project", "sh", ["-c", line], env, stdin);
    const running = new RunningCommand(child, stdin === "piped");
    this.#children.push(running);
    return running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#phone?.disconnect();
    for (const child of this.#children.reverse()) await child.stop();
  }
}
