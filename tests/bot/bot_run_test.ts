import { assert, assertEquals } from "@std/assert";
import { defineBot } from "@roomz/roomz/bot";
import { BotRun } from "../../bot/bot_run.ts";
import { completeSettings } from "../../bot/run_options.ts";
import { KeptLog } from "./bot_room.ts";
import { FakeHost } from "./fake_host.ts";
import { FakeClient, FakeRoom } from "./fake_room.ts";

const gate = Promise.withResolvers<void>();
const bot = defineBot({
  name: "helper",
  commands: { "hang": () => new Promise(() => {}), "wait": () => gate.promise },
});

async function start(standalone: boolean) {
  const room = new FakeRoom();
  const client = new FakeClient(room);
  const host = new FakeHost();
  const log = new KeptLog();
  const running = new BotRun(bot, client, completeSettings({ standalone, logger: log }), host)
    .run();
  await log.wrote(": ready");
  return { laptop: room.join("laptop"), client, host, log, running };
}

Deno.test("a signal of the system stops a standalone bot, which finishes what has begun", async () => {
  const { laptop, client, host, running } = await start(true);
  laptop.say("!wait");
  host.signal("SIGTERM");
  gate.resolve();
  await running;
  assertEquals([host.listeners, client.disconnects, host.timers], [0, 1, []]);
});

Deno.test("what hangs is waited for ten seconds, unless a second signal comes", async () => {
  for (const impatient of [true, false]) {
    const { laptop, host, log, running } = await start(true);
    laptop.say("!hang");
    host.signal("SIGINT");
    await log.wrote("stops when 1 messages are done");
    assertEquals(host.timers, [10_000]);
    if (impatient) host.signal("SIGINT");
    else await host.advance(10_000);
    await running;
    assert(log.lines.includes("warn helper: 1 messages were cut short"));
  }
});

Deno.test("a rejection that nobody handles is logged by a standalone bot", async () => {
  const { host, log, running } = await start(true);
  host.reject(new Error("forgotten"));
  assertEquals(log.errors.map(String), ["Error: forgotten"]);
  host.signal("SIGTERM");
  await running;
});

Deno.test("a bot that is not alone in its program leaves signals and rejections alone", async () => {
  const { client, host, running } = await start(false);
  assertEquals(host.listeners, 0);
  client.giveUp();
  await running.catch(() => {});
});
