/**
 * The order in which a session is loaded, its handler called, the session saved and the reply sent.
 * @module
 */
import { defineBot, MemoryStorage } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";
import { WatchedStorage } from "../support/watched_storage.ts";

const session = { initial: () => ({ n: 0 }) };

Deno.test("the session is saved before the reply is sent, and a stream's after its last text", async () => {
  const storage = new WatchedStorage();
  const bot = defineBot({
    name: "counter",
    session,
    commands: {
      "up": ({ session }) => `${++session.n}`,
      "stream": async function* ({ session }) {
        yield `${++session.n}`;
        yield await Promise.resolve(`${++session.n}`);
      },
    },
  });
  await using room = await testBot(bot, { storage });
  const saves: string[][] = [];
  storage.beforeWrite = () => Promise.resolve(void saves.push([...room.answers]));
  const phone = room.device("phone");
  await phone.say("!up");
  await phone.say("!stream");
  assertEquals(saves, [[], ["1", "2", "3"]]);
});

Deno.test("a reply is not sent if the session could not be saved", async () => {
  const storage = new WatchedStorage();
  storage.beforeWrite = () => Promise.reject(new Error("disk full"));
  const bot = defineBot({
    name: "counter",
    session,
    commands: { "up": ({ session }) => `${++session.n}` },
    catch: (error) => `caught ${error}`,
  });
  await using room = await testBot(bot, { storage });
  assertEquals(await room.device("phone").say("!up"), ["caught Error: disk full"]);
});

Deno.test("a fixed reply neither loads nor saves the session", async () => {
  const storage = new WatchedStorage(new MemoryStorage());
  const bot = defineBot({ name: "counter", session, commands: { "ping": "pong" } });
  await using room = await testBot(bot, { storage });
  assertEquals(await room.device("phone").say("!ping"), ["pong"]);
  assertEquals([storage.reads, storage.writes], [0, 0]);
});
