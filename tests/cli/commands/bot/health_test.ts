import { main } from "@roomz/roomz/cli";
import { createDevServer } from "@roomz/roomz/dev-server";
import { assertEquals, assertMatch } from "@std/assert";
import { TestHome } from "../../support/test_home.ts";
import { roomz, TestIo } from "../../support/test_io.ts";

const BOT = 'import { defineBot } from "@roomz/roomz/bot";\n' +
  'export default defineBot({ name: "helper", commands: { "ping": "pong" } });';

const SECRET = "a-secret-for-sessions-of-at-least-32-bytes";

/** A development server whose sessions outlive it. */
function startServer(port: number) {
  const options = { port, allowedEmails: "*", jwtSecret: SECRET, log() {} } as const;
  return createDevServer(options);
}

async function healthAt(url: string): Promise<string> {
  const response = await fetch(url);
  return `${response.status} ${await response.text()}`;
}

Deno.test("bot run --health answers health checks while the bot waits, runs and reconnects", async () => {
  const first = await startServer(0);
  const token = await first.mintSession("ada@example.com");
  const { port, url: serverUrl } = first;
  await first.close();

  await using home = await TestHome.make({ "bot.ts": BOT });
  const io = new TestIo({
    env: { ...home.env, ROOMZ_SERVER_URL: serverUrl, ROOMZ_TOKEN: token },
    workingFolder: home.path,
  });
  const ended = main(["bot", "run", "--health", "0", "bot.ts"], io);
  const [, url = ""] = await io.stderr.until(
    /^Health checks: (http:\/\/127\.0\.0\.1:\d+\/healthz)$/m,
  );
  assertEquals(await healthAt(url), "503 not connected\n");

  const server = await startServer(port);
  await io.stderr.until(/helper: ready/);
  assertEquals(await healthAt(url), "200 connected\n");

  await server.close();
  await io.stderr.until(/Trying again/);
  assertMatch(await healthAt(url), /^200 connection lost \d+ s ago, reconnecting\n$/);

  io.interrupt("SIGTERM");
  assertEquals(await ended, 0);
  assertEquals([io.stdout.text, io.stderr.text.includes(token)], ["", false]);
});

Deno.test("bot run --health needs an address", async () => {
  const { exitCode, stderr } = await roomz(["bot", "run", "--health", "localhost", "bot.ts"]);
  assertEquals(exitCode, 2);
  assertMatch(stderr, /^roomz: --health must be an address to listen on/);
});
