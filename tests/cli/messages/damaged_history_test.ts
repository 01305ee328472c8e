import { assertEquals, assertMatch } from "@std/assert";
import { TestHome } from "../support/test_home.ts";
import { roomz } from "../support/test_io.ts";

Deno.test("the error about a damaged history names the command that fixes it", async () => {
  await using home = await TestHome.make();
  const file = await home.write("state/roomz/history.kv", "no database ".repeat(100));
  const { exitCode, stdout, stderr } = await roomz(["history"], { env: home.env });
  assertEquals({ exitCode, stdout }, { exitCode: 1, stdout: "" });
  const [, told = "", remedy = ""] = /^roomz: Could not read (\S+): .* with: (roomz .*)\n$/
    .exec(stderr) ?? [];
  assertEquals(told, file);
  assertEquals((await roomz(remedy.split(" ").slice(1), { env: home.env })).exitCode, 0);
  const again = await roomz(["history"], { env: home.env });
  assertEquals(again.exitCode, 0);
  assertMatch(again.stderr, /^Messages are not being saved\./);
});

Deno.test("--clear with a pattern deletes nothing", async () => {
  await using home = await TestHome.make({ "state/roomz/history.kv": "kept" });
  const { exitCode } = await roomz(["history", "--clear", "deploy"], { env: home.env });
  assertEquals(exitCode, 2);
  assertEquals(await home.read("state/roomz/history.kv"), "kept");
});
