import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { roomz } from "../support/test_io.ts";
import { TestServer } from "../support/test_server.ts";

Deno.test("whoami prints the email of the session", async () => {
  await using server = await TestServer.start();
  assertEquals(await roomz(["whoami"], { env: await server.token() }), {
    exitCode: 0,
    stdout: "ada@example.com\n",
    stderr: "",
  });
});

Deno.test("whoami --json prints email, created_at, expires_at and server, of each kind of session", async () => {
  await using server = await TestServer.start();
  await roomz(["login"], { env: server.home, stdin: await server.session() });
  for (const env of [server.home, await server.token()]) {
    const { stdout, stderr } = await roomz(["whoami", "--json"], { env });
    const { email, created_at, expires_at, server: url } = JSON.parse(stdout);
    assertEquals({ email, url, stderr }, { email: "ada@example.com", url: server.url, stderr: "" });
    assertMatch(created_at, /^\d{4}-\d\d-\d\dT/);
    const days = (Date.parse(expires_at) - Date.now()) / 86_400_000;
    assertEquals(Math.round(days), 30);
  }
});

Deno.test("whoami says in the last week when the session expires, and how to renew it", async () => {
  await using server = await TestServer.start();
  const expiresIn = 6 * 86_400_000;
  const ROOMZ_TOKEN = await server.server.mintSession("ada@example.com", { expiresIn });
  const { stdout, stderr } = await roomz(["whoami"], { env: { ...server.home, ROOMZ_TOKEN } });
  assertEquals(stdout, "ada@example.com\n");
  assertMatch(stderr, /^The session expires on \S+Z\. Renew it with: roomz login EMAIL\n$/);
});

Deno.test("whoami without a session says how to log in, exit code 3", async () => {
  await using server = await TestServer.start();
  assertEquals(await roomz(["whoami"], { env: server.home }), {
    exitCode: 3,
    stdout: "",
    stderr: `roomz: Not logged in to ${server.url}.\n    Log in with: roomz login EMAIL\n`,
  });
});

Deno.test("the suggested login command names the server passed with --server", async () => {
  await using server = await TestServer.start();
  const env = { ...server.home, ROOMZ_SERVER_URL: "http://127.0.0.1:1" };
  const advice = `roomz login -s ${server.url} EMAIL`;
  for (
    const command of [
      ["whoami"],
      ["send", "hi"],
      ["tail"],
      ["sessions", "--token"],
      [],
      ["doctor"],
    ]
  ) {
    const args = [...command, "-s", server.url];
    const { exitCode, stdout, stderr } = await roomz(args, { env });
    assertEquals(exitCode, 3, command.join(" "));
    assertStringIncludes(stdout + stderr, advice);
  }
});

Deno.test("a rejected session is reported as such, and stays stored", async () => {
  await using server = await TestServer.start();
  await roomz(["login"], { env: server.home, stdin: await server.session() });
  server.server.setAllowedEmails(["bob@example.com"]);
  for (const command of [["whoami"], ["send", "hi"], ["tail"], ["chat"]]) {
    const { exitCode, stderr } = await roomz(command, { env: server.home });
    assertEquals(exitCode, 3);
    assertMatch(stderr, /^roomz: The server does not accept this session.*\n +Log in with: .*\n$/);
  }
  server.server.setAllowedEmails(["ada@example.com"]);
  assertEquals((await roomz(["whoami"], { env: server.home })).exitCode, 0);
});

Deno.test("a session in ROOMZ_TOKEN is used but not stored", async () => {
  await using server = await TestServer.start();
  await roomz(["whoami"], { env: await server.token() });
  assertEquals((await roomz(["whoami"], { env: server.home })).exitCode, 3);
});

Deno.test("a magic-link token in ROOMZ_TOKEN works on every run", async () => {
  await using server = await TestServer.start();
  await roomz(["login", "ada@example.com"], { env: server.home }); // Fails, because stdin holds no link.
  const ROOMZ_TOKEN = new URL(server.links[0] ?? "").searchParams.get("token") ?? "";
  for (let run = 0; run < 2; run++) {
    const { stdout } = await roomz(["whoami"], { env: { ...server.home, ROOMZ_TOKEN } });
    assertEquals(stdout, "ada@example.com\n");
  }
});

Deno.test("a whole magic link in ROOMZ_TOKEN works like its token; one without a token is rejected", async () => {
  await using server = await TestServer.start();
  await roomz(["login", "ada@example.com"], { env: server.home }); // Fails, because stdin holds no link.
  const [ROOMZ_TOKEN = ""] = server.links;
  const { stdout } = await roomz(["whoami"], { env: { ...server.home, ROOMZ_TOKEN } });
  assertEquals(stdout, "ada@example.com\n");
  const wrong = { ...server.home, ROOMZ_TOKEN: `${server.url}/auth/verify` };
  const { exitCode, stderr } = await roomz(["whoami"], { env: wrong });
  assertEquals(exitCode, 3);
  assertStringIncludes(stderr, "This is a magic link, not the token in it.");
});

Deno.test("a damaged session file is reported and requires a new login", async () => {
  await using server = await TestServer.start();
  const folder = `${server.home.XDG_STATE_HOME}/roomz`;
  await Deno.mkdir(folder);
  await Deno.writeTextFile(`${folder}/sessions.kv`, "no database ".repeat(100));
  const { exitCode, stderr } = await roomz(["whoami"], { env: server.home });
  assertEquals(exitCode, 3);
  assertStringIncludes(stderr, "is damaged. Log in again");
  const login = await roomz(["login"], { env: server.home, stdin: await server.session() });
  assertEquals(login.exitCode, 0);
});

Deno.test("an unreadable state folder is reported in one line", async () => {
  await using server = await TestServer.start();
  const blocked = `${server.home.XDG_STATE_HOME}/file`;
  await Deno.writeTextFile(blocked, "");
  const { exitCode, stderr } = await roomz(["whoami"], {
    env: { ...server.home, XDG_STATE_HOME: blocked },
  });
  assertEquals(exitCode, 1);
  assertMatch(stderr, /^roomz: .*Not a directory.*\n$/);
});
