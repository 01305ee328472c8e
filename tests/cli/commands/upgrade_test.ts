import { assertEquals, assertMatch } from "@std/assert";
import { upgradeOf } from "../../../cli/commands/upgrade.ts";
import { roomz } from "../support/test_io.ts";

Deno.test("upgrade prints one command on stdout, and how roomz was installed on stderr", async () => {
  const { exitCode, stdout, stderr } = await roomz(["upgrade"]);
  assertEquals(exitCode, 0);
  // Quoted if the path of the clone has a space.
  assertMatch(stdout, /^git -C (?:'\/[^']+\/'|[^\s']+) pull\n$/);
  assertMatch(stderr, /^This is roomz \d+\.\d+\.\d+, run from a clone\. /);
});

const cases: readonly [url: string, binary: boolean, command: RegExp][] = [
  ["file:///it's%20mine/cli/commands/upgrade.ts", false, /^git -C '\/it'\\''s mine\/' pull$/],
  [
    "https://jsr.io/@roomz/roomz/0.2.0/cli/commands/upgrade.ts",
    false,
    /^deno install --global --force .*--allow-net .* jsr:@roomz\/roomz\/cli$/,
  ],
  [
    "file:///tmp/deno-compile-roomz/cli/commands/upgrade.ts",
    true,
    /deno task compile x86_64-apple-darwin$/,
  ],
];
for (const [url, binary, command] of cases) {
  Deno.test(`${binary ? "a binary" : "a script"} at ${url} is upgraded with ${command}`, () => {
    assertMatch(upgradeOf(url, binary, "x86_64-apple-darwin").command, command);
  });
}
