import { BotDefinitionError, defineBot } from "@roomz/roomz/bot";
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
      `Another command, in commands["${first}"], already uses the words`,
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
    'Another command, in commands["ping"], already uses the words "Ping". Change one of them.\n' +
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
