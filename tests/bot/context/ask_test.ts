/**
 * Questions of handlers, and which messages answer them.
 * @module
 */
import { type AskOptions, BotDefinitionError, defineBot, type Value } from "@roomz/roomz/bot";
import { answers, testBot } from "@roomz/roomz/testing";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { asking } from "../support/asking_bot.ts";
import { loggedErrors, logLines } from "../support/bot_log.ts";
import { typed } from "../support/types.ts";

Deno.test("answers have the requested type, and invalid ones prompt a retry", async () => {
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
  // Surrounding white space that the server does not strip is not part of an answer.
  const lines = [
    "!all",
    "\ufefftwo words\ufeff",
    "many",
    "41",
    "prd",
    "PROD",
    "today",
    "2026-02-03",
  ];
  assertEquals(await answers(bot, ...lines), [
    ["Text? (text) [n6a]"],
    ["two words", "Int? (whole number) [n6a]"],
    ['Your answer must be a whole number such as 42, not "many".'],
    ["42", "Where? (dev|prod) [n6a]"],
    ['Your answer must be dev or prod, not "prd". Did you mean "prod"?'],
    ["prod", "When? (such as 2026-11-22) [n6a]"],
    ["Like 2026-11-23, please."],
    ["2026-02-03T00:00:00.000Z"],
  ]);
});

Deno.test("unknown types do not compile, and are errors at run time", async () => {
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
        // Options that are only known at run time give the union of all types.
        typed<Value>()(await ask("What?", options));
        typed<string>()(await ask("What?", { retry: "Again!" }));
      },
    },
    catch: (error) => {
      errors.push(error);
      return "caught";
    },
  });
  assertEquals(await answers(bot, "!one", "!two"), [["caught"], ["caught"]]);
  assert(errors.every((error) => error instanceof BotDefinitionError));
  assertStringIncludes(String(errors[0]), 'There is no type "itn". Did you mean "int"?');
  assertEquals(errors.length, 2);
});

Deno.test("only the device that was asked can answer, and commands are not answers", async () => {
  await using room = await testBot(asking().bot);
  const [laptop, phone] = [room.device("laptop"), room.device("phone")];
  assertEquals(await laptop.say("!ask"), ["What? (text) [n6a]"]);
  assertEquals(await phone.say("from elsewhere"), []);
  assertEquals(await phone.say("!ping"), ["pong"]);
  assertEquals(await laptop.say("!ping"), ["pong"]);
  assertEquals(await laptop.say("!unknown"), []);
  assertEquals(await laptop.say("unknown"), ["laptop said unknown"]);
  assertEquals(await laptop.say("nobody asked"), []);
});

Deno.test("a command is not an answer, even if the command fails", async () => {
  const cut = `!ping ${"x".repeat(1_000)}`;
  const [, noHelp, whole, answered] = await answers(
    asking().bot,
    "!ask",
    "!help unknown",
    cut,
    "mine",
  );
  assertEquals(noHelp, ['There is no command "unknown".']);
  assertStringIncludes(whole?.[0] ?? "", "so it was ignored");
  assertEquals(answered, ["phone said mine"]);
});

Deno.test("the bot's own messages are not answers, even for a device with the bot's name", async () => {
  await using room = await testBot(asking().bot);
  const namesake = room.device("asker");
  assertEquals(await namesake.say("!ask"), ["What? (text) [n6a]"]);
  assertEquals(await room.device("phone").say("!ping"), ["pong"]);
  assertEquals(await namesake.say("mine"), ["asker said mine"]);
});

Deno.test("messages that might be the bot's own are not answers", async () => {
  await using room = await testBot(asking().bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!ask"), ["What? (text) [n6a]"]);
  room.loseAcknowledgement();
  assertEquals(await room.device("phone").say("!ping"), ["pong"]);
  assertEquals(await laptop.say("who knows"), []);
  await room.advance(60_000);
  assert(
    logLines(room).some((line) => line.includes('ignored a message from "laptop"')),
    room.transcript,
  );
  assertEquals(await laptop.say("mine"), ["laptop said mine"]);
});

Deno.test("an answer that may have been cut off is asked for again", async () => {
  const [, again, end] = await answers(asking().bot, "!ask", "x".repeat(1_000), "short");
  assertEquals(again?.length, 1);
  assertStringIncludes(again?.[0] ?? "", "may have been cut off");
  assertEquals(end, ["phone said short"]);
});

Deno.test("a word cancels the question, ignoring case; the word can be changed or disabled", async () => {
  for (
    const [options, line, end] of [
      [{}, " CANCEL ", "Cancelled."],
      [{ cancel: "Stop" }, "stop", "Cancelled."],
      [{ cancel: "stop" }, "cancel", "laptop said cancel"],
      [{ cancel: false }, "cancel", "laptop said cancel"],
    ] satisfies [AskOptions, string, string][]
  ) {
    const { bot, caught } = asking(options);
    await using room = await testBot(bot);
    await room.device("laptop").say("!ask");
    assertEquals(await room.device("laptop").say(line), [end]);
    assertEquals([caught, loggedErrors(room)], [[], []]);
  }
});

const wrongOptions: readonly [options: unknown, message: string][] = [
  [5, 'This must be an object such as { type: "int", timeout: "1m" }, not 5.\n  in ask(…)'],
  ["int", 'not "int".\n  in ask(…)'],
  [{ typ: "int" }, 'ask has no option "typ". Did you mean "type"?\n  in ask(…).typ'],
  [{ timeOut: "1m" }, 'ask has no option "timeOut". Did you mean "timeout"?\n  in ask(…).timeOut'],
  [{ form: "phone" }, 'ask has no option "form". Did you mean "from"?'],
  [
    { choices: ["a"] },
    'ask has no option "choices". Write them as the type: { type: "dev|prod" }.',
  ],
  [{ device: "phone" }, 'ask has no option "device". Write `from`.'],
  [
    { limit: 1 },
    'ask has no option "limit". It can have: type, timeout, cancel, retry, from, signal.',
  ],
  [{ type: ["dev", "prod"] }, "`type` must be a string, not an array of 2.\n  in ask(…).type"],
  [{ timeout: ["1m"] }, "not an array of 1.\n  in ask(…).timeout"],
  [{ cancel: true }, "`cancel` must be a word, or false for none, not true.\n  in ask(…).cancel"],
  [{ retry: () => "?" }, "`retry` must be a string, not a function.\n  in ask(…).retry"],
  [{ from: ["phone"] }, "`from` must be a string, not an array of 1.\n  in ask(…).from"],
  [{ signal: new AbortController() }, "`signal` must be an AbortSignal, not an AbortController."],
];
Deno.test("unknown and wrong options of ask are errors with what to write instead", async () => {
  for (const [options, message] of wrongOptions) {
    const errors: unknown[] = [];
    const bot = defineBot({
      name: "asker",
      commands: {
        "go": ({ ask }) => Reflect.apply(ask, undefined, ["What? (text) [n6a]", options]),
      },
      catch: (error) => void errors.push(error),
    });
    assertEquals(await answers(bot, "!go"), [[]]);
    const [error] = errors;
    assert(error instanceof BotDefinitionError, `${error}`);
    assertStringIncludes(error.message, message);
  }
});
