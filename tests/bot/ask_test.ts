import { assert, assertEquals, assertInstanceOf, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import {
  type AskOptions,
  type Bot,
  BotDefinitionError,
  ConnectionError,
  defineBot,
  NoAnswerError,
  timeout,
  type Value,
} from "@roomz/roomz/bot";
import { BotRoom } from "./bot_room.ts";
import { FakeHost } from "./fake_host.ts";
import { typed } from "./types.ts";

/** A bot whose command `ask` asks one thing, and what came of it. */
function asking(options: AskOptions = {}): { bot: Bot; caught: unknown[] } {
  const caught: unknown[] = [];
  const bot = defineBot({
    name: "asker",
    commands: {
      "ask": async ({ ask, device }) => `${device} said ${await ask("What?", options)}`,
      "ping": "pong",
    },
    catch: (error) => {
      caught.push(error);
      return "caught";
    },
  });
  return { bot, caught };
}

/** Says each line when the bot has said as much as came before it. */
async function talk(room: BotRoom, ...lines: [line: string, device: string][]): Promise<void> {
  for (const [line, device] of lines) {
    const before = room.replies.length;
    room.say(line, device);
    await room.said(before + 1);
  }
}

Deno.test("answers have the type that was asked for, and the question is repeated until they fit", async () => {
  const bot = defineBot({
    name: "asker",
    commands: {
      "all": async function* ({ ask }) {
        const text = await ask("Text?");
        typed<string>()(text);
        yield text;
        const int = await ask("Int?", { type: "int" });
        typed<number>()(int);
        yield `${int + 1}`;
        const choice = await ask("Where?", { type: "dev|prod" });
        typed<"dev" | "prod">()(choice);
        yield choice;
        const date = await ask("When?", { type: "date", retry: "Like 2026-11-23, please." });
        typed<Date>()(date);
        yield date.toISOString();
      },
    },
  });
  await using room = await BotRoom.with(bot);
  room.say("!all");
  await room.said(1);
  for (const line of ["  two words ", "many", "41", "prd", "PROD", "today", "2026-02-03"]) {
    const before = room.replies.length;
    room.say(line);
    await room.said(
      before + (/^(many|prd|today)$/.test(line) ? 1 : line.startsWith("2026") ? 1 : 2),
    );
  }
  assertEquals(room.replies, [
    "Text?",
    "two words",
    "Int?",
    '"many" is not a whole number, such as 42.',
    "42",
    "Where?",
    '"prd" is not dev or prod. Did you mean "prod"?',
    "prod",
    "When?",
    "Like 2026-11-23, please.",
    "2026-02-03T00:00:00.000Z",
  ]);
});

Deno.test("types that do not exist do not compile, and are errors when they are asked for", async () => {
  const errors: unknown[] = [];
  const bot = defineBot({
    name: "asker",
    commands: {
      "one": async ({ ask }) => {
        // @ts-expect-error: There is no type "itn"
        await ask("What?", { type: "itn" });
      },
      "two": async ({ ask }) => void await ask("What?", { timeout: "soon" }),
      // @ts-expect-error: an int is not a string
      "three": ({ ask }) => ask("What?", { type: "int" }),
      "four": async ({ ask }, options: AskOptions = {}) => {
        // What is only known when it runs can be any of the types.
        typed<Value>()(await ask("What?", options));
        typed<string>()(await ask("What?", { retry: "Again!" }));
      },
    },
    catch: (error) => {
      errors.push(error);
      return "caught";
    },
  });
  await using room = await BotRoom.with(bot);
  await talk(room, ["!one", "laptop"], ["!two", "laptop"]);
  assert(errors.every((error) => error instanceof BotDefinitionError));
  assertStringIncludes(String(errors[0]), 'There is no type "itn". Did you mean "int"?');
  assertEquals(errors.length, 2);
});

Deno.test("only the device that was asked can answer, and only with what calls no command", async () => {
  const { bot } = asking();
  await using room = await BotRoom.with(bot);
  await talk(room, ["!ask", "laptop"]);
  room.say("from elsewhere", "phone");
  await talk(room, ["!ping", "phone"], ["!ping", "laptop"], ["!unknown", "laptop"]);
  room.say("nobody asked", "laptop");
  await talk(room, ["!ping", "laptop"]);
  assertEquals(room.replies, ["What?", "pong", "pong", "laptop said !unknown", "pong"]);
});

Deno.test("the bot's own words, and those that may be its own, are no answers", async () => {
  const { bot } = asking();
  await using room = await BotRoom.with(bot);
  await talk(room, ["!ask", "laptop"]);
  room.say("own", "laptop", { own: true });
  room.say("who knows", "laptop", { own: undefined });
  await talk(room, ["mine", "laptop"]);
  assertEquals(room.replies, ["What?", "laptop said mine"]);
});

Deno.test("an answer whose end may be missing is asked for again", async () => {
  const { bot } = asking();
  await using room = await BotRoom.with(bot);
  await talk(room, ["!ask", "laptop"]);
  room.say("long", "laptop", { maybeTruncated: true });
  assertStringIncludes((await room.said(2))[1] ?? "", "its end may be missing");
  await talk(room, ["short", "laptop"]);
  assertEquals(room.replies[2], "laptop said short");
});

Deno.test("a word cancels, in any case; another word when it is given, or none", async () => {
  for (
    const [options, line, end] of [
      [{}, " CANCEL ", "Cancelled."],
      [{ cancel: "Stop" }, "stop", "Cancelled."],
      [{ cancel: "stop" }, "cancel", "laptop said cancel"],
      [{ cancel: false }, "cancel", "laptop said cancel"],
    ] satisfies [AskOptions, string, string][]
  ) {
    const { bot, caught } = asking(options);
    await using room = await BotRoom.with(bot);
    await talk(room, ["!ask", "laptop"], [line, "laptop"]);
    assertEquals([room.replies[1], caught, room.log.errors], [end, [], []]);
  }
});

Deno.test("a question ends when its time is up, however often it was repeated", async () => {
  const { bot, caught } = asking({ timeout: "1m" });
  const host = new FakeHost();
  await using room = await BotRoom.with(bot, {}, host);
  await talk(room, ["!ask", "laptop"]);
  await host.advance(59_999);
  assertEquals(room.replies.length, 1);
  await host.advance(1);
  assertEquals(await room.said(2), ["What?", "No answer in time: cancelled."]);
  room.say("too late", "laptop");
  await talk(room, ["!ask", "laptop"], ["in time", "laptop"]);
  assertEquals(room.replies.slice(2), ["What?", "laptop said in time"]);
  assertEquals([caught, host.timers], [[], []]);
});

Deno.test("a question may wait for longer than timers can, which is not at once over", async () => {
  const { bot } = asking({ timeout: "52w" });
  const host = new FakeHost();
  await using room = await BotRoom.with(bot, {}, host);
  await talk(room, ["!ask", "laptop"]);
  assertEquals(host.timers, [2 ** 31 - 1]);
  await talk(room, ["yes", "laptop"]);
  assertEquals(room.replies[1], "laptop said yes");
});

Deno.test("a handler can catch that there is no answer", async () => {
  const bot = defineBot({
    name: "asker",
    commands: {
      "ask": async ({ ask }) => {
        try {
          return await ask("What?");
        } catch (error) {
          assertInstanceOf(error, NoAnswerError);
          return `no: ${error.reason}`;
        }
      },
    },
  });
  const room = await BotRoom.with(bot);
  await talk(room, ["!ask", "laptop"], ["cancel", "laptop"], ["!ask", "laptop"]);
  room.stop();
  await room.running;
  assertEquals(room.replies, ["What?", "no: cancelled", "What?", "no: stopped"]);
});

Deno.test("a bot that is stopped waits for no answer, and asks nothing any more", async () => {
  const gate = Promise.withResolvers<void>();
  const bot = defineBot({
    name: "asker",
    commands: {
      "ask": ({ ask }) => ask("What?"),
      "later": async ({ ask }) => {
        await gate.promise;
        return await ask("And?");
      },
    },
  });
  const room = await BotRoom.with(bot);
  await talk(room, ["!ask", "laptop"]);
  room.say("!later", "phone");
  room.stop();
  gate.resolve();
  await room.running;
  const stopped = "I am being stopped, and cannot wait for the answer. Ask me again later.";
  assertEquals(room.replies, ["What?", stopped, stopped]);
  assertEquals(room.log.lines.filter((line) => /cut short|failed/.test(line)), []);
});

Deno.test("while it waits, other messages of the device run; after it, in order again", async () => {
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const gate = (name: string) => {
    const found = gates.get(name) ?? Promise.withResolvers<void>();
    gates.set(name, found);
    return found;
  };
  const events: string[] = [];
  const bot = defineBot({
    name: "asker",
    commands: {
      "ask": async ({ ask }) => {
        const answer = await ask("What?");
        events.push(`got ${answer}`);
        await gate("ask").promise;
        return `done ${answer}`;
      },
      "work <name>": async ({ args }) => {
        events.push(`${args.name} begins`);
        await gate(args.name).promise;
        events.push(`${args.name} ends`);
        return args.name;
      },
    },
  });
  await using room = await BotRoom.with(bot);
  await talk(room, ["!ask", "laptop"]);
  room.say("!work a", "laptop");
  room.say("yes", "laptop");
  room.say("!work b", "laptop");
  gate("a").resolve();
  await room.said(2);
  while (events.length < 3) await Promise.resolve();
  assertEquals(events, ["a begins", "a ends", "got yes"], "b waits for the rest of ask");
  gate("b").resolve();
  gate("ask").resolve();
  assertEquals(await room.said(4), ["What?", "a", "done yes", "b"]);
});

Deno.test("of two questions to a device the latest is answered first", async () => {
  const bot = defineBot({
    name: "asker",
    commands: {
      "ask <what>": async ({ args, ask }) => `${args.what} is ${await ask(`${args.what}?`)}`,
      "both": async ({ ask }) => (await Promise.all([ask("x?"), ask("y?")])).join(" and "),
    },
  });
  await using room = await BotRoom.with(bot);
  await talk(room, ["!ask a", "laptop"], ["!ask b", "laptop"], ["1", "laptop"], ["2", "laptop"]);
  assertEquals(room.replies, ["a?", "b?", "b is 1", "a is 2"]);
  room.say("!both");
  await room.said(6);
  room.say("Y");
  room.say("X");
  assertEquals((await room.said(7))[6], "X and Y");
  await talk(room, ["!ask c", "laptop"], ["3", "laptop"]);
  assertEquals(room.replies.at(-1), "c is 3", "nothing blocks the line");
});

Deno.test("whatever is asked and answered, one handler of a device works at a time", async () => {
  const running = new Map<string | null, number>();
  let most = 0;
  let answered = 0;
  const work = async (device: string | null, ticks: number) => {
    const now = (running.get(device) ?? 0) + 1;
    running.set(device, now);
    most = Math.max(most, now);
    for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
    running.set(device, now - 1);
  };
  const bot = defineBot({
    name: "asker",
    commands: {
      "work <ticks:int>": ({ args, device }) => work(device, args.ticks),
      "ask <ticks:int>": async ({ args, ask, device }) => {
        await work(device, args.ticks);
        const ticks = await ask("?", { type: "int" });
        answered++;
        await work(device, ticks);
      },
    },
  });
  const line = fc.record({
    device: fc.constantFrom("a", "b"),
    kind: fc.constantFrom("!work ", "!ask ", ""),
    ticks: fc.nat(30),
    pause: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 5, maxLength: 30 }), async (lines) => {
      await using room = await BotRoom.with(bot);
      for (const { device, kind, ticks, pause } of lines) {
        room.say(`${kind}${ticks}`, device);
        if (pause) await new Promise((resolve) => setImmediate(resolve));
      }
    }),
    { seed: 11, numRuns: 1_000 },
  );
  assertEquals(most, 1);
  assert(answered > 300, `${answered} questions were answered`);
});

Deno.test("a question that cannot be sent fails, and does not wait", async () => {
  const { bot, caught } = asking();
  await using room = await BotRoom.with(bot);
  room.client.sendInstead = (content) => {
    if (content === "What?") return Promise.reject(new ConnectionError("Not connected."));
    room.client.sendInstead = undefined;
    return room.client.send(content);
  };
  await talk(room, ["!ask", "laptop"]);
  assertEquals(room.replies, ["caught"]);
  assertInstanceOf(caught[0], ConnectionError);
});

Deno.test("an answer that comes before the question's acknowledgement counts, whatever that says", async () => {
  const { bot, caught } = asking();
  await using room = await BotRoom.with(bot);
  const acknowledgement = Promise.withResolvers<never>();
  room.client.sendInstead = () => {
    room.client.sendInstead = undefined;
    return acknowledgement.promise;
  };
  room.say("!ask");
  room.say("yes");
  acknowledgement.reject(new ConnectionError("The connection was lost."));
  assertEquals([await room.said(1), caught], [["laptop said yes"], []]);
});

Deno.test("a repeated question that cannot be sent is logged, and still waits", async () => {
  const { bot } = asking({ retry: "Again?" });
  await using room = await BotRoom.with(bot);
  await talk(room, ["!ask", "laptop"]);
  room.client.sendInstead = () => Promise.reject(new ConnectionError("Not connected."));
  room.say("long", "laptop", { maybeTruncated: true });
  await room.log.wrote("that was not said: ConnectionError: Not connected.");
  room.client.sendInstead = undefined;
  await talk(room, ["yes", "laptop"]);
  assertEquals(room.replies.at(-1), "laptop said yes");
});

Deno.test("a handler whose time is up, or whose signal aborts, waits no longer", async () => {
  const host = new FakeHost();
  const stop = new AbortController();
  const reasons: unknown[] = [];
  const bot = defineBot({
    name: "asker",
    commands: {
      "limited": { use: [timeout("10s")], run: ({ ask }) => ask("What?") },
      "signalled": async ({ ask }) => {
        try {
          return await ask("What?", { signal: stop.signal });
        } catch (error) {
          reasons.push(error);
          return "aborted";
        }
      },
    },
    catch: () => "out of time",
  });
  await using room = await BotRoom.with(bot, {}, host);
  await talk(room, ["!limited", "laptop"]);
  await host.advance(10_000);
  await room.said(2);
  assertEquals(host.timers, [], "the question's own timer is gone as well");
  await talk(room, ["!signalled", "laptop"]);
  stop.abort("enough");
  await room.said(4);
  await talk(room, ["!signalled", "laptop"]);
  assertEquals(room.replies.slice(2), ["What?", "aborted", "aborted"]);
  assertEquals(reasons, ["enough", "enough"]);
});
