import { assertEquals, assertStringIncludes } from "@std/assert";
import { roomz } from "../support/test_io.ts";
import { TestServer } from "../support/test_server.ts";

Deno.test("logout deletes the stored session", async () => {
  await using server = await TestServer.start();
  await roomz(["login"], { env: server.home, stdin: await server.session() });
  assertEquals(await roomz(["logout"], { env: server.home }), {
    exitCode: 0,
    stdout: "",
    stderr: `Logged out of ${server.url}.\n`,
  });
  assertEquals((await roomz(["whoami"], { env: server.home })).exitCode, 3);
});

Deno.test("logout works while the server is down", async () => {
  await using server = await TestServer.start();
  await roomz(["login"], { env: server.home, stdin: await server.session() });
  await server.server.close();
  assertEquals((await roomz(["logout"], { env: server.home })).exitCode, 0);
  assertEquals((await roomz(["whoami"], { env: server.home })).exitCode, 3);
});

Deno.test("logout deletes the stored session even if ROOMZ_TOKEN is set", async () => {
  await using server = await TestServer.start();
  await roomz(["login"], { env: server.home, stdin: await server.session() });
  const { exitCode, stderr } = await roomz(["logout"], { env: await server.token() });
  assertEquals(exitCode, 0);
  assertStringIncludes(stderr, "ROOMZ_TOKEN is still set");
  assertEquals((await roomz(["whoami"], { env: server.home })).exitCode, 3);
});

Deno.test("logout without a stored session says so", async () => {
  await using server = await TestServer.start();
  assertEquals(await roomz(["logout"], { env: server.home }), {
    exitCode: 0,
    stdout: "",
    stderr: `You were not logged in to ${server.url}.\n`,
  });
});
