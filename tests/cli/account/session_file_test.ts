import { assertEquals, assertThrows } from "@std/assert";
import { sessionFile } from "../../../cli/account/session_file.ts";
import { TestIo } from "../support/test_io.ts";

const cases: readonly [env: Record<string, string>, file: string][] = [
  [{ XDG_STATE_HOME: "/state", HOME: "/home/ada" }, "/state/roomz/sessions.kv"],
  [{ XDG_STATE_HOME: "", HOME: "/home/ada" }, "/home/ada/.local/state/roomz/sessions.kv"],
  [{ XDG_STATE_HOME: "relative", HOME: "/home/ada" }, "/home/ada/.local/state/roomz/sessions.kv"],
  [{ HOME: "/home/ada" }, "/home/ada/.local/state/roomz/sessions.kv"],
];
for (const [env, file] of cases) {
  Deno.test(`with ${JSON.stringify(env)}, sessions are stored in ${file}`, () => {
    assertEquals(sessionFile(new TestIo({ env })).replaceAll("\\", "/"), file);
  });
}

Deno.test("without a home folder, the error names the variables to set", () => {
  assertThrows(() => sessionFile(new TestIo()), Error, "Neither HOME nor XDG_STATE_HOME is set");
});
