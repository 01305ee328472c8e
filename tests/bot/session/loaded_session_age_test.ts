/**
 * Expired sessions, and sessions written by an earlier version of the bot.
 * @module
 */
import {
  type Bot,
  defineBot,
  MemoryStorage,
  type SessionDefinition,
  StorageError,
} from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals, assertStringIncludes } from "@std/assert";

Deno.test("a session expires when it has not changed for its ttl", async () => {
  const bot = defineBot({
    name: "count",
    session: { initial: () => ({ n: 0 }), ttl: "1h" },
    commands: { "up": ({ session }) => `${++session.n}` },
  });
  await using room = await testBot(bot);
  const phone = room.device("phone");
  assertEquals(await phone.say("!up"), ["1"]);
  await room.advance(3_599_999);
  assertEquals(await phone.say("!up"), ["2"]);
  await room.advance(3_600_000);
  assertEquals(await phone.say("!up"), ["1"]);
  assertEquals(await phone.say("!up"), ["2"]);
});

Deno.test("an older session is migrated; without a migration it is left unchanged", async () => {
  const storage = new MemoryStorage();
  const answers = async (bot: Bot, ...lines: string[]) => {
    await using room = await testBot(bot, { storage });
    for (const line of lines) await room.device("phone").say(line);
    return room.answers;
  };
  const messageOf = (error: unknown) => (error instanceof StorageError ? error.message : "?");
  const one = defineBot({
    name: "notes",
    session: { initial: () => ({ names: [] as string[] }) },
    commands: {
      "change": ({ session }) => `${session.names.push("ada")}`,
      "show": ({ session }) => session.names.join(),
    },
    catch: messageOf,
  });
  const seen: number[] = [];
  const later = (definition: Partial<SessionDefinition<{ people: { name: string }[] }>>) =>
    defineBot({
      name: "notes",
      session: { initial: () => ({ people: [] as { name: string }[] }), ...definition },
      commands: {
        "change": ({ session }) => `${session.people.push({ name: "bob" })}`,
        "show": ({ session }) => session.people.map(({ name }) => name).join(),
      },
      catch: messageOf,
    });
  const three = later({
    version: 3,
    migrate: ({ names }, version) => {
      seen.push(version);
      return { people: Array.isArray(names) ? names.map((name) => ({ name: String(name) })) : [] };
    },
  });
  assertEquals(await answers(one, "!change", "!show"), ["1", "ada"]);
  const [without] = await answers(later({ version: 2 }), "!show");
  assertStringIncludes(without ?? "", "add session.migrate");
  assertEquals(await answers(three, "!show", "!change", "!show"), ["ada", "2", "ada,bob"]);
  assertEquals(seen, [1, 1], "migrated again until a handler changes it");
  const [older] = await answers(one, "!show");
  assertStringIncludes(older ?? "", "an older bot cannot read it");
});
