import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const root = fromFileUrl(new URL("../..", import.meta.url));

/** A separate checkout for the launcher, and a network that never answers a request to JSR. */
class Checkout implements AsyncDisposable {
  readonly folder: string;
  readonly #cache: string;
  readonly #proxy: Deno.TcpListener;
  readonly #connections: Deno.TcpConn[] = [];
  #ownConnections = 0;

  private constructor(folder: string, cache: string) {
    this.folder = folder;
    this.#cache = cache;
    this.#proxy = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.#swallow();
  }

  static async make(): Promise<Checkout> {
    // Folder names have spaces and umlauts in real life.
    const folder = await Deno.makeTempDir({ prefix: "my röomz " });
    const files = ["deno.json", ".gitignore", "tools", "offline"];
    const copied = await new Deno.Command("cp", { args: ["-r", ...files, folder], cwd: root })
      .output();
    assert(copied.success);
    await new Deno.Command("git", { args: ["init", "-q"], cwd: folder }).output();
    await new Deno.Command("git", { args: ["add", "-A"], cwd: folder }).output();
    return new Checkout(folder, await Deno.makeTempDir());
  }

  /** How many network connections were attempted; one request may take several. */
  async requests(): Promise<number> {
    // Connections are accepted in order: once this last one is, all earlier ones are too.
    using last = await Deno.connect({ port: this.#proxy.addr.port });
    while (!this.#connections.some(({ remoteAddr }) => remoteAddr.port === last.localAddr.port)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return this.#connections.length - ++this.#ownConnections;
  }

  async #swallow(): Promise<void> {
    for await (const connection of this.#proxy) this.#connections.push(connection);
  }

  spawn(args: readonly string[], env: Record<string, string> = {}): Deno.ChildProcess {
    return new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-config", "--no-lock", "--quiet", "tools/deno.ts", ...args],
      cwd: this.folder,
      clearEnv: true,
      env: {
        PATH: Deno.env.get("PATH") ?? "",
        DENO_DIR: Deno.env.get("DENO_DIR") ?? join(Deno.env.get("HOME") ?? "", ".cache", "deno"),
        XDG_CACHE_HOME: this.#cache,
        HTTPS_PROXY: `http://127.0.0.1:${this.#proxy.addr.port}`,
        // Deno sometimes checks for updates, which is no request of the launcher.
        DENO_NO_UPDATE_CHECK: "1",
        NO_COLOR: "1",
        ...env,
      },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  /** Runs the launcher until it exits. */
  async run(
    args: readonly string[],
    env: Record<string, string> = {},
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const { code, stdout, stderr } = await this.spawn(args, env).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }

  /** The files that the launcher left and git would show. */
  async untracked(): Promise<string> {
    const { stdout } = await new Deno.Command("git", {
      args: ["ls-files", "--others", "--exclude-standard"],
      cwd: this.folder,
    }).output();
    return new TextDecoder().decode(stdout);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#proxy.close();
    for (const connection of this.#connections) connection.close();
    await Deno.remove(this.folder, { recursive: true });
    await Deno.remove(this.#cache, { recursive: true });
  }
}

const JOIN = ["eval", 'import { join } from "@std/path"; console.log(join("a", "b"))'];

Deno.test("without JSR the launcher uses the stand-ins, says so once, and remembers it", async () => {
  await using checkout = await Checkout.make();
  const first = await checkout.run(JOIN);
  assertEquals(first, {
    code: 0,
    stdout: "a/b\n",
    stderr: "packages: offline/, the stand-ins, because JSR does not answer here\n",
  });
  const requests = await checkout.requests();

  assertEquals(await checkout.run(JOIN), first);
  assertEquals(await checkout.requests(), requests, "the answer is remembered");
  assertEquals(await checkout.untracked(), "");
});

Deno.test("the launcher asks JSR again after an hour", async () => {
  await using checkout = await Checkout.make();
  const memory = join(checkout.folder, ".cache", "jsr.json");
  await Deno.mkdir(join(checkout.folder, ".cache"));

  await Deno.writeTextFile(memory, JSON.stringify({ answers: true, at: Date.now() - 3_000_000 }));
  const recent = await checkout.run(["eval", "1"]);
  assertEquals([recent.stderr, await checkout.requests()], ["packages: JSR\n", 0]);

  for (const note of [JSON.stringify({ answers: true, at: Date.now() - 3_700_000 }), "{damaged"]) {
    await Deno.writeTextFile(memory, note);
    const before = Date.now();
    assertStringIncludes((await checkout.run(["eval", "1"])).stderr, "JSR does not answer");
    // On a busy machine the time to ask can be over before a connection is made: the answer is what counts.
    const { answers, at } = JSON.parse(await Deno.readTextFile(memory));
    assertEquals([answers, at >= before], [false, true], "JSR was asked again");
  }
});

Deno.test("ROOMZ_PACKAGES decides without asking JSR", async () => {
  await using checkout = await Checkout.make();
  const offline = await checkout.run(JOIN, { ROOMZ_PACKAGES: "offline" });
  assertEquals([offline.code, offline.stdout], [0, "a/b\n"]);
  const jsr = await checkout.run(["eval", "1"], { ROOMZ_PACKAGES: "jsr" });
  assertEquals(jsr.stderr, "packages: JSR (ROOMZ_PACKAGES)\n");
  assertEquals(await checkout.requests(), 0);
});

Deno.test("the launcher writes its configuration once, and says what to do when it cannot", async () => {
  await using checkout = await Checkout.make();
  const env = { ROOMZ_PACKAGES: "offline" };
  const config = join(checkout.folder, "deno.offline.json");
  assertEquals((await checkout.run(JOIN, env)).code, 0);
  const made = await Deno.stat(config);
  assertEquals((await checkout.run(JOIN, env)).code, 0);
  assertEquals((await Deno.stat(config)).ino, made.ino, "same content, same file");

  await Deno.writeTextFile(config, "left over, and {damaged");
  assertEquals((await checkout.run(JOIN, env)).code, 0);

  // A directory in the way stops even root, unlike a read-only folder.
  await Deno.remove(config);
  await Deno.mkdir(join(config, "in the way"), { recursive: true });
  const { code, stderr } = await checkout.run(JOIN, env);
  assertEquals(code, 1);
  assertStringIncludes(stderr, `Cannot write ${config}: `);
  assertStringIncludes(stderr, "set ROOMZ_PACKAGES=jsr");
  assertEquals(await checkout.untracked(), "");
});

Deno.test("the launcher exits with the code of its child, and passes signals on", async () => {
  await using checkout = await Checkout.make();
  const env = { ROOMZ_PACKAGES: "offline" };
  assertEquals((await checkout.run(["eval", "Deno.exit(7)"], env)).code, 7);
  assertEquals((await checkout.run([], env)).code, 2);

  const program =
    'Deno.addSignalListener("SIGTERM", () => Deno.exit(9)); setInterval(() => {}, 1e6);' +
    'console.log("ready")';
  const child = checkout.spawn(["eval", program], env);
  const reader = child.stdout.getReader();
  await reader.read();
  child.kill("SIGTERM");
  assertEquals((await child.status).code, 9);
  await reader.cancel();
  await child.stderr.cancel();
});
