import { main } from "@roomz/roomz/cli";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { roomz, TestIo } from "../support/test_io.ts";
import { TestServer } from "../support/test_server.ts";

Deno.test("login requests a link, reads it from a hidden prompt and stores the session", async () => {
  await using server = await TestServer.start();
  const io = new TestIo({ env: server.home, terminalColumns: 80, stdin: null });
  const ended = main(["login", "ada@example.com"], io);
  await io.stderr.until(/input is hidden/);
  const [link = ""] = server.links;
  io.stdin.type(`${link}\r`);

  assertEquals(await ended, 0);
  assertStringIncludes(io.stderr.text, "A magic link was sent to ada@example.com.");
  assertStringIncludes(io.stderr.text, `Logged in to ${server.url} as ada@example.com.`);
  assertEquals(io.stdout.text, "");
  const token = new URL(link).searchParams.get("token") ?? "";
  assert(token !== "" && !io.stderr.text.includes(token), "the token was shown");

  const { stdout } = await roomz(["whoami"], { env: server.home });
  assertEquals(stdout, "ada@example.com\n");
});

Deno.test("login reads the link from stdin, and without EMAIL requests no new one", async () => {
  await using server = await TestServer.start();
  await requestLink(server);

  const { exitCode, stderr } = await roomz(["login"], {
    env: server.home,
    stdin: `${server.links[0]}\n`,
  });
  assertEquals({ exitCode, stderr }, {
    exitCode: 0,
    stderr: `Logged in to ${server.url} as ada@example.com.\n`,
  });
  assertEquals(server.links.length, 1);
});

Deno.test("login accepts a session token as well", async () => {
  await using server = await TestServer.start();
  const { exitCode } = await roomz(["login"], { env: server.home, stdin: await server.session() });
  assertEquals(exitCode, 0);
});

Deno.test("--server overrides ROOMZ_SERVER_URL", async () => {
  await using server = await TestServer.start();
  const { exitCode } = await roomz(["login", "-s", server.url], {
    env: { ...server.home, ROOMZ_SERVER_URL: "http://192.0.2.1:1" },
    stdin: await server.session(),
  });
  assertEquals(exitCode, 0);
});

Deno.test("an invalid link is rejected with the next step, and an earlier session is kept", async () => {
  await using server = await TestServer.start();
  await roomz(["login"], { env: server.home, stdin: await server.session() });

  const { exitCode, stdout, stderr } = await roomz(["login"], {
    env: server.home,
    stdin: `${server.url}/auth/verify?token=wrong`,
  });
  assertEquals({ exitCode, stdout }, { exitCode: 3, stdout: "" });
  assertEquals(
    stderr,
    "roomz: The server refused the magic-link token: it is wrong, already used, or older than " +
      "15 minutes.\n    Log in with: roomz login EMAIL\n",
  );
  assertEquals((await roomz(["whoami"], { env: server.home })).stdout, "ada@example.com\n");
});

Deno.test("a rejected email fails with the server's reason, and login does not prompt for a link", async () => {
  await using server = await TestServer.start();
  const { exitCode, stderr } = await roomz(["login", "eve@example.com"], { env: server.home });
  assertEquals(exitCode, 1);
  assertEquals(
    stderr,
    "roomz: The magic link was not sent: This email is not authorized to access this service.\n",
  );
});

Deno.test("an empty stdin and a text that is not a link have different errors", async () => {
  const env = { XDG_STATE_HOME: "/nowhere" };
  const none = await roomz(["login"], { env, stdin: "\n" });
  assertEquals(none.exitCode, 2);
  assertStringIncludes(none.stderr, "No link or token was entered.");
  const wrong = await roomz(["login"], { env, stdin: "my pass word" });
  assertEquals(wrong.exitCode, 2);
  assertStringIncludes(wrong.stderr, "That is not a magic link or token.");
  assert(!wrong.stderr.includes("pass word"), "what was pasted may be a secret");
});

Deno.test("Ctrl+C at the prompt exits with 130 and no output", async () => {
  await using server = await TestServer.start();
  const io = new TestIo({ env: server.home, terminalColumns: 80, stdin: null });
  const ended = main(["login"], io);
  await io.stderr.until(/input is hidden/);
  io.stdin.type("\x03");
  assertEquals(await ended, 130);
  assertEquals(io.stderr.text, "Paste the link or its token (input is hidden): \n");
});

Deno.test("login fails if the session cannot be stored", async () => {
  await using server = await TestServer.start();
  const blocked = `${server.home.XDG_STATE_HOME}/file`;
  await Deno.writeTextFile(blocked, "");
  const { exitCode, stderr } = await roomz(["login"], {
    env: { ...server.home, XDG_STATE_HOME: blocked },
    stdin: await server.session(),
  });
  assertEquals(exitCode, 1);
  assertStringIncludes(stderr, "roomz: The session could not be stored in ");
  assertStringIncludes(stderr, blocked);
});

Deno.test("login warns if ROOMZ_TOKEN overrides the new session", async () => {
  await using server = await TestServer.start();
  const { exitCode, stderr } = await roomz(["login"], {
    env: await server.token(),
    stdin: await server.session(),
  });
  assertEquals(exitCode, 0);
  assertStringIncludes(stderr, "ROOMZ_TOKEN is set and overrides this session");
  assertEquals((await roomz(["whoami"], { env: server.home })).stdout, "ada@example.com\n");
});

Deno.test("a link or token passed instead of the email is neither sent nor repeated in the error", async () => {
  await using server = await TestServer.start();
  const secrets = [
    `${server.url}/auth/verify?token=s3cret`,
    "s3cret",
    "a.s3cret.c",
    "/token s3cret",
  ];
  for (const secret of secrets) {
    const { exitCode, stdout, stderr } = await roomz(["login", secret], { env: server.home });
    assertEquals({ exitCode, stdout }, { exitCode: 2, stdout: "" });
    assertStringIncludes(stderr, "Never pass a link or a token as an argument");
    assertStringIncludes(stderr, "run roomz login without an email");
    assert(!stderr.includes("s3cret"), stderr);
  }
});

const wasted: readonly [what: string, env: Readonly<Record<string, string>>, says: string][] = [
  ["a state folder that is a file", { XDG_STATE_HOME: "/dev/null" }, "so the link was not used"],
  [
    "a state folder that cannot be made",
    { XDG_STATE_HOME: "/proc/roomz" },
    "so the link was not used",
  ],
  ["no home", { HOME: "", XDG_STATE_HOME: "", USERPROFILE: "" }, "Neither HOME nor XDG_STATE_HOME"],
];
for (const [what, env, says] of wasted) {
  Deno.test(`with ${what}, login does not use up the link`, async () => {
    await using server = await TestServer.start();
    await requestLink(server);
    const stdin = server.links[0] ?? "";
    const failed = await roomz(["login"], { env: { ...server.home, ...env }, stdin });
    assert(failed.exitCode !== 0);
    assertStringIncludes(failed.stderr, says);
    assertEquals((await roomz(["login"], { env: server.home, stdin })).exitCode, 0);
  });
}

const misdirected: readonly ((link: string) => string)[] = [
  (link) => link.replace(/localhost:\d+|127\.0\.0\.1:\d+/, "other.example"),
  (link) => link.replace(/:\d+\//, ":1/"),
  (link) => `Click <${link.replace(/localhost|127\.0\.0\.1/, "roomz.example")}>.`,
];
for (const [index, misdirect] of misdirected.entries()) {
  Deno.test(`a link for another server (${index}) is refused, and the right one still works`, async () => {
    await using server = await TestServer.start();
    await requestLink(server);
    const [link = ""] = server.links;
    const wrong = await roomz(["login"], { env: server.home, stdin: misdirect(link) });
    assertEquals(wrong.exitCode, 2);
    assertStringIncludes(wrong.stderr, "That link is for ");
    assert(!wrong.stderr.includes(new URL(link).searchParams.get("token") ?? ""), wrong.stderr);
    const wrapped = `https://x.safelinks.protection.outlook.com/?url=${
      encodeURIComponent(link)
    }&d=1`;
    assertEquals((await roomz(["login"], { env: server.home, stdin: wrapped })).exitCode, 0);
  });
}

async function requestLink(server: TestServer): Promise<void> {
  const response = await fetch(`${server.url}/auth/request-magic-link`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: "ada@example.com" }),
  });
  await response.body?.cancel();
}
