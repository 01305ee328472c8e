import { BotDefinitionError, defineBot, isBot } from "@roomz/roomz/bot";
import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";

const collisions: readonly [first: string, second: string, carets: string][] = [
  ["roll <n:int>", "roll [sides]", "^^^^"],
  ["todo add", "  todo  ADD <x>", "  ^^^^^^^^^"],
];
for (const [first, second, carets] of collisions) {
  Deno.test(`defineBot refuses the signatures "${first}" and "${second}" together`, () => {
    const error = assertThrows(
      () =>
        defineBot({
          name: "x",
          commands: { [first]: "1" },
          groups: [{ commands: { [second]: "2" } }],
        }),
      BotDefinitionError,
      `already call another command, in commands["${first}"].`,
    );
    assertInstanceOf(error, BotDefinitionError);
    assertEquals(error.path, `groups[0].commands["${second}"]`);
    assertEquals(error.message.split("\n").at(-1), `  ${carets}`);
  });
}

Deno.test("an alias that another command has is refused, and the error points at it", () => {
  const error = assertThrows(
    () =>
      defineBot({
        name: "x",
        commands: { "ping": "pong", "roll": { aliases: ["r", "Ping"], run: "6" } },
      }),
    BotDefinitionError,
    'The words "Ping" already call another command, in commands["ping"].\n' +
      '  in commands["roll"].aliases[1]\n  Ping\n  ^^^^',
  );
  assertInstanceOf(error, BotDefinitionError);
});

Deno.test("duplicate and invalid aliases are refused", () => {
  const define = (...aliases: string[]) => () =>
    defineBot({ name: "x", commands: { "roll": { aliases, run: "6" } } });
  assertThrows(define("r", "R"), BotDefinitionError, 'commands["roll"].aliases[0]');
  assertThrows(define("r <n>"), BotDefinitionError, "An alias consists of words only");
  assertThrows(define(""), BotDefinitionError, 'in commands["roll"].aliases[0]');
});

Deno.test("invalid names and prefixes are refused", () => {
  for (const name of ["", " x", "x\n", "a\0b", "x".repeat(51)]) {
    assertThrows(() => defineBot({ name }), BotDefinitionError, "in name");
  }
  for (const prefix of ["", " ", "! ", ["!", ""]]) {
    assertThrows(() => defineBot({ name: "x", prefix }), BotDefinitionError, "in prefix");
  }
  assertEquals(defineBot({ name: "👍".repeat(50) }).manifest.prefixes, ["!"]);
});

const helper = defineBot({
  name: "helper",
  prefix: ["!", "hey"],
  commands: {
    "ping": "pong",
    "roll [sides:int=6]": { description: "Roll a die", run: ({ args }) => `1 of ${args.sides}` },
    "todo add <text...> [--due:date]": {
      description: "Add a to-do",
      aliases: ["ta", "todo new"],
      run: ({ args }) => `added ${args.text}`,
    },
  },
});

Deno.test("the manifest describes every command, and survives JSON", () => {
  assertEquals(helper.manifest.name, "helper");
  assertEquals(helper.manifest.prefixes, ["!", "hey"]);
  assertEquals(helper.manifest.commands.slice(1, 3), [
    {
      name: "roll",
      signature: "roll [sides:int=6]",
      description: "Roll a die",
      aliases: [],
      concurrent: false,
      arguments: [
        { name: "sides", key: "sides", type: "int", extent: "one", required: false, default: "6" },
      ],
      flags: [],
    },
    {
      name: "todo add",
      signature: "todo add <text...> [--due:date]",
      description: "Add a to-do",
      aliases: ["ta", "todo new"],
      concurrent: false,
      arguments: [{ name: "text", key: "text", type: "text", extent: "rest", required: true }],
      flags: [{ name: "due", key: "due", type: "date" }],
    },
  ]);
  const choices = defineBot({ name: "x", commands: { "x <a:b|c> [--d]": "x" } });
  const [command] = choices.manifest.commands;
  assertEquals(command?.arguments[0]?.choices, ["b", "c"]);
  assertEquals(command?.flags, [{ name: "d", key: "d" }]);
  assertEquals(JSON.parse(JSON.stringify(helper.manifest)), helper.manifest);
});

Deno.test("isBot recognizes bots of this version only", () => {
  assertEquals(isBot(helper), true);
  for (const value of [undefined, null, "bot", { name: "helper", manifest: helper.manifest }]) {
    assertEquals(isBot(value), false);
  }
  // A bot of an incompatible copy of the package.
  assertEquals(isBot({ [Symbol.for("@roomz/roomz/bot")]: { version: 0 } }), false);
});
