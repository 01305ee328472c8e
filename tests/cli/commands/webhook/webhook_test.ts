import { sign } from "@octokit/webhooks-methods";
import { main } from "@roomz/roomz/cli";
import { AsyncClient } from "@roomz/roomz/client";
import { createDevServer } from "@roomz/roomz/dev-server";
import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { TestHome } from "../../support/test_home.ts";
import { roomz, TestIo } from "../../support/test_io.ts";
import { TestServer } from "../../support/test_server.ts";
import { exampleOf } from "./support/github_payloads.ts";

const SECRET = "0123456789abcdef";

/** The address that a running command has said. */
async function addressOf(io: TestIo): Promise<string> {
  const [, url = ""] = await io.stderr.until(/^Listening for webhooks on (\S+)\. Press Ctrl\+C/m);
  return url;
}

async function post(url: string, body: string): Promise<string> {
  const headers = { authorization: `Bearer ${SECRET}` };
  const response = await fetch(url, { method: "POST", body, headers });
  return `${response.status} ${(await response.text()).trim()}`;
}

Deno.test("webhook says a signed event of GitHub in the room, and answers when the room has it", async () => {
  await using server = await TestServer.start();
  await using phone = await AsyncClient.open(server.url, await server.session());
  const messages = phone.messages();
  await using home = await TestHome.make({ "webhook.secret": `${SECRET}\n` });
  const io = new TestIo({ env: await server.token(), workingFolder: home.path });
  const ended = main(["webhook", "--listen", "0", "--secret-file", "webhook.secret"], io);
  const url = await addressOf(io);
  await io.stderr.until(/^Connected to \S+ as ada@example\.com\.$/m);

  const body = JSON.stringify(exampleOf("issues", "opened"));
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": "issues",
      "x-github-delivery": crypto.randomUUID(),
      "x-hub-signature-256": await sign(SECRET, body),
    },
  });
  assertEquals([response.status, await response.text()], [202, "Said.\n"]);
  const { value: message } = await messages.next();
  assertMatch(
    message?.content ?? "",
    /^GitHub: Codertocat\/Hello-World: Codertocat opened issue #1/,
  );
  assertEquals(message?.user.display_name, "webhook");

  const health = await fetch(`${url}/healthz`);
  assertEquals([health.status, await health.text()], [200, "connected\n"]);

  assertEquals((await fetch(url, { method: "POST", body: "x" })).status, 401);
  await io.stderr.until(/^Refused: 401 The signature or the secret is missing or wrong\.$/m);

  io.interrupt("SIGTERM");
  assertEquals(await ended, 0);
  assertEquals(io.stdout.text, "");
  assertNotMatch(io.stderr.text, new RegExp(SECRET));
});

Deno.test("webhook answers with 503 until its server is up", async () => {
  await using home = await TestHome.make();
  const server = await createDevServer({ port: 0, allowedEmails: "*", log() {} });
  const env = {
    ...home.env,
    ROOMZ_SERVER_URL: server.url,
    ROOMZ_TOKEN: await server.mintSession("ada@example.com"),
    ROOMZ_WEBHOOK_SECRET: SECRET,
  };
  await server.close();
  const io = new TestIo({ env, workingFolder: home.path });
  const ended = main(["webhook", "--listen", "0"], io);
  const url = await addressOf(io);
  assertEquals(await post(url, "hello"), "503 The room cannot be reached.");
  const health = await fetch(`${url}/healthz`);
  assertEquals([health.status, await health.text()], [503, "not connected\n"]);
  io.interrupt();
  assertEquals(await ended, 130);
});

Deno.test("a session that is refused ends webhook with 3", async () => {
  await using server = await TestServer.start();
  const env = { ...await server.token(), ROOMZ_WEBHOOK_SECRET: SECRET };
  const io = new TestIo({ env });
  const ended = main(["webhook", "--listen", "0"], io);
  await io.stderr.until(/^Connected to /m);
  server.server.setAllowedEmails(["bob@example.com"]);
  server.server.disconnectAll();
  assertEquals(await ended, 3);
});

Deno.test("webhook --print prints lines, without a server or a session", async () => {
  const io = new TestIo({ env: { ROOMZ_WEBHOOK_SECRET: SECRET } });
  const ended = main(["webhook", "--listen", "0", "--print"], io);
  const url = await addressOf(io);
  assertEquals(await post(url, "the build is \x1b[32mgreen"), "202 Said.");
  assertEquals(io.stdout.text, "Webhook: the build is \ufffd[32mgreen\n");
  io.interrupt("SIGTERM");
  assertEquals(await ended, 0);
});

Deno.test("refused requests are reported at most 10 times a minute", async () => {
  const io = new TestIo({ env: { ROOMZ_WEBHOOK_SECRET: SECRET } });
  const ended = main(["webhook", "--listen", "0", "--print"], io);
  const url = await addressOf(io);
  for (let count = 0; count < 15; count++) {
    await (await fetch(url, { method: "PUT" })).body?.cancel();
  }
  io.interrupt("SIGTERM");
  await ended;
  assertEquals(io.stderr.text.match(/^Refused: 405/gm)?.length, 10);
  assertEquals(
    io.stderr.text.match(/^More requests are refused, and not reported\.$/gm)?.length,
    1,
  );
});

const wrong: readonly [what: string, args: readonly string[], env: string, error: RegExp][] = [
  [
    "no secret",
    [],
    "",
    /^roomz: There is no secret\. Pass a file with --secret-file, or set ROOMZ_WEBHOOK_SECRET\./,
  ],
  [
    "a short secret",
    [],
    "hunter2",
    /^roomz: The secret is shorter than 16 characters, and could be guessed\./,
  ],
  [
    "a missing file",
    ["--secret-file", "none"],
    SECRET,
    /^roomz: --secret-file cannot be used: there is no file "\S+none"\. To make a secret: openssl/,
  ],
  ["an invalid address", ["--listen", "localhost"], SECRET, /^roomz: --listen must be an address/],
];
for (const [what, args, ROOMZ_WEBHOOK_SECRET, error] of wrong) {
  Deno.test(`webhook with ${what} is a usage error`, async () => {
    const { exitCode, stderr } = await roomz(["webhook", ...args], {
      env: { ROOMZ_WEBHOOK_SECRET },
    });
    assertEquals(exitCode, 2);
    assertMatch(stderr, error);
    assert(!stderr.includes("hunter2"));
  });
}
