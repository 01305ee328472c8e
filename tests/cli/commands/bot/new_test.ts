import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { bareEnvironment } from "../../support/bare_environment.ts";
import { TestHome } from "../../support/test_home.ts";
import { roomz } from "../../support/test_io.ts";

const ROOT = fromFileUrl(new URL("../../../../", import.meta.url));

Deno.test("bot new creates a bot whose check and tests pass without a network", async () => {
  await using home = await TestHome.make();
  const made = await roomz(["bot", "new", "bots/helper"], { workingFolder: home.path });
  assertEquals({ exitCode: made.exitCode, stdout: made.stdout }, {
    exitCode: 0,
    stdout: "bots/helper/bot.ts\nbots/helper/bot_test.ts\nbots/helper/deno.json\n",
  });
  const folder = `${home.path}/bots/helper`;

  const check = await roomz(["bot", "check", "bots/helper/bot.ts"], { workingFolder: home.path });
  assertMatch(check.stdout, /^!ping\n!roll \[sides:int=6\] /);

  const config = JSON.parse(await home.read("bots/helper/deno.json"));
  assertMatch(config.imports["@roomz/roomz"], /^jsr:@roomz\/roomz@\^\d+\.\d+\.0$/);

  // As its user runs it, with its own deno.json, which maps the published package to this checkout.
  await home.write("bots/helper/deno.json", JSON.stringify({ ...config, links: [ROOT] }));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    // tests/cli/installed_test.ts checks its types.
    args: ["task", "test", "--no-check"],
    cwd: folder,
    clearEnv: true,
    env: { ...bareEnvironment, NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assertEquals(code, 0, text);
  assertStringIncludes(text, "2 passed");
});

Deno.test("bot new overwrites nothing, and leaves nothing half-written", async () => {
  await using home = await TestHome.make({ "helper/bot_test.ts": "mine" });
  const { exitCode, stdout, stderr } = await roomz(["bot", "new", "helper"], {
    workingFolder: home.path,
  });
  assertEquals({ exitCode, stdout }, { exitCode: 1, stdout: "" });
  assertMatch(stderr, /helper\/bot_test\.ts already exists/);
  const names = await Array.fromAsync(Deno.readDir(`${home.path}/helper`), ({ name }) => name);
  assertEquals(names, ["bot_test.ts"]);
});

Deno.test("bot new does not take a file for its folder", async () => {
  await using home = await TestHome.make({ "bot.ts": "mine" });
  for (const folder of ["bot.ts", "bot.ts/helper"]) {
    const { exitCode, stderr } = await roomz(["bot", "new", folder], { workingFolder: home.path });
    assertEquals(exitCode, 2);
    assertMatch(
      stderr,
      /^roomz: Could not create the folder bot\.ts\S*: a file is in the way\. Choose another/,
    );
  }
  assertEquals(await home.read("bot.ts"), "mine");
});

Deno.test("the commands that bot new suggests can be pasted into a shell", async () => {
  await using home = await TestHome.make();
  const { stderr } = await roomz(["bot", "new", "it's mine"], { workingFolder: home.path });
  assertEquals(
    stderr,
    "Test it: cd 'it'\\''s mine' && deno test\nRun it: roomz bot run 'it'\\''s mine/bot.ts'\n",
  );
});

Deno.test("a folder name that is no valid bot name is rejected, and nothing is created", async () => {
  await using home = await TestHome.make();
  for (const folder of ["", "x".repeat(51), "two\nlines", "bots/ ", "a\x1b[2J"]) {
    const { exitCode, stdout, stderr } = await roomz(["bot", "new", folder], {
      workingFolder: home.path,
    });
    assertEquals({ exitCode, stdout }, { exitCode: 2, stdout: "" });
    assertMatch(stderr, /The folder has no name|1 to 50 characters.* Choose another folder/);
  }
  assertEquals(await Array.fromAsync(Deno.readDir(home.path)), []);
});
