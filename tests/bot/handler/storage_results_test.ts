/**
 * Handlers with a session behave alike whether the storage has its results at once or later.
 * @module
 */
import { type BotStorage, defineBot, MemoryStorage, type StorageResult } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";
import { logLines } from "../support/bot_log.ts";

/** A storage whose results come the way that `pass` makes of them. */
function storage(pass: <T>(result: T) => StorageResult<T>): BotStorage {
  const inner = new MemoryStorage();
  return {
    read: (key) => pass(inner.read(key)),
    write: (key, text, options) => pass(inner.write(key, text, options)),
    delete: (key, version) => pass(inner.delete(key, version)),
  };
}

/** What untyped code may return: it has `then`, but is no `Promise` of this realm. */
function thenable<T>(result: T): Promise<T> {
  const promise = Promise.resolve(result);
  const { then } = promise;
  return { then: (...args: Parameters<typeof then>) => void then.apply(promise, args) } as never;
}

const bot = defineBot({
  name: "helper",
  session: { initial: () => ({ log: [] as string[] }), scope: "device" },
  commands: {
    "nothing <word>": ({ args, session }) => void session.log.push(args.word),
    "text <word>": ({ args, session }) => `${session.log.push(args.word)}`,
    "later <word>": async ({ args, session }) => {
      await Promise.resolve();
      return `${session.log.push(args.word)}`;
    },
    "stream <word>": async function* ({ args, session }) {
      yield `${session.log.push(args.word)}`;
      yield "end";
    },
    "throw <word>": ({ args, session }) => {
      session.log.push(args.word);
      throw new Error("boom");
    },
    "reject <word>": ({ args, session }) => {
      session.log.push(args.word);
      return Promise.reject(new Error("boom"));
    },
    "update <word>": async ({ args, updateSession }) => {
      await updateSession((session) => void session.log.push(args.word));
    },
    "unstorable": ({ session }) => {
      session.log.push(undefined as unknown as string);
    },
    "show": ({ session }) => session.log.join(" "),
  },
  catch: (error) => `caught ${error instanceof Error ? error.name : error}`,
});

const lines = ["nothing a", "text b", "later c", "stream d", "throw e", "reject f", "update g"];
const expected = [
  "2",
  "3",
  "4",
  "end",
  "caught Error",
  "caught Error",
  "caught StorageError",
  "a b c d g",
];

for (
  const [when, pass] of [
    ["at once", <T>(result: T) => result],
    ["in a promise", <T>(result: T) => Promise.resolve(result)],
    ["later", async <T>(result: T) => {
      for (let i = 0; i < 5; i++) await Promise.resolve();
      return result;
    }],
    ["in something like a promise", thenable],
  ] as const
) {
  Deno.test(`a storage whose results come ${when}: each handler's session is saved, or kept`, async () => {
    await using room = await testBot(bot, { storage: storage(pass), loopGuard: false });
    const phone = room.device("phone");
    for (const line of [...lines, "unstorable", "show"]) await phone.say(`!${line}`);
    assertEquals(phone.heard, expected);
    const laptop = room.device("laptop");
    // All at once: each waits for its turn.
    await Promise.all([...lines, "unstorable", "show"].map((line) => laptop.say(`!${line}`)));
    assertEquals(laptop.heard.slice(-expected.length), expected);
    assertEquals(logLines(room).filter((line) => line.startsWith("error")).length, 6);
  });
}
