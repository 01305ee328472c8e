import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  type Bot,
  BotDefinitionError,
  type BotStorage,
  defineBot,
  defineGroup,
  MemoryStorage,
  SessionConflictError,
  type SessionDefinition,
  type SessionScope,
  StorageError,
} from "@roomz/roomz/bot";
import { BotRoom } from "./bot_room.ts";
import { FakeHost } from "./fake_host.ts";

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

/** What a bot answers to lines that are said one after the other. */
async function answers(
  bot: Bot,
  storage: BotStorage,
  lines: readonly (string | readonly [line: string, device: string])[],
  host?: FakeHost,
): Promise<readonly string[]> {
  await using room = await BotRoom.with(bot, { storage }, host);
  for (const [index, line] of lines.entries()) {
    if (typeof line === "string") room.say(line);
    else room.say(line[0], line[1]);
    await room.said(index + 1);
  }
  return room.replies;
}

/** A storage that counts what is done with it, and whose writes a test may hold back. */
class WatchedStorage implements BotStorage {
  readonly inner = new MemoryStorage();
  reads = 0;
  writes = 0;
  beforeWrite: () => Promise<void> = () => Promise.resolve();

  read(key: readonly string[]) {
    this.reads++;
    return this.inner.read(key);
  }

  async write(...args: Parameters<BotStorage["write"]>) {
    this.writes++;
    await this.beforeWrite();
    return await this.inner.write(...args);
  }

  delete(...args: Parameters<BotStorage["delete"]>) {
    return this.inner.delete(...args);
  }
}

Deno.test("what a handler changes is there for the next, and after a restart", async () => {
  const storage = new MemoryStorage();
  assertEquals(await answers(todo, storage, ["!list", "!add milk", "!add tea", "!list"]), [
    "nothing",
    "1 to do",
    "2 to do",
    "milk, tea",
  ]);
  assertEquals(await answers(todo, storage, ["!list"]), ["milk, tea"]);
  assertEquals(storage.size, 1);
});

Deno.test("a session is read and written no more than a handler needs", async () => {
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
  await using room = await BotRoom.with(bot, { storage });
  room.say("!fixed");
  room.say("!help");
  room.say("!unknown");
  await room.said(3);
  assertEquals([storage.reads, storage.writes], [0, 0]);
  room.say("!look");
  await room.said(4);
  assertEquals([storage.reads, storage.writes], [1, 0]);
  room.say("!add");
  room.say("!look");
  assertEquals((await room.said(5))[4], "2");
  assertEquals([storage.reads, storage.writes], [3, 1]);
});

Deno.test("a handler that fails changes nothing", async () => {
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
  assertEquals(await answers(bot, new MemoryStorage(), ["!fail", "!list"]), ["failed", "nothing"]);
});

Deno.test("patterns, reactions and guards have the session as well; a stream is saved at its end", async () => {
  const storage = new MemoryStorage();
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
  await using room = await BotRoom.with(bot, { storage });
  room.say("hi");
  await room.said(1);
  const { user, timestamp, raw } = { user: room.client.asUser(), timestamp: "", raw: {} };
  room.client.emit("user_left", { user, timestamp, raw, remaining_connections: 1 });
  await room.said(2);
  room.say("!stream");
  await room.said(4);
  room.say("!guarded");
  assertEquals(await room.said(5), ["1", "2", "one", "two", "heard,left,s1,s2,guard"]);
});

for (
  const [scope, same] of [
    ["channel", ["1", "2", "3"]],
    ["user", ["1", "2", "3"]],
    ["device", ["1", "1", "2"]],
  ] satisfies [SessionScope, string[]][]
) {
  Deno.test(`a session of scope "${scope}" is shared as it says`, async () => {
    const bot = defineBot({
      name: "count",
      session: { initial: () => ({ n: 0 }), scope },
      commands: { "up": ({ session }) => `${++session.n}` },
    });
    const lines = [["!up", "laptop"], ["!up", "phone"], ["!up", "phone"]] as const;
    assertEquals(await answers(bot, new MemoryStorage(), lines), same);
  });
}

Deno.test("bots of different names share a storage and nothing in it", async () => {
  const storage = new MemoryStorage();
  const count = (name: string) =>
    defineBot({
      name,
      session: { initial: () => ({ n: 0 }) },
      commands: { "up": ({ session }) => `${++session.n}` },
    });
  await answers(count("one"), storage, ["!up"]);
  assertEquals(await answers(count("two"), storage, ["!up"]), ["1"]);
});

/** A bot whose handler `slow` waits between loading and changing. */
function racing() {
  const gate = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  let runs = 0;
  const caught: unknown[] = [];
  const bot = defineBot({
    name: "race",
    session: { initial: () => ({ words: [] as string[] }) },
    commands: {
      "slow": async ({ session }) => {
        runs++;
        entered.resolve();
        await gate.promise;
        session.words.push("slow");
        return "slow is in";
      },
      "slow update": async ({ updateSession }) => {
        entered.resolve();
        await gate.promise;
        const { words } = await updateSession((session) => void session.words.push("update"));
        return words.join();
      },
      "quick": ({ session }) => `${session.words.push("quick")}`,
      "words": ({ session }) => session.words.join(),
    },
    catch: (error) => {
      caught.push(error);
      return "caught";
    },
  });
  return { bot, gate, entered: entered.promise, caught, runs: () => runs };
}

Deno.test("a conflict is reported and nothing is lost of what the other wrote", async () => {
  const { bot, gate, entered, caught, runs } = racing();
  await using room = await BotRoom.with(bot, { storage: new MemoryStorage() });
  room.say("!slow", "laptop");
  await entered;
  room.say("!quick", "phone");
  await room.said(1);
  gate.resolve();
  await room.said(2);
  room.say("!words");
  assertEquals(await room.said(3), ["1", "caught", "quick"]);
  assertInstanceOf(caught[0], SessionConflictError);
  assertEquals([caught.length, runs()], [1, 1], "the handler ran once");
});

Deno.test("a conflict that nothing catches is told as what it is", async () => {
  const gate = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const bot = defineBot({
    name: "race",
    session: { initial: () => ({ n: 0 }) },
    commands: {
      "slow": async ({ session }) => {
        entered.resolve();
        await gate.promise;
        session.n++;
      },
      "quick": ({ session }) => `${++session.n}`,
    },
  });
  await using room = await BotRoom.with(bot, { storage: new MemoryStorage() });
  room.say("!slow", "laptop");
  await entered.promise;
  room.say("!quick", "phone");
  await room.said(1);
  gate.resolve();
  assertStringIncludes((await room.said(2))[1] ?? "", "changed the same data meanwhile");
});

Deno.test("updateSession puts its change on top of what others wrote meanwhile", async () => {
  const { bot, gate, entered } = racing();
  await using room = await BotRoom.with(bot, { storage: new MemoryStorage() });
  room.say("!slow update", "laptop");
  await entered;
  room.say("!quick", "phone");
  await room.said(1);
  gate.resolve();
  assertEquals(await room.said(2), ["1", "quick,update"]);
});

Deno.test("a hundred updates at once are all there, each of them once", async () => {
  const storage = new WatchedStorage();
  // Every write gives the others a chance to be faster.
  storage.beforeWrite = () => new Promise((resolve) => setTimeout(resolve));
  const bot = defineBot({
    name: "sum",
    session: { initial: () => ({ n: 0 }) },
    commands: {
      "up": {
        concurrent: true,
        run: async ({ updateSession }) => `${(await updateSession(({ n }) => ({ n: n + 1 }))).n}`,
      },
    },
  });
  await using room = await BotRoom.with(bot, { storage });
  for (let n = 0; n < 100; n++) room.say("!up");
  const totals = (await room.said(100)).map(Number).sort((a, b) => a - b);
  assertEquals(totals, Array.from({ length: 100 }, (_, n) => n + 1));
  assert(storage.writes > 100, "some had to try again");
});

Deno.test("a handler that changes the session and calls updateSession is told so", async () => {
  const bot = defineBot({
    name: "both",
    session: { initial: () => ({ n: 0 }) },
    commands: {
      "both": async ({ session, updateSession }) => {
        session.n = 10;
        await updateSession((session) => void session.n++);
      },
      "same": async ({ updateSession }) => `${(await updateSession(() => {})).n}`,
      "n": ({ session }) => `${session.n}`,
    },
    catch: (error) => (error instanceof StorageError ? error.message : "?"),
  });
  const [both, same, n] = await answers(bot, new MemoryStorage(), ["!both", "!same", "!n"]);
  assertStringIncludes(both ?? "", "called updateSession and changed ctx.session as well");
  assertEquals([same, n], ["1", "1"]);
});

Deno.test("an update that never gets its turn is given up, with a conflict", async () => {
  const bot = defineBot({
    name: "never",
    session: { initial: () => ({ n: 0 }) },
    commands: {
      "up": ({ updateSession }) => updateSession(({ n }) => ({ n: n + 1 })).then(String),
    },
    catch: (error) => (error instanceof SessionConflictError ? error.message : "?"),
  });
  const storage: BotStorage = {
    read: () => Promise.resolve(undefined),
    write: () => Promise.resolve(false),
    delete: () => Promise.resolve(false),
  };
  assertStringIncludes((await answers(bot, storage, ["!up"]))[0] ?? "", "1000 times");
});

Deno.test("a session that is too large, or no JSON, is an error, and the old one stays", async () => {
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
  const [small, large, date, size] = await answers(bot, new MemoryStorage(), [
    "!grow 60000",
    "!grow 70000",
    "!date",
    "!size",
  ]);
  assertEquals([small, size], ["grown", "60000"]);
  assertStringIncludes(large ?? "", "65536 is the most");
  assertStringIncludes(date ?? "", "session.extra is a Date");
});

Deno.test("a session is forgotten when nothing has changed it for its time", async () => {
  const storage = new MemoryStorage();
  const host = new FakeHost("2026-11-23T00:00:00Z");
  const bot = defineBot({
    name: "count",
    session: { initial: () => ({ n: 0 }), ttl: "1h" },
    commands: { "up": ({ session }) => `${++session.n}` },
  });
  await using room = await BotRoom.with(bot, { storage }, host);
  const say = async (count: number) => {
    room.say("!up");
    return (await room.said(count)).at(-1);
  };
  assertEquals(await say(1), "1");
  await host.advance(3_599_999);
  assertEquals(await say(2), "2");
  await host.advance(3_600_000);
  assertEquals(await say(3), "1");
  assertEquals(await say(4), "2");
});

Deno.test("a session of an earlier version is migrated; one that cannot be stays as it is", async () => {
  const storage = new MemoryStorage();
  const told = (error: unknown) => (error instanceof StorageError ? error.message : "?");
  const one = defineBot({
    name: "notes",
    session: { initial: () => ({ names: [] as string[] }) },
    commands: {
      "change": ({ session }) => `${session.names.push("ada")}`,
      "show": ({ session }) => session.names.join(),
    },
    catch: told,
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
      catch: told,
    });
  const three = later({
    version: 3,
    migrate: ({ names }, version) => {
      seen.push(version);
      return { people: Array.isArray(names) ? names.map((name) => ({ name: String(name) })) : [] };
    },
  });
  assertEquals(await answers(one, storage, ["!change", "!show"]), ["1", "ada"]);
  const [without] = await answers(later({ version: 2 }), storage, ["!show"]);
  assertStringIncludes(without ?? "", "add session.migrate");
  assertEquals(await answers(three, storage, ["!show", "!change", "!show"]), [
    "ada",
    "2",
    "ada,bob",
  ]);
  assertEquals(seen, [1, 1], "until a handler changes it");
  const [older] = await answers(one, storage, ["!show"]);
  assertStringIncludes(older ?? "", "this bot is older than the one that wrote it");
});

Deno.test("what is stored and is no session is refused, and stays", async () => {
  for (const text of ["{", "[]", '{"shape":1}', '{"value":{}}', '{"shape":1,"value":[]}']) {
    const storage = new MemoryStorage();
    const key = ["todo", "session", "channel", "user:me@example.com"];
    await storage.write(key, text, { version: undefined });
    await using room = await BotRoom.with(todo, { storage });
    room.say("!list");
    await room.said(1);
    assertStringIncludes(String(room.log.errors[0]), "is not what a bot wrote");
    assertEquals((await storage.read(key))?.text, text);
  }
});

Deno.test("a handler that is cut off saves nothing any more", async () => {
  const storage = new WatchedStorage();
  const gate = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const bot = defineBot({
    name: "slow",
    session,
    commands: {
      "slow": async ({ session }) => {
        entered.resolve();
        await gate.promise;
        session.todos.push("late");
      },
    },
  });
  const room = await BotRoom.with(bot, { storage, drainTimeout: 0 });
  room.say("!slow");
  await entered.promise;
  room.stop();
  await room.running;
  gate.resolve();
  await room.log.wrote("cut short, because the bot stops");
  assertEquals(storage.writes, 0);
});

Deno.test("a group that names the bot's session has it, and has its own types", async () => {
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
  assertEquals(await answers(bot, new MemoryStorage(), ["!group add x", "!list"]), ["1", "x"]);
});

Deno.test("a session definition that makes no sense is an error of defineBot", () => {
  const initial = () => ({ n: 0 });
  const wrong: readonly [define: () => Bot, message: string][] = [
    [() => defineBot({ name: "x", session: { initial, version: 0 } }), "session.version"],
    [() => defineBot({ name: "x", session: { initial, version: 1.5 } }), "This is 1.5."],
    [() => defineBot({ name: "x", session: { initial, ttl: "soon" } }), "session.ttl"],
    [
      () => defineBot({ name: "x", session: { initial }, groups: [{ session: { initial } }] }),
      "names the same object as the bot does",
    ],
    [() => defineBot({ name: "x", groups: [{ session: { initial } }] }), "groups[0].session"],
  ];
  for (const [define, message] of wrong) assertThrows(define, BotDefinitionError, message);
});
