import { type Bot, defineBot, KvStorage, runBot } from "@roomz/roomz/bot";
import { AsyncClient } from "@roomz/roomz/client";
import { createDevServer } from "@roomz/roomz/dev-server";
import { assertEquals, assertStringIncludes } from "@std/assert";
import quiz from "../../../examples/quiz_bot.ts";
import { RecordingLogger } from "../support/bot_log.ts";

/** Runs a bot on a real server, and sends each line after the reply to the one before. */
async function converse(bot: Bot, storage: KvStorage, lines: string[]): Promise<string[]> {
  await using server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
  const token = await server.mintSession("me@example.com");
  await using me = await AsyncClient.open(server.url, token, { displayName: "laptop" });
  const stop = new AbortController();
  const logger = new RecordingLogger();
  const running = runBot(bot, {
    ...{ server: server.url, token, storage, logger, signal: stop.signal },
    loopGuard: false,
  });
  await logger.wrote(": ready for me@example.com");
  const messages = me.messages();
  const said: string[] = [];
  await me.send(lines[0] ?? "");
  for await (const { own, content } of messages) {
    if (own) continue;
    const next = lines[said.push(content)];
    if (next === undefined) break;
    await me.send(next);
  }
  stop.abort();
  await running;
  return said;
}

Deno.test("sessions and questions work over a real connection, with Deno KV", async () => {
  const bot = defineBot({
    name: "barista",
    session: { initial: () => ({ cups: 0 }) },
    commands: {
      "order": async ({ ask, updateSession }) => {
        const cups = await ask("How many?", { type: "int" });
        const session = await updateSession((session) => void (session.cups += cups));
        return `${session.cups} cups`;
      },
    },
  });
  using storage = new KvStorage(`${await Deno.makeTempDir()}/bot.kv`);
  const lines = ["!order", "many", "2", "!order", "3"];
  const said = await converse(bot, storage, lines);
  // Handles are chosen at random.
  assertEquals(said.map((text) => text.replace(/ \[\w{3}\]$/, "")), [
    "How many? (whole number)",
    'Your answer must be a whole number such as 42, not "many".',
    "2 cups",
    "How many? (whole number)",
    "5 cups",
  ]);
});

Deno.test("the quiz continues after a restart of the bot, server and client", async () => {
  const path = `${await Deno.makeTempDir()}/bot.kv`;
  {
    using storage = new KvStorage(path);
    await converse(quiz, storage, ["!quiz", "Ada", "36", "yes", "b"]);
  }
  using storage = new KvStorage(path);
  const [last, end] = await converse(quiz, storage, ["a", "c"]);
  assertStringIncludes(last ?? "", "c) Ada Lovelace");
  assertEquals(end, "Ada, you got 3 of 3 right. Perfect!");
});
