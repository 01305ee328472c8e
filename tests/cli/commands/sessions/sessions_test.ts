import { assert, assertEquals, assertMatch } from "@std/assert";
import { TestHome } from "../../support/test_home.ts";
import { roomz } from "../../support/test_io.ts";
import { TestServer } from "../../support/test_server.ts";

Deno.test("sessions lists the server, email and expiry date of every session, but no tokens", async () => {
  await using home = await TestHome.make();
  await using one = await TestServer.start();
  await using two = await TestServer.start();
  const tokens: string[] = [];
  for (const server of [one, two]) {
    const token = await server.session();
    tokens.push(token);
    await roomz(["login", "-s", server.url], { env: home.env, stdin: token });
  }
  const { exitCode, stdout } = await roomz(["sessions"], { env: home.env });
  assertEquals(exitCode, 0);
  const lines = stdout.trimEnd().split("\n");
  assertEquals(lines.map((line) => line.split("\t")[0]), [one.url, two.url].sort());
  for (const line of lines) assertMatch(line, /\tada@example\.com\texpires \d{4}-\d\d-\d\d$/);

  const json = await roomz(["sessions", "--json"], { env: home.env });
  const [first = ""] = json.stdout.split("\n");
  const { server, email, expires_at, ...rest } = JSON.parse(first);
  assertEquals({ server, email, rest }, {
    server: lines[0]?.split("\t")[0],
    email: "ada@example.com",
    rest: {},
  });
  assert(Date.parse(expires_at) > Date.now());
  for (const token of tokens) {
    for (const part of token.split(".")) assert(!(stdout + json.stdout).includes(part));
  }
});

Deno.test("sessions --token prints the token for one server, which works on another machine", async () => {
  await using server = await TestServer.start();
  const token = await server.session();
  await roomz(["login"], { env: server.home, stdin: token });
  const { stdout } = await roomz(["sessions", "--token"], { env: server.home });
  assertEquals(stdout, `${token}\n`);
  await using elsewhere = await TestHome.make();
  const bot = await roomz(["whoami", "-s", server.url], {
    env: { ...elsewhere.env, ROOMZ_TOKEN: stdout.trim() },
  });
  assertEquals(bot.stdout, "ada@example.com\n");

  assertEquals(
    await roomz(["sessions", "--token", "-s", "http://other.example"], {
      env: server.home,
    }),
    {
      exitCode: 3,
      stdout: "",
      stderr: "roomz: Not logged in to http://other.example. " +
        "Log in with: roomz login -s http://other.example EMAIL\n",
    },
  );
  const both = await roomz(["sessions", "--token", "--json"], { env: server.home });
  assertEquals([both.exitCode, both.stdout], [2, ""]);
});

Deno.test("without stored sessions, sessions says how to log in and writes no file", async () => {
  await using home = await TestHome.make();
  assertEquals(await roomz(["sessions"], { env: home.env }), {
    exitCode: 0,
    stdout: "",
    stderr: "No stored sessions. Log in with: roomz login EMAIL\n",
  });
  assertEquals(await Array.fromAsync(Deno.readDir(home.path)), []);
});

Deno.test("a damaged file is reported with a remedy, and a login or logout replaces it", async () => {
  await using server = await TestServer.start();
  const damage = async (): Promise<void> => {
    const folder = `${server.home.XDG_STATE_HOME}/roomz`;
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(`${folder}/sessions.kv`, "no database ".repeat(100));
  };
  const damaged = /^roomz: Could not read .*sessions\.kv: .*roomz login EMAIL\n$/;
  for (const command of ["login", "logout"]) {
    await damage();
    const { exitCode, stdout, stderr } = await roomz(["sessions"], { env: server.home });
    assertEquals({ exitCode, stdout }, { exitCode: 1, stdout: "" });
    assertMatch(stderr, damaged);
    const replaced = await roomz([command], { env: server.home, stdin: await server.session() });
    assertEquals(replaced.exitCode, 0);
    assertEquals((await roomz(["sessions"], { env: server.home })).exitCode, 0);
  }
});
