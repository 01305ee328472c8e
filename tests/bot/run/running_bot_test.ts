import { defineBot } from "@roomz/roomz/bot";
import { assertEquals } from "@std/assert";
import { completeSettings } from "../../../bot/run/run_options.ts";
import { RunningBot } from "../../../bot/run/running_bot.ts";
import { RecordingLogger } from "../support/bot_log.ts";
import { FakePlatform } from "../support/fake_platform.ts";
import { ScriptedClient } from "../support/scripted_client.ts";

const gate = Promise.withResolvers<string>();
const bot = defineBot({
  name: "helper",
  commands: { "hang": () => new Promise(() => {}), "wait": () => gate.promise },
});

async function start(standalone: boolean) {
  const client = new ScriptedClient();
  const platform = new FakePlatform();
  const log = new RecordingLogger();
  const running = new RunningBot(
    bot,
    client,
    completeSettings({ standalone, logger: log }),
    platform,
  )
    .run();
  await log.wrote(": ready");
  return { client, platform, log, running };
}

Deno.test("a signal stops a standalone bot after its running handlers", async () => {
  const { client, platform, running } = await start(true);
  client.hear("!wait");
  platform.signal("SIGTERM");
  gate.resolve("done");
  await running;
  assertEquals(client.sent, ["done"]);
  assertEquals([platform.listeners, client.disconnects, platform.timers], [0, 1, 0]);
});

Deno.test("a stuck handler is interrupted after ten seconds, or by a second signal", async () => {
  for (const impatient of [true, false]) {
    const { client, platform, log, running } = await start(true);
    let ended = false;
    running.then(() => ended = true);
    client.hear("!hang");
    platform.signal("SIGINT");
    await platform.advance(9_999);
    assertEquals([ended, platform.timers], [false, 1]);
    if (impatient) platform.signal("SIGINT");
    else await platform.advance(1);
    await running;
    assertEquals(log.lines.slice(1), [
      "info helper: waiting for 1 pending handlers",
      "warn helper: 1 pending handlers were interrupted",
    ]);
  }
});

Deno.test("a standalone bot logs unhandled rejections", async () => {
  const { platform, log, running } = await start(true);
  platform.reject(new Error("forgotten"));
  assertEquals(log.errors.map(String), ["Error: forgotten"]);
  platform.signal("SIGTERM");
  await running;
});

Deno.test("a bot that is not standalone ignores signals and unhandled rejections", async () => {
  const { client, platform, running } = await start(false);
  assertEquals(platform.listeners, 0);
  client.loseConnection();
  await running.catch(() => {});
});
