import { Interruption, main, OutputClosed } from "@roomz/roomz/cli";
import {
  AuthenticationError,
  ClientError,
  ConfigurationError,
  ConnectionError,
} from "@roomz/roomz/client";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { CommandError, endingOf, ExitCode } from "../../../cli/command_line/exit_code.ts";
import { TestIo } from "../support/test_io.ts";

const cases: readonly [error: unknown, exitCode: number, message: string | undefined][] = [
  [new OutputClosed(), 0, undefined],
  [new Interruption("SIGINT"), 130, undefined],
  [new CommandError("Failed."), 1, "Failed."],
  [new CommandError("Failed.", ExitCode.USAGE), 2, "Failed."],
  [new ConnectionError("The link was not sent: full."), 4, "The link was not sent: full."],
  [
    new ConnectionError("No answer.", { advice: "Increase connectionTimeout." }),
    4,
    "No answer. Try again, or check the server with: roomz doctor",
  ],
  [new ConfigurationError("Wrong.", { advice: "Fix it." }), 2, "Wrong. Fix it."],
  [new ClientError("Unreadable.", { advice: "Fix it." }), 1, "Unreadable. Fix it."],
  [new Deno.errors.PermissionDenied("no access"), 1, "no access"],
  ["a string", 1, "a string"],
];
for (const [error, exitCode, message] of cases) {
  Deno.test(`${error} exits with ${exitCode}`, () => {
    const ending = endingOf(error, new TestIo());
    assertEquals([ending.exitCode, ending.message], [exitCode, message]);
  });
}

Deno.test("the next step after a rejected session is a command, not a method call", () => {
  const error = new AuthenticationError("Not logged in to http://a.b:1.", {
    advice: "Call login(email).",
  });
  assertEquals(endingOf(error, new TestIo()), {
    exitCode: 3,
    message: "Not logged in to http://a.b:1.\nLog in with: roomz login EMAIL",
  });
});

Deno.test("the next step names the server passed with --server", () => {
  const error = new ConnectionError("No answer.", { advice: "Call connect()." });
  const { message = "" } = endingOf(error, new TestIo(), "http://a.b:1");
  assertStringIncludes(message, "roomz doctor -s http://a.b:1");
});

Deno.test("the next step names ROOMZ_TOKEN if it is set, because logging in would not help", () => {
  const error = new AuthenticationError("The session expired.", { advice: "Call login(email)." });
  const { message = "" } = endingOf(error, new TestIo({ env: { ROOMZ_TOKEN: "t" } }));
  assertMatch(message, /^The session expired\.\nROOMZ_TOKEN is set: renew it, or unset it/);
});

Deno.test("a bug is shown with its stack and a request to report it", () => {
  const { exitCode, message = "" } = endingOf(new TypeError("x is undefined"), new TestIo());
  assertEquals(exitCode, 1);
  assertStringIncludes(message, "Please report it");
  assertStringIncludes(message, "exit_code_test.ts");
});

Deno.test("a failed write of the error does not change the exit code", async () => {
  for (const failure of [new OutputClosed(), new Error("No space left on device")]) {
    const io = new TestIo();
    io.stderr.write = () => Promise.reject(failure);
    assertEquals(await main(["bogus"], io), 2);
  }
});
