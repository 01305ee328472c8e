import { main } from "@roomz/roomz/cli";
import { AsyncClient } from "@roomz/roomz/client";
import { assertEquals, assertMatch } from "@std/assert";
import { TestHome } from "../support/test_home.ts";
import { roomz, TestIo } from "../support/test_io.ts";
import { TestServer } from "../support/test_server.ts";

Deno.test("tail saves messages only with consent and for the owner only, and history prints them", async () => {
  await using home = await TestHome.make();
  await using server = await TestServer.start();
  await using other = await AsyncClient.open(server.url, await server.session());
  const env = { ...await server.token(), ...home.env };
  const tailOne = async (text: string, settings: Record<string, string>) => {
    const io = new TestIo({ env: { ...env, ...settings } });
    const ended = main(["tail", "--count", "1"], io);
    await io.stderr.until(/Listening/);
    await other.send(text);
    assertEquals(await ended, 0);
  };

  await tailOne("without consent", {});
  const none = await roomz(["history"], { env });
  assertEquals([none.exitCode, none.stdout], [0, ""]);
  assertMatch(none.stderr, /To save them, set history = true/);
  assertEquals(await Array.fromAsync(Deno.readDir(home.path)), []);

  const consent = { ROOMZ_HISTORY: "true" };
  await other.setDisplayName("Laptop");
  await tailOne("Deploy of A\x1b[2J\nforged", consent);
  await tailOne("lunch", consent);
  const all = await roomz(["history"], { env });
  const [first = "", second = "", third = ""] = all.stdout.split("\n");
  assertMatch(first, /^\d{4}-\d\d-\d\d \d\d:\d\d Laptop \(ada@example\.com\): Deploy of A␛\[2J$/);
  assertEquals(second, "    forged");
  assertMatch(third, /: lunch$/);
  const found = await roomz(["history", "--json", "^deploy"], { env });
  assertEquals(JSON.parse(found.stdout).content, "Deploy of A\x1b[2J\nforged");
  if (Deno.build.os !== "windows") {
    const { mode } = await Deno.stat(`${home.path}/state/roomz/history.kv`);
    assertEquals((mode ?? 0) & 0o777, 0o600);
  }

  const elsewhere = await roomz(["history", "-s", "http://other.test"], { env });
  assertEquals(elsewhere.stdout, "");
  assertEquals((await roomz(["history", "--clear"], { env })).exitCode, 0);
  assertEquals((await roomz(["history"], { env })).stdout, "");
  assertEquals(await Array.fromAsync(Deno.readDir(`${home.path}/state/roomz`)), []);
});

Deno.test("the error about a damaged history file names the command that fixes it", async () => {
  await using home = await TestHome.make();
  const file = await home.write("state/roomz/history.kv", "no database ".repeat(100));
  const { exitCode, stdout, stderr } = await roomz(["history"], { env: home.env });
  assertEquals({ exitCode, stdout }, { exitCode: 1, stdout: "" });
  const [, named = "", remedy = ""] = /^roomz: Could not read (\S+): .* with: (roomz .*)\n$/
    .exec(stderr) ?? [];
  assertEquals(named, file);
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
