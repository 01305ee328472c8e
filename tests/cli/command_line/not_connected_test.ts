import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { TestHome } from "../support/test_home.ts";
import { roomz } from "../support/test_io.ts";

const COMMANDS = [["whoami"], ["send", "hi"], ["tail"], ["chat"], ["login", "ada@example.com"]];

/** `tail` and `chat` wait for a server that is not up, unless they must not. */
const IMPATIENT = COMMANDS.map((command) =>
  ["tail", "chat"].includes(command[0] ?? "") ? [...command, "--no-wait"] : command
);

/** An HTTP server that is not Roomz, while `use` runs. */
async function withHttpServer(
  handler: (request: Request) => Response,
  use: (host: string) => Promise<void>,
): Promise<void> {
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
  await use(`127.0.0.1:${server.addr.port}`);
}

/** Every command fails to connect: one clear error that names the server, no stack trace. */
async function expectNotConnected(server: string, commands = COMMANDS): Promise<void> {
  for (const command of commands) {
    const { exitCode, stdout, stderr } = await roomz([...command, "-s", server], {
      env: { ROOMZ_TOKEN: "head.payload.signature", XDG_STATE_HOME: "/nowhere" },
    });
    assertEquals({ command, exitCode, stdout }, { command, exitCode: 4, stdout: "" });
    assert(stderr.startsWith("roomz: "), stderr);
    assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
    assertStringIncludes(stderr, server);
    assert(!stderr.includes("head.payload.signature"), "the session was shown");
  }
}

Deno.test("an unreachable server is exit code 4, and the error names the server", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await expectNotConnected(`http://127.0.0.1:${port}`, IMPATIENT);
});

Deno.test("a web server that answers 200 to everything is not mistaken for Roomz", async () => {
  await withHttpServer(
    () => new Response("<html>hello</html>", { headers: { "content-type": "text/html" } }),
    (host) => expectNotConnected(`http://${host}`),
  );
});

Deno.test("a web server that answers 404 to everything is not mistaken for Roomz", async () => {
  await withHttpServer(
    () => new Response("not found", { status: 404 }),
    (host) => expectNotConnected(`http://${host}`),
  );
});

Deno.test("https on a plain HTTP port is reported as an unreachable server", async () => {
  await withHttpServer(
    () => new Response("hello"),
    (host) => expectNotConnected(`https://${host}`),
  );
});

Deno.test("an invalid server URL is a usage error", async () => {
  for (const url of ["localhost:8000", "ftp://localhost", "nonsense"]) {
    const { exitCode, stderr } = await roomz(["whoami", "-s", url], {
      env: { XDG_STATE_HOME: "/nowhere" },
    });
    assertEquals(exitCode, 2);
    assertEquals(
      stderr,
      'roomz: The server URL is not valid. Include the scheme, as in "http://localhost:8000".\n',
    );
  }
});

Deno.test("the error about an invalid server URL says where the URL was set", async () => {
  await using home = await TestHome.make({ ".roomz.toml": '[client]\nserver_url = "x"' });
  const places: readonly [env: Record<string, string>, origin: string][] = [
    [{}, `${home.path}/.roomz.toml`],
    [{ ROOMZ_SERVER_URL: "localhost:8000" }, "ROOMZ_SERVER_URL"],
  ];
  for (const [env, origin] of places) {
    for (const command of [...COMMANDS, ["logout"], ["history"]]) {
      const { exitCode, stderr } = await roomz(command, { env: { ...home.env, ...env } });
      assertEquals(exitCode, 2);
      assertStringIncludes(stderr, `The server URL is not valid.`);
      assertStringIncludes(stderr, ` It was set by ${origin}.\n`);
    }
  }
});
