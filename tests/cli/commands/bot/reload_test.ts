import { main } from "@roomz/roomz/cli";
import { AsyncClient } from "@roomz/roomz/client";
import { assertEquals, assertMatch } from "@std/assert";
import { loadBot } from "../../../../cli/commands/bot/bot_file.ts";
import { runReloading } from "../../../../cli/commands/bot/reload.ts";
import { TestIo } from "../../support/test_io.ts";
import { TestServer } from "../../support/test_server.ts";

/** A bot that says `answer`, and counts what it was asked in its session. */
function bot(answer: string): string {
  return `
import { defineBot } from "@roomz/roomz/bot";
export default defineBot({
  name: "reloaded",
  session: { initial: () => ({ asked: 0 }) },
  commands: { "ask": ({ session }) => ${JSON.stringify(answer)} + ++session.asked },
});
`;
}

Deno.test("bot run --watch reloads a changed bot, keeps connection and sessions, and survives an invalid file", async () => {
  await using server = await TestServer.start();
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/bot.ts`;
    await Deno.writeTextFile(file, bot("one "));
    await using other = await AsyncClient.open(server.url, await server.session());
    const messages = other.messages();
    const ask = async (): Promise<string | undefined> => {
      await other.send("!ask");
      for (;;) {
        const { value } = await messages.next();
        if (value === undefined || !value.own) return value?.content;
      }
    };
    let left = 0;
    other.on("user_left", () => void left++);

    const io = new TestIo({ env: await server.token(), workingFolder: folder });
    const ended = main(["bot", "run", "--watch", "bot.ts"], io);
    await io.stderr.until(/reloaded: ready/);
    assertEquals(await ask(), "one 1");

    await Deno.writeTextFile(file, bot("two "));
    await io.stderr.until(/(reloaded: ready for \S+\s+){2}/);
    assertEquals(await ask(), "two 2");

    await Deno.writeTextFile(file, "export default {,};");
    await io.stderr.until(/Could not load bot\.ts: (.|\n)*The previous version keeps running\./);
    assertEquals(await ask(), "two 3");

    // As many editors do: replace the file with a new one.
    await Deno.writeTextFile(`${file}.new`, bot("three "));
    await Deno.rename(`${file}.new`, file);
    await io.stderr.until(/keeps running\.\s+reloaded: ready/);
    assertEquals(await ask(), "three 4");
    assertEquals(left, 0);

    io.interrupt("SIGTERM");
    assertEquals(await ended, 0);
    assertMatch(io.stderr.text, /^(?!.*Connection lost)/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a reloaded bot receives messages from the moment the old one stops", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/bot.ts`, bot("two"));
    const io = new TestIo({ workingFolder: folder });
    const events: string[] = [];
    const second = Promise.withResolvers<void>();
    const run = (_: unknown, signal: AbortSignal): Promise<void> => {
      events.push("start");
      if (events.length > 1) second.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => {
        events.push("stop");
        queueMicrotask(() => events.push("after stop"));
        resolve();
      });
      return promise;
    };
    const first = await loadBot(io, "bot.ts");
    const ended = runReloading(io, "bot.ts", first, run);
    await Deno.writeTextFile(`${folder}/bot.ts`, bot("three"));
    await second.promise;
    io.interrupt();
    await ended;
    assertEquals(events.slice(0, 4), ["start", "stop", "start", "after stop"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
