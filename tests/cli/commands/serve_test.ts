import { main, OutputClosed } from "@roomz/roomz/cli";
import { assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { reportSkipped, skipRest } from "../../support/skip.ts";
import { TestHome } from "../support/test_home.ts";
import { roomz, TestIo } from "../support/test_io.ts";

interface Serving extends AsyncDisposable {
  readonly io: TestIo;
  readonly ended: Promise<number>;
  readonly url: string;
}

async function startServing(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Serving> {
  const io = new TestIo({ env });
  const ended = main(["serve", "--port", "0", ...args], io);
  const [url = ""] = await io.stdout.until(/http:\S+/);
  return {
    io,
    ended,
    url,
    async [Symbol.asyncDispose]() {
      io.interrupt();
      await ended;
    },
  };
}

Deno.test("serve prints its URL and the magic links on stdout, and allowed people can log in", async () => {
  await using serving = await startServing(["--email", "ada@example.com", "--email", "b@x.org"]);
  assertMatch(serving.io.stderr.text, /Development server running/);
  // The suggested login command uses the host name of the printed URL.
  assertStringIncludes(serving.io.stderr.text, `roomz login -s ${serving.url} ada@example.com\n`);
  // The same host as in magic links: a browser keeps a login for one host.
  assertStringIncludes(
    serving.io.stderr.text,
    `In a browser: ${serving.url.replace("localhost", "127.0.0.1")}\n`,
  );
  const state = await Deno.makeTempDir();
  try {
    const env = { XDG_STATE_HOME: state, ROOMZ_SERVER_URL: serving.url };
    for (const email of ["ada@example.com", "b@x.org"]) {
      await roomz(["login", email], { env });
      await serving.io.stderr.until(new RegExp(`Magic link for ${email} \\(works once\\):\n$`));
      const link = serving.io.stdout.text.trimEnd().split("\n").at(-1) ?? "";
      assertEquals((await roomz(["login"], { env, stdin: link })).exitCode, 0);
      assertEquals((await roomz(["whoami"], { env })).stdout, `${email}\n`);
    }
    assertEquals((await roomz(["login", "eve@example.com"], { env })).exitCode, 1);
  } finally {
    await Deno.remove(state, { recursive: true });
  }
});

Deno.test("serve --allow-all lets every email address log in", async () => {
  await using serving = await startServing(["--allow-all"]);
  await roomz(["login", "who@ever.org", "-s", serving.url], {
    env: { XDG_STATE_HOME: "/nowhere" },
  });
  await serving.io.stderr.until(/Magic link for who@ever\.org/);
});

Deno.test("serve exits with 130 after Ctrl+C and 0 after SIGTERM, and frees its port", async () => {
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 0]] as const) {
    await using serving = await startServing(["--allow-all"]);
    serving.io.interrupt(signal);
    assertEquals(await serving.ended, code);
    const { port } = new URL(serving.url);
    Deno.listen({ hostname: "127.0.0.1", port: Number(port) }).close();
  }
});

for (const port of [25, 2049, 6000, 6566, 6667, 10_080]) {
  Deno.test(`serve on port ${port}, which fetch blocks, says so, code 1`, async () => {
    const { exitCode, stdout, stderr } = await roomz(["serve", "--allow-all", "-p", `${port}`]);
    assertEquals([exitCode, stdout], [1, ""]);
    assertMatch(
      stderr,
      new RegExp(`^roomz: Port ${port} is blocked by the Fetch standard.*8000.*\n$`),
    );
  });
}

Deno.test("serve on a port in use says so, code 1", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const { exitCode, stdout, stderr } = await roomz(["serve", "--allow-all", "-p", String(port)]);
  assertEquals({ exitCode, stdout }, { exitCode: 1, stdout: "" });
  assertMatch(stderr, new RegExp(`^roomz: Port ${port} of 127\\.0\\.0\\.1 is in use\\. .*\n$`));
});

Deno.test("serve rejects an email address that could never log in", async () => {
  for (const email of ["nonsense", "*", "ada@example.com,bob@example.com"]) {
    const { exitCode, stderr } = await roomz(["serve", "--port", "0", "--email", email]);
    assertEquals(exitCode, 2);
    assertStringIncludes(
      stderr,
      `--email must be an address such as ada@example.com, but is "${email}". For several addresses, repeat --email;`,
    );
  }
});

Deno.test("the login command that serve suggests works", async () => {
  await using home = await TestHome.make();
  await using serving = await startServing(["--email", "ada@example.com", "--email", "b@x.org"]);
  const [, command = ""] = /^In another terminal: roomz (.*)$/m.exec(serving.io.stderr.text) ?? [];
  const io = new TestIo({ env: home.env, stdin: null });
  const ended = main(command.split(" "), io);
  const [, link = ""] = await serving.io.stdout.until(/\n(http\S+token=\S+)\n/);
  io.stdin.type(link);
  io.stdin.end();
  assertEquals(await ended, 0);
  assertMatch(io.stderr.text, /Logged in to http:\/\/localhost:\d+ as ada@example\.com\./);
});

Deno.test("serve exits quietly if the reader of its links closed the pipe", async () => {
  await using serving = await startServing(["--allow-all"]);
  serving.io.stdout.write = () => Promise.reject(new OutputClosed());
  await roomz(["login", "ada@example.com", "-s", serving.url], {
    env: { XDG_STATE_HOME: "/nowhere" },
  });
  assertEquals(await serving.ended, 0);
  assertNotMatch(serving.io.stderr.text, /roomz: |Closed/);
});

/**
 * A free port for two servers, one after the other. Systems give out higher ones for port 0 and for
 * connections: another test could have it in between.
 */
function portForTwo(): string {
  for (;;) {
    const port = 11_000 + Math.floor(Math.random() * 20_000);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return String(port);
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}

async function logInTo(serving: Serving, env: Readonly<Record<string, string>>): Promise<void> {
  await roomz(["login", "ada@example.com", "-s", serving.url], { env });
  const [, link = ""] = await serving.io.stdout.until(/\n(http\S+token=\S+)\n/);
  const { exitCode } = await roomz(["login", "-s", serving.url], { env, stdin: link });
  assertEquals(exitCode, 0);
}

const keeping: readonly [first: string[], second: string[], exitCode: number][] = [
  [["--keep"], ["--keep"], 0],
  [["--keep", "--host", "localhost"], ["--keep"], 0],
  [["--keep"], [], 3],
  [[], ["--keep"], 3],
  [[], [], 3],
];
for (const [first, second, exitCode] of keeping) {
  const runs = `serve ${first.join(" ")} and then serve ${second.join(" ")}`;
  Deno.test(`the login of ${runs} is ${exitCode === 0 ? "kept" : "void"}`, async () => {
    await using home = await TestHome.make();
    const port = portForTwo();
    {
      await using serving = await startServing(["--allow-all", ...first, "-p", port], home.env);
      await logInTo(serving, home.env);
    }
    await using again = await startServing(["--allow-all", ...second, "-p", port], home.env);
    const ended = await roomz(["whoami", "-s", again.url], { env: home.env });
    assertEquals(ended.exitCode, exitCode, ended.stderr);
  });
}

Deno.test("without --keep, serve says that earlier logins are void; with it, nothing of the kind", async () => {
  await using home = await TestHome.make();
  await using forgetful = await startServing(["--allow-all"], home.env);
  assertMatch(forgetful.io.stderr.text, /^Earlier logins are void, .* --keep keeps them\.$/m);
  await using keeping = await startServing(["--allow-all", "--keep"], home.env);
  assertNotMatch(keeping.io.stderr.text, /void/);
});

Deno.test("--keep refuses the logins of addresses that are no longer allowed", async () => {
  await using home = await TestHome.make();
  const port = portForTwo();
  {
    await using serving = await startServing(["--allow-all", "--keep", "-p", port], home.env);
    await logInTo(serving, home.env);
  }
  const stricter = ["--email", "b@x.org", "--keep", "-p", port];
  await using again = await startServing(stricter, home.env);
  assertEquals((await roomz(["whoami", "-s", again.url], { env: home.env })).exitCode, 3);
});

Deno.test("two servers that start at once with --keep share one secret", async () => {
  await using home = await TestHome.make();
  const start = () => startServing(["--allow-all", "--keep"], home.env);
  const [one, two] = await Promise.all([start(), start()]);
  await using _one = one;
  await using _two = two;
  await logInTo(one, home.env);
  const { stdout } = await roomz(["sessions", "--token", "-s", one.url], { env: home.env });
  const env = { ...home.env, ROOMZ_TOKEN: stdout.trim() };
  assertEquals((await roomz(["whoami", "-s", two.url], { env })).exitCode, 0);
});

Deno.test({
  name: "only its owner can read the secret of --keep, whatever its mode was",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using home = await TestHome.make();
    const file = `${home.path}/state/roomz/serve_secret`;
    for (let run = 0; run < 2; run++) {
      await using _serving = await startServing(["--allow-all", "--keep"], home.env);
      assertEquals(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600);
      await Deno.chmod(file, 0o644);
    }
  },
});

for (const content of ["", "short", "z".repeat(64), "0".repeat(63), "\0".repeat(64)]) {
  Deno.test(`a damaged secret (${JSON.stringify(content)}) is not used, and the remedy is named`, async () => {
    await using home = await TestHome.make({ "state/roomz/serve_secret": content });
    const { exitCode, stderr } = await roomz(["serve", "--allow-all", "--keep", "-p", "0"], {
      env: home.env,
    });
    assertEquals(exitCode, 1);
    assertMatch(
      stderr,
      /^roomz: --keep cannot use .*\/serve_secret: it is damaged\. Delete it; .*\n$/,
    );
  });
}

Deno.test("--keep needs somewhere to keep the secret", async () => {
  const { exitCode, stderr } = await roomz(["serve", "--allow-all", "--keep", "-p", "0"]);
  assertEquals(exitCode, 2);
  assertStringIncludes(stderr, "Neither HOME nor XDG_STATE_HOME is set");
  await using home = await TestHome.make({ "state": "a file" });
  const blocked = await roomz(["serve", "--allow-all", "--keep", "-p", "0"], { env: home.env });
  assertEquals(blocked.exitCode, 1);
  assertMatch(blocked.stderr, /^roomz: --keep cannot use .*\/serve_secret: /);
});

const hosts: readonly [host: string, url: RegExp, warning: RegExp | undefined][] = [
  ["127.0.0.1", /^http:\/\/localhost:\d+\n/, undefined],
  ["localhost", /^http:\/\/localhost:\d+\n/, undefined],
  ["::1", /^http:\/\/\[::1\]:\d+\n/, undefined],
  ["[::1]", /^http:\/\/\[::1\]:\d+\n/, undefined],
  ["0.0.0.0", /^http:\/\/localhost:\d+\n/, /Warning: whoever can reach this machine .*--host/],
  ["::", /^http:\/\/localhost:\d+\n/, /Warning: whoever can reach this machine .*--host/],
];
const hasIpv6 = Deno.networkInterfaces().some(({ address }) => address === "::1");
if (!hasIpv6) reportSkipped("serve --host with IPv6 addresses", "this machine has no IPv6");
for (const [host, url, warning] of hosts) {
  if (!hasIpv6 && host.includes(":")) continue;
  Deno.test(`serve --host ${host} ${warning === undefined ? "has no warning" : "warns"}, and people can log in`, async () => {
    await using home = await TestHome.make();
    await using serving = await startServing(["--allow-all", "--host", host]);
    assertMatch(serving.io.stdout.text, url);
    if (warning === undefined) assertNotMatch(serving.io.stderr.text, /Warning/);
    else assertMatch(serving.io.stderr.text, warning);
    await logInTo(serving, home.env);
  });
}

Deno.test("an address of this machine's network is in the URL, the links and the warning", async (t) => {
  const own = Deno.networkInterfaces()
    .find(({ address, family }) => family === "IPv4" && !address.startsWith("127."));
  if (own === undefined) {
    return await skipRest(t, "serve on the network", "this machine has no network");
  }
  await using home = await TestHome.make();
  await using serving = await startServing(["--allow-all", "--host", own.address]);
  assertStringIncludes(serving.url, own.address);
  assertStringIncludes(serving.io.stderr.text, `Warning: whoever can reach ${own.address} can `);
  await logInTo(serving, home.env);
  assertMatch(serving.io.stdout.text, new RegExp(`\n${serving.url}/auth/verify`));
});

for (const host of ["http://0.0.0.0", "0.0.0.0:8000", "", "a b", "[::1]:8000", "localhost:1"]) {
  Deno.test(`serve --host "${host}" is a usage error`, async () => {
    const { exitCode, stderr } = await roomz(["serve", "--allow-all", "-p", "0", `--host=${host}`]);
    assertEquals(exitCode, 2);
    assertMatch(stderr, /^roomz: --host must be an address of this machine/);
  });
}

Deno.test("an address that is not this machine's is named", async () => {
  const { exitCode, stderr } = await roomz(["serve", "--allow-all", "-p0", "--host", "192.0.2.1"]);
  assertEquals(exitCode, 1);
  assertMatch(stderr, /^roomz: Cannot listen on port 0 of 192\.0\.2\.1 /);
});
