import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  COMMAND_NAMES,
  commandHint,
  isCommand,
  messageIn,
} from "../../../cli/chat/slash_commands.ts";

const hints: readonly [text: string, hint: readonly string[]][] = [
  ["hello", []],
  ["//etc", []],
  ["/", COMMAND_NAMES],
  ["/s", ["/status", "/search"]],
  ["/to", ["/token TOKEN: connect with the link, or the token in it"]],
  ["/name Lap", ["/name [NAME]: show NAME beside your email, or none"]],
  ["/na Lap", []],
  ["/nothing", []],
];
for (const [text, hint] of hints) {
  Deno.test(`the hint for ${JSON.stringify(text)} is ${JSON.stringify(hint)}`, () => {
    assertEquals(commandHint(text), hint);
  });
}

Deno.test("docs/cli.md tells what each command of the chat does", async () => {
  const text = await Deno.readTextFile(new URL("../../../docs/cli.md", import.meta.url));
  for (const name of COMMAND_NAMES) assertStringIncludes(text, `\n| \`${name}`);
});

Deno.test("a command is one with white space before it as well, and two slashes begin a message", () => {
  assertEquals(["/who", " /token x", "\n/who"].map(isCommand), [true, true, true]);
  assertEquals(["who", "//etc", "a /b", ""].map(isCommand), [false, false, false, false]);
  assertEquals(["//etc", "a //b"].map(messageIn), ["/etc", "a //b"]);
});
