/**
 * What a bot remembers between messages.
 * @module
 */
import {
  type Bot,
  BotDefinitionError,
  defineBot,
  defineGroup,
  MemoryStorage,
  type SessionScope,
  StorageError,
} from "@roomz/roomz/bot";
import { answers, testBot } from "@roomz/roomz/testing";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { loggedErrors, logLines } from "../support/bot_log.ts";
import { WatchedStorage } from "../support/watched_storage.ts";

const session = { initial: () => ({ todos: [] as string[] }) };

const todo = defineBot({
  name: "todo",
  session,
  commands: {
    "add <text...>": ({ args, session }) => {
      session.todos.push(args.text);
      return `${session.todos.length} to do`;
    },
    "list": ({ session }) => session.todos.join(", ") || "nothing",
  },
});

Deno.test("changes are visible to the next handler, and after a restart", async () => {
  const storage = new MemoryStorage();
  await using room = await testBot(todo, { storage });
  const phone = room.device("phone");
  assertEquals(await phone.say("!list"), ["nothing"]);
  assertEquals(await phone.say("!add milk"), ["1 to do"]);
  assertEquals(await phone.say("!add tea"), ["2 to do"]);
  assertEquals(await phone.say("!list"), ["milk, tea"]);
  room.crash();
  await room.restart();
  assertEquals(await phone.say("!list"), ["milk, tea"]);
  assertEquals(storage.size, 1);
});

Deno.test("a session is read only for handlers that use it, and written only if changed", async () => {
  const storage = new WatchedStorage();
  const bot = defineBot({
    name: "todo",
    session,
    commands: {
      "fixed": "pong",
      "look": ({ session }) => `${session.todos.length}`,
      "add": ({ session }) => void session.todos.push("a", "b"),
    },
  });
  await using room = await testBot(bot, { storage });
  const phone = room.device("phone");
  for (const line of ["!fixed", "!help", "!unknown"]) await phone.say(line);
  assertEquals([phone.heard.length, storage.reads, storage.writes], [3, 0, 0]);
  assertEquals(await phone.say("!look"), ["0"]);
  assertEquals([storage.reads, storage.writes], [1, 0]);
  await phone.say("!add");
  assertEquals([storage.reads, storage.writes], [2, 1]);
  assertEquals(await phone.say("!look"), ["2"]);
  assertEquals([storage.reads, storage.writes], [3, 1]);
});

Deno.test("the changes of a failed handler are discarded", async () => {
  const bot = defineBot({
    name: "todo",
    session,
    commands: {
      "fail": ({ session }) => {
        session.todos.push("lost");
        throw new Error("boom");
      },
      "list": ({ session }) => session.todos.join() || "nothing",
    },
    catch: () => "failed",
  });
  assertEquals(await answers(bot, "!fail", "!list"), [["failed"], ["nothing"]]);
});

Deno.test("hears, on and guards have the session as well; a stream is saved at its end", async () => {
  const bot = defineBot({
    name: "todo",
    session,
    commands: {
      "stream": async function* ({ session }) {
        session.todos.push("s1");
        yield await Promise.resolve("one");
        session.todos.push("s2");
        yield "two";
      },
      "guarded": {
        use: [(ctx, next) => {
          ctx.session.todos.push("guard");
          return next();
        }],
        run: ({ session }) => session.todos.join(),
      },
    },
    hears: [[/^hi$/, ({ session }) => `${session.todos.push("heard")}`]],
    on: { user_left: ({ session }) => `${session.todos.push("left")}` },
  });
  await using room = await testBot(bot);
  const [phone, laptop] = [room.device("phone"), room.device("laptop")];
  assertEquals(await phone.say("hi"), ["1"]);
  await laptop.leave();
  assertEquals(phone.heard.slice(1), ["2"]);
  assertEquals(await phone.say("!stream"), ["one", "two"]);
  assertEquals(await phone.say("!guarded"), ["heard,left,s1,s2,guard"]);
});

for (
  const [scope, counts] of [
    ["channel", [1, 2, 3]],
    ["user", [1, 2, 3]],
    ["device", [1, 1, 2]],
  ] satisfies [SessionScope, number[]][]
) {
  Deno.test(`a session of scope "${scope}" is shared within that scope`, async () => {
    const bot = defineBot({
      name: "count",
      session: { initial: () => ({ n: 0 }), scope },
      commands: { "up": ({ session }) => `${++session.n}` },
    });
    await using room = await testBot(bot);
    for (const name of ["laptop", "phone", "phone"]) await room.device(name).say("!up");
    assertEquals(room.answers.map(Number), counts);
  });
}

Deno.test("bots with different names can share a storage without sharing sessions", async () => {
  const count = (name: string) =>
    defineBot({
      name,
      prefix: [],
      session: { initial: () => ({ n: 0 }) },
      commands: { "up": ({ session }) => `${++session.n}` },
    });
  await using room = await testBot(count("one"));
  await using other = await room.addBot(count("two"));
  assertEquals(room.storage === other.storage, true);
  const phone = room.device("phone");
  assertEquals(await phone.say("@one up"), ["1"]);
  assertEquals(await phone.say("@two up"), ["1"]);
  assertEquals(await phone.say("@one up"), ["2"]);
});

Deno.test("a session that is too large or not JSON is an error, and the stored one is kept", async () => {
  const bot = defineBot({
    name: "big",
    session: { initial: () => ({ text: "", extra: undefined as unknown }) },
    commands: {
      "grow <n:int>": ({ args, session }) => {
        session.text = "x".repeat(args.n);
        return "grown";
      },
      "date": ({ session }) => {
        session.extra = new Date(0);
        return "dated";
      },
      "size": ({ session }) => `${session.text.length}`,
    },
    catch: (error) => (error instanceof StorageError ? error.message : "?"),
  });
  const lines = ["!grow 60000", "!grow 70000", "!date", "!size"];
  const [small, large, date, size] = await answers(bot, ...lines);
  assertEquals([small, size], [["grown"], ["60000"]]);
  assertStringIncludes(large?.join() ?? "", "exceeds the limit of 65536");
  assertStringIncludes(date?.join() ?? "", "session.extra is a Date");
});

Deno.test("a stored value that is not a session is rejected and left unchanged", async () => {
  for (const text of ["{", "[]", '{"shape":1}', '{"value":{}}', '{"shape":1,"value":[]}']) {
    const storage = new MemoryStorage();
    const key = ["todo", "session", "channel", "user:me@example.com"];
    await storage.write(key, text, { version: undefined });
    await using room = await testBot(todo, { storage });
    await room.device("phone").say("!list");
    assertEquals(room.answers, ["Sorry, that failed. The bot's log says why."]);
    assertStringIncludes(String(loggedErrors(room)[0]), "was not written by a bot");
    assertEquals((await storage.read(key))?.text, text);
  }
});

Deno.test("a handler that was cut off saves nothing", async () => {
  const storage = new WatchedStorage();
  const bot = defineBot({
    name: "slow",
    session,
    commands: {
      "slow": async ({ session, clock }) => {
        await new Promise<void>((resolve) => clock.schedule(resolve, 1_000));
        session.todos.push("late");
      },
    },
  });
  await using room = await testBot(bot, { storage, drainTimeout: 0 });
  await room.device("laptop").say("!slow");
  const stopped = room.stop();
  await room.advance(1_000);
  await stopped;
  assertEquals(
    logLines(room).at(-1),
    'warn slow: !slow from "laptop": interrupted, because the bot stopped',
  );
  assertEquals(storage.writes, 0);
});

Deno.test("a group that declares the bot's session shares it, with its own types", async () => {
  const group = defineGroup({
    session,
    commands: { "group add <text...>": ({ args, session }) => `${session.todos.push(args.text)}` },
  });
  const bot = defineBot({
    name: "todo",
    session,
    groups: [{ groups: [group] }],
    commands: { "list": ({ session }) => session.todos.join() },
  });
  assertEquals(await answers(bot, "!group add x", "!list"), [["1"], ["x"]]);
});

Deno.test("defineBot rejects an invalid session definition", () => {
  const initial = () => ({ n: 0 });
  const wrong: readonly [define: () => Bot, message: string][] = [
    [() => defineBot({ name: "x", session: { initial, version: 0 } }), "session.version"],
    [() => defineBot({ name: "x", session: { initial, version: 1.5 } }), "not 1.5."],
    [() => defineBot({ name: "x", session: { initial, ttl: "soon" } }), "session.ttl"],
    [
      () => defineBot({ name: "x", session: { initial }, groups: [{ session: { initial } }] }),
      "must use the same object",
    ],
    [() => defineBot({ name: "x", groups: [{ session: { initial } }] }), "groups[0].session"],
  ];
  for (const [define, message] of wrong) assertThrows(define, BotDefinitionError, message);
});
