import { main } from "@roomz/roomz/cli";
import { AsyncClient } from "@roomz/roomz/client";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { FleetHome } from "../../support/fleet_home.ts";
import { output, readUntil, spawnRoomz } from "../../support/spawned.ts";
import { roomz, TestIo } from "../../support/test_io.ts";

const RUN = ["bot", "run", "--fleet", "--storage", "fleet.kv", "bot.ts"];

async function answerTo(server: string, token: string, text: string): Promise<string> {
  await using device = await AsyncClient.open(server, token, { displayName: "phone" });
  const messages = device.messages();
  await device.send(text);
  for await (const message of messages) if (!message.own) return message.content;
  throw new Error("the connection is gone");
}

Deno.test("bot run --fleet answers for accounts, also for one that is added while it runs, and hands over on SIGTERM", async () => {
  await using fleet = await FleetHome.make();
  await fleet.add("ada");
  const ada = await fleet.server.mintSession("ada@example.com");
  const first = new TestIo(fleet.run);
  const firstEnded = main([...RUN, "--health", "0"], first);
  const [, url = ""] = await first.stderr.until(/^Health checks: (http:\S+)$/m);
  await first.stderr.until(/^ada@example\.com: helper: ready/m);
  assertEquals(await answerTo(fleet.server.url, ada, "!ping"), "pong");
  const response = await fetch(url);
  assertEquals([response.status, await response.text()], [200, "1 of 1 accounts connected\n"]);

  const stdin = await fleet.server.mintSession("bob@example.com");
  const add = ["sessions", "add", "--fleet", "helper", "--storage", "fleet.kv"];
  assertEquals((await roomz(add, { ...fleet.run, stdin })).exitCode, 0);
  await first.stderr.until(/^bob@example\.com: helper: ready/m);

  // The second host takes over everything.
  const second = new TestIo(fleet.run);
  const secondEnded = main(RUN, second);
  await second.stderr.until(/joined the fleet helper/);
  first.interrupt("SIGTERM");
  assertEquals(await firstEnded, 0);
  await second.stderr.until(
    /^ada@example\.com: helper: ready[^]*^bob|^bob@example\.com: helper: ready[^]*^ada/m,
  );
  assertEquals(await answerTo(fleet.server.url, ada, "!ping"), "pong");
  second.interrupt("SIGINT");
  assertEquals(await secondEnded, 130);
  for (const { stdout, stderr } of [first, second]) {
    assertEquals(stdout.text, "");
    assert(!/eyJ/.test(stderr.text) && !stderr.text.includes(fleet.key));
  }
});

Deno.test("bot run --fleet without accounts says so, and the command that it suggests adds one", async () => {
  await using fleet = await FleetHome.make();
  const io = new TestIo(fleet.run);
  const ended = main(RUN, io);
  const [, command = ""] = await io.stderr.until(/has no accounts\..* Add one with: roomz (.*)$/m);
  const stdin = await fleet.server.mintSession("ada@example.com");
  assertEquals((await roomz(command.split(" "), { ...fleet.run, stdin })).exitCode, 0);
  await io.stderr.until(/^ada@example\.com: helper: ready/m);
  io.interrupt("SIGTERM");
  assertEquals(await ended, 0);

  const next = new TestIo(fleet.run);
  const nextEnded = main(RUN, next);
  await next.stderr.until(/^ada@example\.com: helper: ready/m);
  next.interrupt("SIGTERM");
  assertEquals(await nextEnded, 0);
  assert(!next.stderr.text.includes("has no accounts"));
});

Deno.test("bot run --fleet --metrics serves figures, a page and health checks, also on the address of --health", async () => {
  await using fleet = await FleetHome.make();
  await fleet.add("ada");
  const io = new TestIo({ ...fleet.run, hostName: "web-1" });
  const ended = main([...RUN, "--metrics", "0"], io);
  const [, url = ""] = await io.stderr.until(/^Metrics: (http:\S+)$/m);
  await io.stderr.until(/helper: ready/);
  const text = async (path: string) => await (await fetch(new URL(path, url))).text();
  assertMatch(await text("/metrics"), /^roomz_fleet_accounts\{state="answering"\} 1$/m);
  assertMatch(await text("/"), /<h1>helper on web-1<\/h1>/);
  assertEquals(await text("/healthz"), "1 of 1 accounts connected\n");
  io.interrupt("SIGTERM");
  assertEquals(await ended, 0);

  const { port } = new URL(url);
  const both = new TestIo(fleet.run);
  const bothEnded = main([...RUN, "--metrics", port, "--health", port], both);
  await both.stderr.until(/helper: ready/);
  assertEquals(await text("/healthz"), "1 of 1 accounts connected\n");
  both.interrupt("SIGTERM");
  assertEquals(await bothEnded, 0);
});

Deno.test({
  name:
    "a host of a fleet runs with the permissions of the command, and SIGTERM ends its process with 0",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using fleet = await FleetHome.make();
    await fleet.add("ada");
    const folder = fleet.home.path;
    const args = ["bot", "run", "--fleet", "--storage", `${folder}/fleet.kv`, `${folder}/bot.ts`];
    const host = spawnRoomz(args, folder, { ROOMZ_FLEET_KEY: fleet.key });
    const reader = host.stderr.getReader();
    await readUntil(reader, /^ada@example\.com: helper: ready/m);
    reader.releaseLock();
    host.kill("SIGTERM");
    const { code, stdout, stderr } = await output(host);
    assertEquals([code, stdout], [0, ""], stderr);
  },
});

const wrong: readonly [args: string[], env: Record<string, string>, message: RegExp][] = [
  [
    RUN,
    { ROOMZ_FLEET_KEY: "" },
    /Make one with "roomz fleet key", keep it secret, and set ROOMZ_FLEET_KEY/,
  ],
  [["bot", "run", "--fleet", "bot.ts"], {}, /Name it with --storage PATH/],
  [["bot", "run", "--fleet=", "bot.ts"], {}, /--fleet needs a value/],
  [[...RUN, "--watch"], {}, /--watch cannot be combined with --fleet\. Start another host/],
  [[...RUN, "--no-wait"], {}, /--no-wait cannot be combined with --fleet/],
  [[...RUN, "-s", "http://a.b"], {}, /--server cannot be combined with --fleet/],
  [[...RUN, "--server-capacity", "none"], {}, /--server-capacity must be a whole number/],
  [["bot", "run", "--metrics", "0", "bot.ts"], {}, /--metrics is for a fleet: add --fleet\./],
  [[...RUN, "--metrics", "localhost"], {}, /--metrics must be an address to listen on/],
  [["bot", "run", "--capacity", "9", "bot.ts"], {}, /--capacity is for a fleet: add --fleet\./],
  [
    ["bot", "run", "--storage", "fleet.kv", "bot.ts"],
    {},
    /--storage is for a fleet: add --fleet\./,
  ],
];
for (const [args, env, message] of wrong) {
  Deno.test(`${args.join(" ")} is a usage error: ${message.source}`, async () => {
    await using fleet = await FleetHome.make();
    const run = { ...fleet.run, env: { ...fleet.env, ...env } };
    const { exitCode, stdout, stderr } = await roomz(args, run);
    assertEquals([exitCode, stdout], [2, ""]);
    assertMatch(stderr, message);
  });
}
