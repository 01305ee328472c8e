/**
 * The permissions that the client needs, shown by programs that have no others.
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sessionJwt } from "./support/session_jwt.ts";
import { startSmallServer } from "./support/small_server.ts";
import { runProgram } from "./support/spawned_program.ts";

Deno.test("a client without a cache needs --allow-net for its host, and nothing else", async () => {
  await using server = startSmallServer();
  const { host } = new URL(server.url);
  const { code, stdout, stderr } = await runProgram(
    `import { AsyncClient } from "CLIENT/mod.ts";
    const client = new AsyncClient("${server.url}", "${sessionJwt()}");
    await client.connect();
    const { status } = await client.send("hi");
    await client.disconnect();
    console.log(status, client.connectionState);`,
    { flags: [`--allow-net=${host}`] },
  );
  assertEquals([code, stdout, stderr], [0, "ok disconnected\n", ""]);
});

Deno.test("without --allow-net, connect throws a ConnectionError that names the flag", async () => {
  const { code, stdout } = await runProgram(
    `import { AsyncClient, ConnectionError } from "CLIENT/mod.ts";
    const client = new AsyncClient("http://127.0.0.1:65000", "${sessionJwt()}");
    for (const call of [() => client.connect(), () => client.login("me@example.com")]) {
      const error = await call().catch((error) => error);
      console.log(error instanceof ConnectionError, error.message);
    }`,
    { flags: [] },
  );
  assertEquals(code, 0);
  const lines = stdout.trimEnd().split("\n");
  assertEquals(lines.length, 2);
  for (const line of lines) assertStringIncludes(line, "true");
  for (const line of lines) assertStringIncludes(line, "--allow-net");
  assert(!stdout.includes("SeCrEt"));
});

Deno.test("a session file without --unstable-kv is a ConfigurationError that names the flag", async () => {
  const { code, stdout } = await runProgram(
    `import { AsyncClient, ConfigurationError } from "CLIENT/mod.ts";
    try {
      new AsyncClient("http://localhost:8000", "", { sessionCacheFile: "sessions.kv" });
    } catch (error) {
      console.log(error instanceof ConfigurationError, error.message);
    }`,
    { flags: [] },
  );
  assertEquals(code, 0);
  assertStringIncludes(stdout, "true");
  assertStringIncludes(stdout, "--unstable-kv");
  assertStringIncludes(stdout, '"unstable": ["kv"]');
});
