/**
 * Extreme input.
 * @module
 */
import { defineBot, runBot } from "@roomz/roomz/bot";
import { assertEquals } from "@std/assert";
import { RecordingLogger } from "../support/bot_log.ts";
import { ScriptedClient } from "../support/scripted_client.ts";

Deno.test("a line of a million characters, or with NULs, is handled like any other", async () => {
  const bot = defineBot({
    name: "helper",
    commands: { "size <text...>": ({ args }) => `${args.text.length}` },
  });
  // Without a room, because a server would truncate the lines.
  const client = new ScriptedClient();
  const stop = new AbortController();
  const logger = new RecordingLogger();
  const running = runBot(bot, { client, logger, signal: stop.signal });
  await logger.wrote(": ready for me@example.com");
  client.hear(`!${"x".repeat(1_000_000)}`);
  client.hear(`!size ${"'".repeat(1_000_000)}`);
  client.hear("!si\0ze");
  client.hear("!size \0");
  stop.abort();
  await running;
  assertEquals(client.sent, [
    `There is no command "${"x".repeat(40)}…". !help lists the commands.`,
    "1000000",
    'There is no command "si\ufffdze". Did you mean !size? !help lists the commands.',
    "1",
  ]);
});
