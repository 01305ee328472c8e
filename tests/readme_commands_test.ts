/**
 * Every command of the README, typed as it is written, in a clean clone and with an empty home.
 * @module
 */
import { AsyncClient } from "@roomz/roomz/client";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { EmptyHome, type Result } from "./cli/support/empty_home.ts";
import { codeBlocks, shellCommands } from "./support/markdown_code.ts";
import { skip, skipRest } from "./support/skip.ts";
import { within } from "./support/within.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));
/** How long a command may take on a busy machine, milliseconds. */
const LIMIT = 120_000;

const readme = await Deno.readTextFile(join(ROOT, "README.md"));
const files = await trackedFiles();

if (Deno.build.os === "windows") skip("the README's commands", "they need a POSIX shell");
else if (files === undefined) skip("the README's commands", "this is no clone, or there is no git");
else Deno.test("the README's commands do what it says", (t) => testCommands(t, files));

/** What is tried with a command, or why it is not tried here. */
type Proof = (command: string) => Promise<string | void>;

async function testCommands(t: Deno.TestContext, files: readonly string[]): Promise<void> {
  await using home = await EmptyHome.make();
  await cloneInto(home, files);
  await Deno.mkdir(home.path("project"));
  await home.write("project/bot.ts", codeBlocks(readme, "ts")[0] ?? "");
  await using room = new Room(home);

  const proofs: Readonly<Record<string, Proof>> = {
    "npx -y deno@2.9.6 task demo": async (command) => {
      const env = await npxEnvironment();
      if (env === undefined) return "there is no npx";
      assertDemo(await run(home, "clone", command, env));
    },
    "deno task demo": async (command) => assertDemo(await run(home, "clone", command)),
    "npx -y deno@2.9.6 task test": notInItself,
    "deno task test": notInItself,

    "deno add jsr:@roomz/roomz": async (command) => {
      await run(home, "project", command);
      assertMatch(await home.read("project/deno.json"), /"@roomz\/roomz": "jsr:@roomz\/roomz@\^/);
    },
    "npx jsr add @roomz/roomz": runsInRuntimes,
    "bunx jsr add @roomz/roomz": runsInRuntimes,
    "deno install --global --name=roomz --no-prompt --unstable-kv --unstable-lazy-dynamic-imports --allow-net --allow-read --allow-write --allow-env --allow-sys=hostname jsr:@roomz/roomz/cli":
      async (command) => {
        await run(home, "project", command);
        assertMatch((await run(home, "project", "roomz --version")).stdout, /^roomz \d/);
      },
    "sh install.sh": () =>
      Promise.resolve("tests/tools/release/install_test.ts runs it on a release"),

    "roomz serve --email me@example.com": (command) => room.serve(command),
    "roomz login me@example.com": (command) => room.logIn(command),
    "roomz bot run bot.ts": (command) => room.runBot(command),
    'roomz send "the build is green"': async (command) => {
      const heard = room.hears("the build is green");
      await run(home, "project", command, room.env);
      await heard;
    },
    'roomz ask "Deploy 1.4?" --choices yes,no': async (command) => {
      const asked = room.hears(/^Deploy 1\.4\? \(yes\|no\) \[\w{3}\]$/).then(() => room.say("yes"));
      assertEquals((await run(home, "project", command, room.env)).stdout, "yes\n");
      await asked;
    },
    "ROOMZ_TOKEN=$(roomz sessions --token) deno run --allow-net=localhost --allow-env hello.ts":
      async (command) => {
        const [, hello = ""] = codeBlocks(readme, "ts");
        await home.write("project/hello.ts", hello.replace("http://localhost:8000", room.url));
        const heard = room.hears("Hello!");
        const { stdout } = await run(
          home,
          "project",
          command.replace("deno run", "deno run --check"),
          room.env,
        );
        assertEquals(stdout, "Everyone in the room has it.\n");
        await heard;
      },
  };

  const commands = shellCommands(readme);
  assertEquals(commands.toSorted(), Object.keys(proofs).toSorted(), "each command has a proof");
  for (const command of commands) {
    await t.step(command, async (t) => {
      const reason = await within(LIMIT, command, Promise.resolve(proofs[command]?.(command)));
      if (typeof reason === "string") await skipRest(t, command, reason);
    });
  }
}

function runsInRuntimes(): Promise<string> {
  return Promise.resolve("tests/runtimes/runtimes_test.ts runs it");
}

function notInItself(): Promise<string> {
  return Promise.resolve("this test is part of what it runs");
}

function assertDemo({ stdout }: Result): void {
  assertMatch(stdout, /^login {4}you@example\.com, by a magic link$/m);
  assertMatch(stdout, /^(\d+) of \1 answers are correct\.$/m);
}

/** Runs a line of a shell; it must succeed. */
async function run(
  home: EmptyHome,
  folder: string,
  command: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Result> {
  // The clone uses JSR itself, if it answers.
  const registry = folder === "clone" ? { JSR_URL: "https://jsr.io/" } : {};
  const result = await home.run(folder, "sh", ["-c", command], { ...registry, ...env });
  assertEquals(result.code, 0, `${command}\n${result.stdout}${result.stderr}`);
  return result;
}

/** The room of a server that the README's command started. */
class Room implements AsyncDisposable {
  readonly #home: EmptyHome;
  readonly #children: Running[] = [];
  /** The server's URL. */
  url = "";
  #phone: AsyncClient | undefined;

  constructor(home: EmptyHome) {
    this.#home = home;
  }

  get env(): { readonly ROOMZ_SERVER_URL: string } {
    return { ROOMZ_SERVER_URL: this.url };
  }

  /** Starts the server, on a free port: the README's may be in use here. */
  async serve(command: string): Promise<void> {
    const server = this.#start(`${command} --port 0`, {});
    const [url = ""] = await server.says(/http:\/\/127\.0\.0\.1:\d+/);
    this.url = url.replace("127.0.0.1", "localhost");
  }

  /** Logs in with the link that the server prints, and has a phone join. */
  async logIn(command: string): Promise<void> {
    const login = this.#start(command, this.env, "piped");
    const [link = ""] = await this.#children[0]?.says(/http\S+\/auth\/verify\?token=\S+/) ?? [];
    await login.write(`${link}\n`);
    assertEquals(await login.code, 0, login.output);
    const { stdout } = await run(this.#home, "project", "roomz sessions --token", this.env);
    this.#phone = await AsyncClient.open(this.url, stdout.trim(), { displayName: "phone" });
  }

  /** Runs the bot until the end of the test, and calls it. */
  async runBot(command: string): Promise<void> {
    const ready = this.#phone?.waitFor("display_name_changed");
    this.#start(command, this.env);
    await ready;
    const answered = this.hears(/^That makes 1\.$/);
    await this.say("!todo add milk");
    await answered;
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
    command: string,
    env: Readonly<Record<string, string>>,
    stdin: "null" | "piped" = "null",
  ): Running {
    // exec: a signal must reach the command, and not its shell.
    const child = this.#home.start("project", "sh", ["-c", `exec ${command}`], env, stdin);
    const running = new Running(child, stdin === "piped");
    this.#children.push(running);
    return running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#phone?.disconnect();
    for (const child of this.#children.reverse()) await child.stop();
  }
}

/** A command that runs until it is stopped. */
class Running {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array> | undefined;
  readonly #read: Promise<unknown>;
  readonly code: Promise<number>;
  output = "";
  #heard = Promise.withResolvers<void>();

  constructor(child: Deno.ChildProcess, hasInput: boolean) {
    this.#child = child;
    this.#input = hasInput ? child.stdin.getWriter() : undefined;
    this.#read = Promise.all([child.stdout, child.stderr].map(async (stream) => {
      for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
        this.output += chunk;
        this.#heard.resolve();
        this.#heard = Promise.withResolvers();
      }
    }));
    this.code = this.#read.then(async () => (await child.status).code);
  }

  /** Resolves when the command has printed what matches. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    const ended = this.code.then((code) => {
      throw new Error(`It ended with ${code} and never printed ${pattern}:\n${this.output}`);
    });
    ended.catch(() => {});
    for (;;) {
      const match = pattern.exec(this.output);
      if (match !== null) return match;
      await Promise.race([this.#heard.promise, ended]);
    }
  }

  async write(text: string): Promise<void> {
    await this.#input?.write(new TextEncoder().encode(text));
    await this.#input?.close();
  }

  async stop(): Promise<void> {
    try {
      this.#child.kill("SIGTERM");
    } catch {
      // It has ended by itself.
    }
    await this.code;
  }
}

/** What is in the repository; undefined where that is not known. */
async function trackedFiles(): Promise<string[] | undefined> {
  try {
    const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    const { success, stdout } = await new Deno.Command("git", { args, cwd: ROOT }).output();
    if (!success) return undefined;
    return new TextDecoder().decode(stdout).split("\0").filter((name) => name !== "");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Copies what a clone of the working tree has. */
async function cloneInto(home: EmptyHome, files: readonly string[]): Promise<void> {
  const clone = home.path("clone");
  for (const file of files) {
    await Deno.mkdir(join(clone, file, ".."), { recursive: true });
    await Deno.copyFile(join(ROOT, file), join(clone, file)).catch((error: unknown) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error; // Deleted, but not yet committed.
    });
  }
}

/** npx, with the packages that this machine has already downloaded; undefined if there is none. */
async function npxEnvironment(): Promise<Record<string, string> | undefined> {
  try {
    const { stdout } = await new Deno.Command("npm", { args: ["config", "get", "cache"] }).output();
    const folders = Deno.env.get("PATH") ?? "";
    return { PATH: folders, npm_config_cache: new TextDecoder().decode(stdout).trim() };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
