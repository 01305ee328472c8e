import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { COMMAND_NAMES, commandHint, readChatInput } from "../../../cli/chat/slash_commands.ts";

const hints: readonly [text: string, hint: readonly string[]][] = [
  ["hello", []],
  ["//etc", []],
  ["/", COMMAND_NAMES],
  ["/s", ["/status", "/search"]],
  ["/to", ["/token TOKEN: connect with the link or its token"]],
  ["/name Lap", ["/name [NAME]: set your display name, or clear it"]],
  ["/na Lap", []],
  ["/nothing", []],
  ["/TO", ["/token TOKEN: connect with the link or its token"]],
  ["/usr/bin/env", []],
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

const messages: readonly [typed: string, sent: string][] = [
  ["who", "who"],
  ["", ""],
  ["a /b", "a /b"],
  ["//etc", "/etc"],
  ["//who", "/who"],
  ["/usr/bin/env: not found", "/usr/bin/env: not found"],
  ["  /dev/null", "  /dev/null"],
  ["/etc/hosts", "/etc/hosts"],
  ["/* a comment */", "/* a comment */"],
  ["/1 of 3", "/1 of 3"],
  ["/:", "/:"],
  ["/ and a space", "/ and a space"],
  ["/^a.*b$/", "/^a.*b$/"],
  ["/home/ada/logout", "/home/ada/logout"],
];
for (const [typed, text] of messages) {
  Deno.test(`${JSON.stringify(typed)} is sent as ${JSON.stringify(text)}`, () => {
    assertEquals(readChatInput(typed), { kind: "message", text });
  });
}

const commands: readonly [typed: string, name: string, argument: string][] = [
  ["/who", "who", ""],
  ["\n/who", "who", ""],
  [" /token x", "token", "x"],
  ["/LOGOUT", "logout", ""],
  ["/Token T", "token", "T"],
  ["/quit  ", "quit", ""],
  ["/name Big  Laptop ", "name", "Big  Laptop"],
  ["/editor one\ntwo", "editor", "one\ntwo"],
];
for (const [typed, name, argument] of commands) {
  Deno.test(`${JSON.stringify(typed)} is the command ${name}`, () => {
    assertEquals(readChatInput(typed), { kind: "command", name, argument });
  });
}

const rejected: readonly [typed: string, reason: RegExp][] = [
  ["/wrod", /^Unknown command: \/wrod\. .*\/help .* start it with \/\/\.$/],
  ["/nmae Laptop", /^Unknown command: \/nmae\. Did you mean \/name\?/],
  ["/serach x", /Did you mean \/search\?/],
  ["/qiut", /Did you mean \/quit\?/],
  ["/etc", /^Unknown command: \/etc\./],
  ["/constructor", /^Unknown command: \/constructor\./],
  ["/", /^Unknown command\./],
  ["/logout\nand the next line", /^\/logout takes no argument\./],
  ["/quit smoking", /^\/quit takes no argument\. To send it as a message/],
  ["/tokn T", /^Unknown command: \/tokn\. Did you mean \/token\?/],
  ["/token=T", /^Unknown command\. Did you mean \/token\?/],
  ["/token:T", /^Unknown command\./],
  ["/tokenabcdef1234567890", /^Unknown command\./],
];
for (const [typed, reason] of rejected) {
  Deno.test(`${JSON.stringify(typed)} is neither sent nor run`, () => {
    const input = readChatInput(typed);
    assert(input.kind === "rejected", JSON.stringify(input));
    assertMatch(input.reasons.join(" "), reason);
    assert(!/T\b|1234/.test(input.reasons.join(" ").replace(/To send.*/, "")));
  });
}
