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

Deno.test("whoami --json prints email, created_at and server", async () => {
  await using server = await TestServer.start();
  const { stdout } = await roomz(["whoami", "--json"], { env: await server.token() });
  const { email, created_at, server: url } = JSON.parse(stdout);
  assertEquals({ email, url }, { email: "ada@example.com", url: server.url });
  assertMatch(created_at, /^\d{4}-\d\d-\d\dT/);
});

Deno.test("whoami without a session says how to log in, code 3", async () => {
  await using server = await TestServer.start();
  assertEquals(await roomz(["whoami"], { env: server.home }), {
    exitCode: 3,
    stdout: "",
    stderr: `roomz: Not logged in to ${server.url}.\n    Log in with: roomz login EMAIL\n`,
  });
});

Deno.test("the login that is advised is one to the server that --server names", async () => {
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

Deno.test("a session that the server no longer accepts is told as such, and stays kept", async () => {
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

Deno.test("a session in ROOMZ_TOKEN is used and not kept", async () => {
  await using server = await TestServer.start();
  await roomz(["whoami"], { env: await server.token() });
  assertEquals((await roomz(["whoami"], { env: server.home })).exitCode, 3);
});

Deno.test("a magic-link token in ROOMZ_TOKEN works on every run", async () => {
  await using server = await TestServer.start();
  await roomz(["login", "ada@example.com"], { env: server.home }); // Ends for want of a link.
  const ROOMZ_TOKEN = new URL(server.links[0] ?? "").searchParams.get("token") ?? "";
  for (let run = 0; run < 2; run++) {
    const { stdout } = await roomz(["whoami"], { env: { ...server.home, ROOMZ_TOKEN } });
    assertEquals(stdout, "ada@example.com\n");
  }
});

Deno.test("a whole magic link in ROOMZ_TOKEN is as good as its token; one without a token is refused", async () => {
  await using server = await TestServer.start();
  await roomz(["login", "ada@example.com"], { env: server.home }); // Ends for want of a link.
  const [ROOMZ_TOKEN = ""] = server.links;
  const { stdout } = await roomz(["whoami"], { env: { ...server.home, ROOMZ_TOKEN } });
  assertEquals(stdout, "ada@example.com\n");
  const wrong = { ...server.home, ROOMZ_TOKEN: `${server.url}/auth/verify` };
  const { exitCode, stderr } = await roomz(["whoami"], { env: wrong });
  assertEquals(exitCode, 3);
  assertStringIncludes(stderr, "This is a magic link, not the token in it.");
});

Deno.test("a damaged session file costs a new login, and is told", async () => {
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

Deno.test("a state folder that cannot be read is told in one line", async () => {
  await using server = await TestServer.start();
  const blocked = `${server.home.XDG_STATE_HOME}/file`;
  await Deno.writeTextFile(blocked, "");
  const { exitCode, stderr } = await roomz(["whoami"], {
    env: { ...server.home, XDG_STATE_HOME: blocked },
  });
  assertEquals(exitCode, 1);
  assertMatch(stderr, /^roomz: .*Not a directory.*\n$/);
});
