import { ConnectionError, KvSessionCache } from "@roomz/roomz/client";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { storedAccount } from "../../../cli/account/stored_account.ts";
import { denoConfig } from "../support/deno_config.ts";
import { TestHome } from "../support/test_home.ts";
import { roomz, TestIo } from "../support/test_io.ts";
import { TestServer } from "../support/test_server.ts";

Deno.test("the account is that of the stored session", async () => {
  await using server = await TestServer.start();
  await roomz(["login"], { env: server.home, stdin: await server.session() });
  const { account: { email } } = await storedAccount(new TestIo({ env: server.home }), server.url);
  assertEquals(email, "ada@example.com");
});

Deno.test("a server that does not answer ends the wait after ten seconds", async () => {
  await using home = await TestHome.make();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}`;
  await new KvSessionCache(`${home.env.XDG_STATE_HOME}/roomz/sessions.kv`)
    .set(url, { jwt: "e30.e30.test" });
  const { timeout } = AbortSignal;
  const delays: number[] = [];
  try {
    AbortSignal.timeout = (delay) => {
      delays.push(delay);
      return timeout.call(AbortSignal, 50);
    };
    const error = await assertRejects(
      () => storedAccount(new TestIo({ env: home.env }), url),
      ConnectionError,
    );
    assertEquals(error.facts, `No answer from ${url} within 10000 ms.`);
    assertEquals(delays, [10_000]);
  } finally {
    AbortSignal.timeout = timeout;
  }
});

Deno.test("a program that embeds the command is not kept alive by the time limit", async () => {
  await using server = await TestServer.start();
  await roomz(["login"], { env: server.home, stdin: await server.session() });
  const module = new URL("../support/test_io.ts", import.meta.url);
  const env = JSON.stringify(server.home);
  const program = `${server.home.XDG_STATE_HOME}/embed.ts`;
  await Deno.writeTextFile(
    program,
    `import { roomz } from ${JSON.stringify(module.href)};
console.log((await roomz(["whoami"], { env: ${env} })).stdout, Date.now());`,
  );
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-lock", "--unstable-kv", `--config=${denoConfig}`, program],
  }).output();
  const [email, end] = new TextDecoder().decode(stdout).trim().split(/\s+/);
  assertEquals(email, "ada@example.com");
  const left = Date.now() - Number(end);
  assert(left < 5_000, `it ran for another ${left} ms`);
});
