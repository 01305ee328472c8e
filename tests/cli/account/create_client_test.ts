import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { TestHome } from "../support/test_home.ts";
import { roomz } from "../support/test_io.ts";
import { TestServer } from "../support/test_server.ts";

const commands = [
  ["whoami"],
  ["send", "hi"],
  ["tail", "--count", "1"],
  ["send", "--split", "hi"],
  ["whoami", "--json"],
  ["doctor"],
];
for (const command of commands) {
  Deno.test(`roomz ${command.join(" ")} sends ROOMZ_TOKEN to no server that only the folder names`, async () => {
    await using server = await TestServer.start();
    await using home = await TestHome.make({
      "project/roomz.toml": `[client]\nserver_url = "${server.url}"\n`,
    });
    const token = await server.session();
    const { exitCode, stdout, stderr } = await roomz(command, {
      env: { ...home.env, ROOMZ_TOKEN: token },
      workingFolder: `${home.path}/project`,
    });
    assert(exitCode !== 0);
    assertStringIncludes(stdout + stderr, "ROOMZ_TOKEN is set, but only ");
    assertStringIncludes(stdout + stderr, `-s ${server.url}`);
    assert(!(stdout + stderr).includes(token));
  });
}

const trusted: readonly [
  what: string,
  name: (url: string) => { file?: string; env?: Record<string, string>; args?: string[] },
][] = [
  ["the flag", (url) => ({ args: ["-s", url] })],
  ["the environment", (url) => ({ env: { ROOMZ_SERVER_URL: url } })],
  ["the user's file", (url) => ({ file: `[client]\nserver_url = "${url}"\n` })],
];
for (const [what, name] of trusted) {
  Deno.test(`ROOMZ_TOKEN is sent to a server that ${what} names, whatever the folder says`, async () => {
    await using server = await TestServer.start();
    const { file = "", env = {}, args = [] } = name(server.url);
    await using home = await TestHome.make({
      ".roomz.toml": file,
      "project/roomz.toml": `[client]\nserver_url = "${server.url}"\n`,
    });
    const { exitCode, stdout } = await roomz(["whoami", ...args], {
      env: { ...home.env, ROOMZ_TOKEN: await server.session(), ...env },
      workingFolder: `${home.path}/project`,
    });
    assertEquals({ exitCode, stdout }, { exitCode: 0, stdout: "ada@example.com\n" });
  });
}

Deno.test("a stored session belongs to its server, and may be used where a folder names that", async () => {
  await using server = await TestServer.start();
  await using home = await TestHome.make({
    "project/roomz.toml": `[client]\nserver_url = "${server.url}"\n`,
  });
  const options = { env: home.env, workingFolder: `${home.path}/project` };
  const login = await roomz(["login"], { ...options, stdin: await server.session() });
  assertEquals(login.exitCode, 0);
  assertEquals((await roomz(["whoami"], options)).stdout, "ada@example.com\n");
});
