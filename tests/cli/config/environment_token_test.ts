import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { CommandError, ExitCode } from "../../../cli/command_line/exit_code.ts";
import { environmentToken } from "../../../cli/config/environment_token.ts";
import { TestHome } from "../support/test_home.ts";
import { roomz, TestIo } from "../support/test_io.ts";
import { TestServer } from "../support/test_server.ts";

function tokenIn(env: Readonly<Record<string, string>>): string {
  return environmentToken(new TestIo({ env }));
}

Deno.test("a token comes from ROOMZ_TOKEN, or else from the file that ROOMZ_TOKEN_FILE names", async () => {
  await using home = await TestHome.make({ token: "from-the-file\n" });
  const ROOMZ_TOKEN_FILE = `${home.path}/token`;
  assertEquals(tokenIn({}), "");
  assertEquals(tokenIn({ ROOMZ_TOKEN: " ", ROOMZ_TOKEN_FILE: "" }), "");
  assertEquals(tokenIn({ ROOMZ_TOKEN: "from-the-variable " }), "from-the-variable");
  assertEquals(tokenIn({ ROOMZ_TOKEN_FILE }), "from-the-file");
  assertEquals(
    tokenIn({ ROOMZ_TOKEN: "from-the-variable", ROOMZ_TOKEN_FILE }),
    "from-the-variable",
  );
});

Deno.test("a token file that is missing or empty is an error, not another session", async () => {
  await using home = await TestHome.make({ empty: "\n" });
  for (
    const [name, reason] of [["empty", /empty is empty\. Put a/], [
      "none",
      /there is no file ".*none"\. Put a/,
    ]] as const
  ) {
    const error = assertThrows(
      () => tokenIn({ ROOMZ_TOKEN_FILE: `${home.path}/${name}` }),
      CommandError,
    );
    assertMatch(error.message, /^ROOMZ_TOKEN_FILE is set, but there is no token: /);
    assertMatch(error.message, reason);
    assertEquals(error.exitCode, ExitCode.USAGE);
  }
});

Deno.test("commands use the session in the file, and name the variable", async () => {
  await using server = await TestServer.start();
  await using home = await TestHome.make({ token: await server.session() });
  const env = { ...server.home, ROOMZ_TOKEN_FILE: `${home.path}/token` };
  assertEquals((await roomz(["whoami"], { env })).stdout, "ada@example.com\n");
  assertMatch((await roomz(["config"], { env })).stdout, /^token = .*redacted.*$/m);
  assertMatch(
    (await roomz(["config", "--show-origin"], { env })).stdout,
    /token.*ROOMZ_TOKEN_FILE/,
  );
  assertMatch((await roomz(["logout"], { env })).stderr, /ROOMZ_TOKEN_FILE is still set/);

  const refused = { ...env, ROOMZ_TOKEN_FILE: await home.write("wrong", "a.b.c") };
  const { exitCode, stderr } = await roomz(["whoami"], { env: refused });
  assertEquals(exitCode, 3);
  assertMatch(stderr, /ROOMZ_TOKEN_FILE is set: renew it, or unset it and log in with/);
});
