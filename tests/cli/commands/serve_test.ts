import { main, OutputClosed } from "@roomz/roomz/cli";
import { assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { TestHome } from "../support/test_home.ts";
import { roomz, TestIo } from "../support/test_io.ts";

interface Serving extends AsyncDisposable {
  readonly io: TestIo;
  readonly ended: Promise<number>;
  readonly url: string;
}

async function startServing(args: readonly string[]): Promise<Serving> {
  const io = new TestIo();
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
  const { exitCode, stderr } = await roomz(["serve", "--port", "0", "--email", "nonsense"]);
  assertEquals(exitCode, 1);
  assertStringIncludes(stderr, '"nonsense", which is not an email address');
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
