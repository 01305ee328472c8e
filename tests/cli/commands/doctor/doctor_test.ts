import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { sessionJwt } from "../../../client/support/session_jwt.ts";
import { TestHome } from "../../support/test_home.ts";
import { roomz } from "../../support/test_io.ts";
import { TestServer } from "../../support/test_server.ts";

interface Finding {
  readonly check: string;
  readonly level: string;
  readonly text: string;
  readonly remedy?: string;
}

/** What doctor finds, and its exit code. Everything that is not ok must have a remedy. */
async function doctor(
  env: Readonly<Record<string, string>>,
): Promise<{ exitCode: number; found: Finding[]; levels: Record<string, string> }> {
  const { exitCode, stdout } = await roomz(["doctor", "--json"], {
    env,
    workingFolder: "/nowhere",
  });
  const found: Finding[] = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  for (const { level, remedy } of found) assert(level === "ok" || remedy);
  const levels = Object.fromEntries(found.map(({ check, level }) => [check, level]));
  return { exitCode, found, levels };
}

/** A server that answers every request in the same way. */
function answering(body: string, init: ResponseInit): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response(body, init),
  );
}

const REFUSAL = JSON.stringify({ type: "about:blank", title: "Unauthorized", status: 401 });

Deno.test("doctor finds no problems in a working setup", async () => {
  await using home = await TestHome.make();
  await using server = await TestServer.start();
  const env = { ...home.env, ROOMZ_SERVER_URL: server.url };
  await roomz(["login"], { env, stdin: await server.session() });
  const { exitCode, levels } = await doctor(env);
  assertEquals({ exitCode, levels }, {
    exitCode: 0,
    levels: {
      versions: "ok",
      configuration: "ok",
      files: "ok",
      server: "ok",
      clock: "ok",
      session: "ok",
    },
  });
});

Deno.test("doctor prints remedies, and exits with the first problem's code", async () => {
  await using home = await TestHome.make();
  await using server = await TestServer.start();
  const { exitCode, stdout, stderr } = await roomz(["doctor", "-s", server.url], { env: home.env });
  assertEquals({ exitCode, stderr }, { exitCode: 3, stderr: "roomz: 1 problem found.\n" });
  assertStringIncludes(stdout, "ok      The Roomz server answered");
  assertMatch(stdout, /^PROBLEM Not logged in to .*\.\n {4}roomz login -s http:\S+ EMAIL$/m);
});

Deno.test("a rejected session is a problem, and the remedy mentions ROOMZ_TOKEN if it is set", async () => {
  await using home = await TestHome.make();
  await using server = await TestServer.start();
  const token = await server.session();
  server.server.setAllowedEmails(["bob@example.com"]);
  const env = { ...home.env, ROOMZ_SERVER_URL: server.url, ROOMZ_TOKEN: token };
  const { exitCode, found } = await doctor(env);
  assertEquals(exitCode, 3);
  assertMatch(found.at(-1)?.remedy ?? "", /Renew ROOMZ_TOKEN/);
});

Deno.test("an unreachable server, and one that is not Roomz, exit with 4", async () => {
  await using home = await TestHome.make();
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = closed.addr;
  closed.close();
  const none = await doctor({ ...home.env, ROOMZ_SERVER_URL: `http://127.0.0.1:${port}` });
  assertEquals([none.exitCode, none.levels["server"]], [4, "problem"]);

  for (const [body, init] of [["<html>", { status: 200 }], ["no", { status: 401 }]] as const) {
    await using other = answering(body, init);
    const env = { ...home.env, ROOMZ_SERVER_URL: `http://127.0.0.1:${other.addr.port}` };
    const { exitCode, found } = await doctor(env);
    assertEquals(exitCode, 4);
    assertMatch(found.at(-1)?.text ?? "", /is not a Roomz server \(HTTP \d+\)/);
  }
});

Deno.test("a clock that differs from the server's is a warning that names the direction", async () => {
  await using home = await TestHome.make();
  for (const [hours, says] of [[-2, /ahead of/], [2, /behind/]] as const) {
    const date = new Date(Date.now() + hours * 3_600_000).toUTCString();
    await using server = answering(REFUSAL, { status: 401, headers: { date } });
    const env = { ...home.env, ROOMZ_SERVER_URL: `http://127.0.0.1:${server.addr.port}` };
    const { found } = await doctor(env);
    const clock = found.find(({ check }) => check === "clock");
    assertEquals(clock?.level, "warning");
    assertMatch(clock?.text ?? "", says);
  }
});

Deno.test("the remedy for a session that a wrong clock makes look expired is to set the clock", async () => {
  await using home = await TestHome.make();
  const ended = Date.now() - 3_600_000;
  const date = new Date(ended - 86_400_000).toUTCString();
  await using server = answering(REFUSAL, { status: 401, headers: { date } });
  const env = {
    ...home.env,
    ROOMZ_SERVER_URL: `http://127.0.0.1:${server.addr.port}`,
    ROOMZ_TOKEN: sessionJwt("x", { exp: Math.floor(ended / 1_000) }),
  };
  const { exitCode, found } = await doctor(env);
  assertEquals(exitCode, 3);
  assertMatch(found.at(-1)?.remedy ?? "", /^Set the clock/);
});

for (
  const state of ["/proc", "/proc/self", "/sys", "/dev/null", "/dev/null/below", "/proc/1/none"]
) {
  Deno.test({
    name: `doctor finds that no session can be stored below ${state}`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      await using home = await TestHome.make();
      const env = { ...home.env, XDG_STATE_HOME: state, ROOMZ_SERVER_URL: "http://127.0.0.1:1" };
      const { exitCode, found, levels } = await doctor(env);
      assertEquals({ exitCode, files: levels["files"] }, { exitCode: 1, files: "problem" });
      const files = found.find(({ level }) => level === "problem");
      assertMatch(files?.text ?? "", /essions cannot be stored/);
      assertMatch(files?.remedy ?? "", /XDG_STATE_HOME/);
    },
  });
}

Deno.test("doctor finds a folder in place of the session file", async () => {
  await using home = await TestHome.make();
  await Deno.mkdir(`${home.path}/state/roomz/sessions.kv/x`, { recursive: true, mode: 0o700 });
  const { found } = await doctor({ ...home.env, ROOMZ_SERVER_URL: "http://127.0.0.1:1" });
  assertStringIncludes(JSON.stringify(found), "sessions cannot be stored");
});

Deno.test({
  name: "files that others can read are warnings with the chmod to run",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using home = await TestHome.make();
    const bots = await home.write("state/roomz/bots.kv", "", 0o640);
    await home.write("state/roomz/mine.kv", "", 0o600);
    const sessions = await home.write("state/roomz/sessions.kv", "", 0o644);
    await Deno.chmod(`${home.path}/state/roomz`, 0o755);
    const config = await home.write(".roomz.toml", "", 0o666);
    const { found } = await doctor({ ...home.env, ROOMZ_SERVER_URL: "http://127.0.0.1:1" });
    const remedies = found.filter(({ check }) => check === "files").map(({ remedy }) => remedy);
    assertEquals(remedies, [
      `chmod 700 ${home.path}/state/roomz`,
      `chmod 600 ${bots}`,
      `chmod 600 ${sessions}`,
      `chmod go-w ${config}`,
    ]);
  },
});

Deno.test("an invalid configuration and an invalid URL exit with 2", async () => {
  await using home = await TestHome.make();
  for (const ROOMZ_SERVER_URL of ["localhost:8000", "http://ada:s3cret@h.example", "x"]) {
    const { exitCode, levels } = await doctor({ ...home.env, ROOMZ_SERVER_URL });
    assertEquals([exitCode, levels["server"]], [2, "problem"]);
  }
  await home.write(".roomz.toml", "[client");
  const { exitCode, levels } = await doctor(home.env);
  assertEquals([exitCode, levels["configuration"]], [2, "problem"]);
});

Deno.test("a password in the server's URL is a problem and is not shown", async () => {
  await using home = await TestHome.make();
  for (const url of ["http://ada:s3cret@h.example", "http://:s3cret@h.example"]) {
    const { exitCode, stdout, stderr } = await roomz(["doctor", "-s", url], { env: home.env });
    assertEquals(exitCode, 2);
    assertMatch(stdout, /PROBLEM The server URL is not valid/);
    assert(!(stdout + stderr).includes("s3cret"), stdout);
  }
});

Deno.test("a path where sessions cannot be stored is a problem, and doctor continues", async () => {
  await using home = await TestHome.make({ file: "" });
  await using server = await TestServer.start();
  const env = { ROOMZ_SERVER_URL: server.url };
  for (const variables of [{ HOME: `${home.path}/file` }, {}]) {
    const { exitCode, levels, found } = await doctor({ ...env, ...variables });
    assertEquals([exitCode, levels["files"], levels["server"]], [1, "problem", "ok"]);
    assertMatch(found.find(({ check }) => check === "files")?.remedy ?? "", /XDG_STATE_HOME/);
  }
});

Deno.test("unknown settings are warnings that list the known ones", async () => {
  await using home = await TestHome.make({
    ".roomz.toml":
      'display_name = "A"\nname = "mine"\n[client]\nserver-url = "http://x"\n[other]\na = 1',
  });
  const { found } = await doctor({ ...home.env, ROOMZ_SERVER_URL: "http://127.0.0.1:1" });
  const { level, text, remedy } = found.findLast(({ check }) => check === "configuration") ?? {};
  assertEquals([level, text, remedy], [
    "warning",
    `${home.path}/.roomz.toml: unknown settings display_name, client.server-url (ignored).`,
    "The known settings are server_url, display_name, history, in [client].",
  ]);
});
