import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  COMMAND_NAMES,
  commandHint,
  isCommand,
  unescapeSlash,
} from "../../../cli/chat/slash_commands.ts";

const hints: readonly [text: string, hint: readonly string[]][] = [
  ["hello", []],
  ["//etc", []],
  ["/", COMMAND_NAMES],
  ["/s", ["/status", "/search"]],
  ["/to", ["/token TOKEN: connect with the link or its token"]],
  ["/name Lap", ["/name [NAME]: set your display name, or clear it"]],
  ["/na Lap", []],
  ["/nothing", []],
];
for (const [text, hint] of hints) {
  Deno.test(`the hint for ${JSON.stringify(text)} is ${JSON.stringify(hint)}`, () => {
    assertEquals(commandHint(text), hint);
  });
}

Deno.test("docs/cli.md describes every slash command", async () => {
  const text = await Deno.readTextFile(new URL("../../../docs/cli.md", import.meta.url));
  for (const name of COMMAND_NAMES) assertStringIncludes(text, `\n| \`${name}`);
});

Deno.test("leading white space does not hide a command; two slashes start a message", () => {
  assertEquals(["/who", " /token x", "\n/who"].map(isCommand), [true, true, true]);
  assertEquals(["who", "//etc", "a /b", ""].map(isCommand), [false, false, false, false]);
  assertEquals(["//etc", "a //b"].map(unescapeSlash), ["/etc", "a //b"]);
});
