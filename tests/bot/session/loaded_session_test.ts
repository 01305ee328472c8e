/**
 * Handlers that change the same session concurrently.
 * @module
 */
import { type BotStorage, defineBot, SessionConflictError, StorageError } from "@roomz/roomz/bot";
import { answers, testBot } from "@roomz/roomz/testing";
import { assert, assertEquals, assertInstanceOf, assertStringIncludes } from "@std/assert";
import { loggedErrors } from "../support/bot_log.ts";
import { WatchedStorage } from "../support/watched_storage.ts";

/** A bot whose `slow` handlers wait a second between loading and changing the session. */
function racing() {
  let runs = 0;
  const bot = defineBot({
    name: "race",
    session: { initial: () => ({ words: [] as string[] }) },
    commands: {
      "slow": async ({ session, clock }) => {
        runs++;
        await new Promise<void>((resolve) => clock.schedule(resolve, 1_000));
        session.words.push("slow");
        return "slow is in";
      },
      "slow update": async ({ updateSession, clock }) => {
        await new Promise<void>((resolve) => clock.schedule(resolve, 1_000));
        const { words } = await updateSession((session) => void session.words.push("update"));
        return words.join();
      },
      "quick": ({ session }) => `${session.words.push("quick")}`,
      "words": ({ session }) => session.words.join(),
    },
  });
  return { bot, runs: () => runs };
}

Deno.test("a conflict is reported, and the other handler's changes are kept", async () => {
  const { bot, runs } = racing();
  await using room = await testBot(bot);
  const [laptop, phone] = [room.device("laptop"), room.device("phone")];
  assertEquals(await laptop.say("!slow"), []);
  assertEquals(await phone.say("!quick"), ["1"]);
  assertEquals(await room.advance(1_000), [
    "Another message changed the same data in the meantime, so your changes were not saved. Send " +
    "the message again.",
  ]);
  assertEquals(await laptop.say("!words"), ["quick"]);
  const errors = loggedErrors(room);
  assertInstanceOf(errors[0], SessionConflictError);
  assertEquals([errors.length, runs()], [1, 1], "the handler ran once");
});

Deno.test("a conflict can be handled by catch, like any other failure", async () => {
  const caught: unknown[] = [];
  const bot = defineBot({
    name: "race",
    session: { initial: () => ({ n: 0 }) },
    commands: {
      "slow": async ({ session, clock }) => {
        await new Promise<void>((resolve) => clock.schedule(resolve, 1_000));
        session.n++;
      },
      "quick": ({ session }) => `${++session.n}`,
    },
    catch: (error) => {
      caught.push(error);
      return "caught";
    },
  });
  await using room = await testBot(bot);
  await room.device("laptop").say("!slow");
  assertEquals(await room.device("phone").say("!quick"), ["1"]);
  assertEquals(await room.advance(1_000), ["caught"]);
  assertEquals(await room.device("phone").say("!quick"), ["2"]);
  assertInstanceOf(caught[0], SessionConflictError);
  assertEquals(caught.length, 1);
});

Deno.test("updateSession applies its change on top of concurrent writes", async () => {
  await using room = await testBot(racing().bot);
  await room.device("laptop").say("!slow update");
  assertEquals(await room.device("phone").say("!quick"), ["1"]);
  assertEquals(await room.advance(1_000), ["quick,update"]);
});

Deno.test("a hundred concurrent updates are each applied exactly once", async () => {
  const storage = new WatchedStorage();
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
  await using room = await testBot(bot, { storage });
  // Every write yields, so that others can overtake it.
  storage.beforeWrite = () => new Promise<void>((resolve) => room.clock.schedule(resolve, 1));
  const phone = room.device("phone");
  await Promise.all(Array.from({ length: 100 }, () => phone.say("!up")));
  const totals = (await room.advance(1_000)).map(Number).sort((a, b) => a - b);
  assertEquals(totals, Array.from({ length: 100 }, (_, n) => n + 1));
  assert(storage.writes > 100, "some were retried");
});

Deno.test("changing the session and calling updateSession in one handler is an error", async () => {
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
  const [both, same, n] = await answers(bot, "!both", "!same", "!n");
  assertStringIncludes(both?.join() ?? "", "called updateSession and also changed ctx.session");
  assertEquals([same, n], [["1"], ["1"]]);
});

Deno.test("an update that always conflicts eventually fails", async () => {
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
  await using room = await testBot(bot, { storage });
  assertStringIncludes((await room.device("phone").say("!up")).join(), "1000 conflicting writes");
});
