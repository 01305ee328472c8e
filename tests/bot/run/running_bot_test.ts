import { assertEquals } from "@std/assert";
import { defineBot } from "@roomz/roomz/bot";
import { BotRun } from "../../../bot/run/running_bot.ts";
import { completeSettings } from "../../../bot/run/run_options.ts";
import { KeptLog } from "../support/bot_log.ts";
import { ScriptedClient } from "../support/scripted_client.ts";
import { SystemHost } from "../support/system_host.ts";

const gate = Promise.withResolvers<string>();
const bot = defineBot({
  name: "helper",
  commands: { "hang": () => new Promise(() => {}), "wait": () => gate.promise },
});

async function start(standalone: boolean) {
  const client = new ScriptedClient();
  const host = new SystemHost();
  const log = new KeptLog();
  const running = new BotRun(bot, client, completeSettings({ standalone, logger: log }), host)
    .run();
  await log.wrote(": ready");
  return { client, host, log, running };
}

Deno.test("a signal of the system stops a standalone bot, which finishes what has begun", async () => {
  const { client, host, running } = await start(true);
  client.hear("!wait");
  host.signal("SIGTERM");
  gate.resolve("done");
  await running;
  assertEquals(client.sent, ["done"]);
  assertEquals([host.listeners, client.disconnects, host.timers], [0, 1, 0]);
});

Deno.test("what hangs is waited for ten seconds, unless a second signal comes", async () => {
  for (const impatient of [true, false]) {
    const { client, host, log, running } = await start(true);
    let ended = false;
    running.then(() => ended = true);
    client.hear("!hang");
    host.signal("SIGINT");
    await host.advance(9_999);
    assertEquals([ended, host.timers], [false, 1]);
    if (impatient) host.signal("SIGINT");
    else await host.advance(1);
    await running;
    assertEquals(log.lines.slice(1), [
      "info helper: stops when 1 messages are done",
      "warn helper: 1 messages were cut short",
    ]);
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
