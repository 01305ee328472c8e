import { Interruption, main, OutputClosed } from "@roomz/roomz/cli";
import { AuthenticationError, ConfigurationError, ConnectionError } from "@roomz/roomz/client";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { CommandError, endingOf, ExitCode } from "../../../cli/command_line/exit_code.ts";
import { TestIo } from "../support/test_io.ts";

const cases: readonly [error: unknown, exitCode: number, message: string | undefined][] = [
  [new OutputClosed(), 0, undefined],
  [new Interruption("SIGINT"), 130, undefined],
  [new CommandError("Told."), 1, "Told."],
  [new CommandError("Told.", ExitCode.USAGE), 2, "Told."],
  [new ConnectionError("No answer. Try."), 4, "No answer. Try."],
  [
    new ConnectionError("No answer. Check the URL, or allow more time with connectionTimeout."),
    4,
    "No answer. Check the URL.",
  ],
  [new ConnectionError('Not now. Wait for the "authenticated" event, then send.'), 4, "Not now."],
  [new ConnectionError("Gave up. Call connect() to try again."), 4, "Gave up."],
  [new ConfigurationError("Wrong. Mend."), 2, "Wrong. Mend."],
  [new Deno.errors.PermissionDenied("no access"), 1, "no access"],
  ["a string", 1, "a string"],
];
for (const [error, exitCode, message] of cases) {
  Deno.test(`${error} ends with ${exitCode}`, () => {
    const ending = endingOf(error, new TestIo());
    assertEquals([ending.exitCode, ending.message], [exitCode, message]);
  });
}

Deno.test("the next step after a refused session is a command, not a call in a program", () => {
  const error = new AuthenticationError("Not logged in to http://a.b:1. Call login(email).");
  assertEquals(endingOf(error, new TestIo()), {
    exitCode: 3,
    message: "Not logged in to http://a.b:1.\nLog in with: roomz login EMAIL",
  });
});

Deno.test("the next step names ROOMZ_TOKEN while it is set, for a login would not help", () => {
  const error = new AuthenticationError("The session expired. Call login(email).");
  const { message = "" } = endingOf(error, new TestIo({ env: { ROOMZ_TOKEN: "t" } }));
  assertMatch(message, /^The session expired\.\nROOMZ_TOKEN is set: renew it, or unset it/);
});

Deno.test("a bug is told with its place, to be reported", () => {
  const { exitCode, message = "" } = endingOf(new TypeError("x is undefined"), new TestIo());
  assertEquals(exitCode, 1);
  assertStringIncludes(message, "please report it");
  assertStringIncludes(message, "exit_code_test.ts");
});

Deno.test("talk that cannot be written changes no exit code", async () => {
  for (const failure of [new OutputClosed(), new Error("No space left on device")]) {
    const io = new TestIo();
    io.stderr.write = () => Promise.reject(failure);
    assertEquals(await main(["bogus"], io), 2);
  }
});
