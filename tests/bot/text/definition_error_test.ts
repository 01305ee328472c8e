import { BotDefinitionError } from "@roomz/roomz/bot";
import { assertEquals } from "@std/assert";

Deno.test("the message has the problem, the path, and carets below the mistake", () => {
  const error = new BotDefinitionError({
    problem: 'There is no type "itn".',
    path: 'commands["roll <n:itn>"]',
    source: "roll <n:itn>",
    position: 8,
    length: 3,
  });
  assertEquals(
    error.message,
    'There is no type "itn".\n  in commands["roll <n:itn>"]\n  roll <n:itn>\n          ^^^',
  );
  assertEquals([error.name, error.source, error.position], [
    "BotDefinitionError",
    "roll <n:itn>",
    8,
  ]);
});

Deno.test("without a source the message is the problem and the path", () => {
  const error = new BotDefinitionError({ problem: "Name at least one device.", path: "ignore()" });
  assertEquals(error.message, "Name at least one device.\n  in ignore()");
  assertEquals([error.source, error.position], [undefined, undefined]);
});

Deno.test("in a source of several lines, only the line of the mistake is shown", () => {
  const { message } = new BotDefinitionError({
    problem: "Wrong.",
    path: "here",
    source: "one\n\ttwo three\nfour",
    position: 9,
    length: 100,
  });
  assertEquals(message, "Wrong.\n  in here\n  \ttwo three\n  \t    ^^^^^");
});
