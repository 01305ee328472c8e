/**
 * The command as its users have it: installed from a registry into an empty home.
 * @module
 */
import { sign } from "@octokit/webhooks-methods";
import { AsyncClient } from "@roomz/roomz/client";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { realSources } from "../support/published_packages.ts";
import { skip, skipRest } from "../support/skip.ts";
import { within } from "../support/within.ts";
import { answerTo } from "./support/answer_to.ts";
import { documentedInstallation, EmptyHome } from "./support/empty_home.ts";
import { readUntil } from "./support/spawned.ts";
import { TestServer } from "./support/test_server.ts";

if (Deno.build.os === "windows") {
  skip("the installed command", "the test needs a POSIX shell");
} else {
  Deno.test("the installed command creates, checks, runs, documents and tests bots", testInstalled);
}

const OWN_IMPORTS_BOT = `
import { join } from "path-of-std";
import { dirname } from "path-of-std/posix-like";
import { parse } from "toml";
import { greeting, type Greeting } from "~/greeting.ts";
import { Message } from "@roomz/roomz/client";
import { defineBot } from "@roomz/roomz/bot";
import words from "./words.json" with { type: "json" };

enum Place { Here = "here" }
export let last: Message | undefined;
const text: Greeting = greeting;

export default defineBot({
  name: "own_imports",
  commands: {
    "greet": () => [text, words[0], join("a", "b"), Object.keys(parse("key = 1")), Place.Here].join(" "),
  },
});
`;

async function testInstalled(t: Deno.TestContext): Promise<void> {
  await using home = await EmptyHome.make();
  await using server = await TestServer.start();
  const packages = realSources === undefined ? "the stand-ins of offline/" : "their real sources";

  await t.step(
    `the documented line installs it, with cliffy and std from ${packages}`,
    async () => {
      const args = await documentedInstallation();
      const { code, stderr } = await home.run(".", "deno", args);
      assertEquals(code, 0, stderr);
      const { stdout } = await home.roomz("--version");
      assertMatch(stdout, /^roomz \d+\.\d+\.\d+\n$/);
      const help = await home.roomz("bot", "run", "--help");
      assertStringIncludes(help.stdout, "roomz bot run bot.ts");
    },
  );

  await t.step("bot new, then bot check", async () => {
    const made = await home.roomz("bot", "new", "helper");
    assertEquals(made.code, 0, made.stderr);
    const { code, stdout, stderr } = await home.roomz("bot", "check", "helper/bot.ts");
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertMatch(stdout, /^!ping\n!roll \[sides:int=6\] /);
  });

  await t.step("the scaffold's own tasks", async () => {
    const checked = await home.run("helper", "deno", ["task", "--quiet", "check"]);
    assertEquals(checked.code, 0, checked.stderr);
    assertMatch(checked.stdout, /^!ping\n/);
    const tested = await home.run("helper", "deno", ["task", "--quiet", "test"]);
    assertEquals(tested.code, 0, tested.stdout + tested.stderr);
    assertStringIncludes(tested.stdout, "2 passed");
  });

  await t.step("bot run answers", async () => {
    const env = { ROOMZ_SERVER_URL: server.url, ROOMZ_TOKEN: await server.session() };
    const args = ["bot", "run", "helper/bot.ts"];
    const child = home.start(".", home.path(".deno/bin/roomz"), args, env);
    assertEquals(await within(20_000, "the bot's answer", answerTo("!ping", server)), "pong");
    child.kill("SIGTERM");
    const { code, stderr } = await child.output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
  });

  await t.step("mcp answers a host", async () => {
    const opening = '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":' +
      '"2025-11-25","capabilities":{},"clientInfo":{"name":"host","version":"1"}}}';
    const { stdout, stderr } = await home.run(".", "sh", ["-c", `echo '${opening}' | roomz mcp`]);
    assertStringIncludes(stdout, '"serverInfo":{"name":"roomz"', stderr);
  });

  await t.step("bot docs", async () => {
    const { code, stdout, stderr } = await home.roomz("bot", "docs", "helper/bot.ts");
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertStringIncludes(stdout, "## `!roll [sides:int=6]`");
  });

  await t.step("bot compile prints a command whose program runs the bot", async (t) => {
    const { code, stdout } = await home.roomz("bot", "compile", "helper/bot.ts");
    assertEquals(code, 1);
    assertMatch(stdout, /^cd \S+helper && deno compile --config=\S+helper\/deno\.json /);
    // No runtime to compile with is assumed here: the program is run instead.
    const run = stdout.trim().replace(" deno compile ", " deno run ")
      .replace(/ --output \S+/, "");
    const { stderr } = await home.run(".", "sh", ["-c", run]);
    assertMatch(stderr, /runBot got no token\./);
    await skipRest(t, "the binary of a bot", "building it needs a runtime of deno compile");
  });

  await t.step(
    "the units and images of bot deploy run the bot, and answer health checks",
    async () => {
      const { port } = new URL(server.url);
      const args = [
        "bot",
        "deploy",
        "helper/bot.ts",
        "--health",
        "0",
        "-s",
        `http://a.test:${port}`,
      ];
      const unit = await home.roomz(...args, "--systemd", "--output", "deployed");
      assertEquals(unit.code, 0, unit.stderr);
      const image = await home.roomz(...args, "--docker", "--output", "deployed");
      assertEquals(image.code, 0, image.stderr);

      // The folders of this test in place of those of a server and of an image.
      await home.write("work/token", await server.session());
      const here = (word: string): string =>
        word.replace("a.test", "127.0.0.1").replace("%d/roomz_token", home.path("work/token"))
          .replaceAll(/\/(opt\/roomz-helper|bot)(?=,|$)/g, home.path("helper"))
          .replaceAll(/\/(var\/lib\/roomz-helper|state)(?=,|$)/g, home.path("work/state"));
      const service = await home.read("deployed/roomz-helper.service");
      const file = await home.read("deployed/Dockerfile");
      const [, line = ""] = /^ExecStart=\S+ ((?:.*\\\n)*.*)$/m.exec(service) ?? [];
      const [, json = ""] = /^CMD (\[[^]*\])$/m.exec(file) ?? [];
      const commands: readonly (readonly string[])[] = [
        line.replaceAll("\\\n", " ").trim().split(/\s+/),
        JSON.parse(json.replaceAll("\\\n", "")),
      ];
      for (const words of commands) {
        const child = home.start("helper", "deno", words.map(here), {
          ROOMZ_SERVER_URL: server.url.replace("localhost", "127.0.0.1"),
          ROOMZ_TOKEN_FILE: home.path("work/token"),
          XDG_STATE_HOME: home.path("work/state"),
          ...(words.includes("--cached-only") && { ROOMZ_TOKEN: await server.session() }),
        });
        const errors = child.stderr.getReader();
        const said = await within(30_000, "the start", readUntil(errors, /helper: ready/));
        const [, url = ""] = /^Health checks: (\S+)$/m.exec(said) ?? [];
        const health = await fetch(url);
        assertEquals([health.status, await health.text()], [200, "connected\n"]);
        assertEquals(await within(20_000, "the bot's answer", answerTo("!ping", server)), "pong");
        child.kill("SIGTERM");
        await Promise.all([errors.cancel(), child.stdout.cancel()]);
        assertEquals((await child.status).code, 0);
      }
    },
  );

  await t.step("webhook runs with the permissions that docs/deploying.md has", async () => {
    const page = await Deno.readTextFile(new URL("../../docs/deploying.md", import.meta.url));
    const [, unit = ""] = /^ExecStart=\S+deno (run (?:.*\\\n)*.*cli webhook .*)$/m.exec(page) ?? [];
    await home.write("work/webhook_secret", "0123456789abcdef");
    const words = unit.replaceAll("\\\n", " ").trim().split(/\s+/).map((word) =>
      word.replace("roomz.example:443", new URL(server.url).host).replaceAll(
        "127.0.0.1:8080",
        "127.0.0.1:0",
      )
        .replaceAll("%d/", `${home.path("work")}/`)
    );
    await home.write("work/roomz_token", await server.session());
    const child = home.start(".", "deno", words, {
      ROOMZ_SERVER_URL: server.url,
      ROOMZ_TOKEN_FILE: home.path("work/roomz_token"),
      XDG_STATE_HOME: home.path("work/state"),
    });
    const errors = child.stderr.getReader();
    const said = await within(30_000, "the start", readUntil(errors, /Connected to /));
    const [, url = ""] = /^Listening for webhooks on (\S+)\. /m.exec(said) ?? [];
    await using phone = await AsyncClient.open(server.url, await server.session());
    const messages = phone.messages();
    const body = '{"zen":"Design for failure.","hook_id":1}';
    const headers = {
      "content-type": "application/json",
      "x-github-event": "ping",
      "x-hub-signature-256": await sign("0123456789abcdef", body),
    };
    const { status } = await fetch(url, { method: "POST", body, headers });
    assertEquals([status, (await messages.next()).value?.content], [
      202,
      'GitHub: webhook 1 works "Design for failure."',
    ]);
    child.kill("SIGTERM");
    await Promise.all([errors.cancel(), child.stdout.cancel()]);
    assertEquals((await child.status).code, 0);
  });

  await t.step("a bot in a project with its own imports", async () => {
    const path = "jsr:@std/path@^1.1.3";
    await home.write(
      "project/deno.json",
      `{
  // Comments and a trailing comma are allowed.
  "imports": {
    "@roomz/roomz": "jsr:@roomz/roomz@^0.2.0",
    "path-of-std": "${path}",
    "path-of-std/posix-like": "${path}",
    "toml": "npm:smol-toml@1.9.1",
    "~/": "./shared/",
  },
}`,
    );
    await home.write(
      "project/shared/greeting.ts",
      'import { word } from "~/word.ts";\nexport type Greeting = string;\nexport const greeting: Greeting = word;\n',
    );
    await home.write("project/shared/word.ts", 'export const word: string = "hello";\n');
    await home.write("project/bots/words.json", '["world"]');
    await home.write("project/bots/bot.ts", OWN_IMPORTS_BOT);
    const checked = await home.roomz("bot", "check", "project/bots/bot.ts");
    assertEquals([checked.code, checked.stderr], [0, ""]);
    assertMatch(checked.stdout, /^!greet\n/);

    const env = { ROOMZ_SERVER_URL: server.url, ROOMZ_TOKEN: await server.session() };
    const args = ["bot", "run", "project/bots/bot.ts"];
    const child = home.start(".", home.path(".deno/bin/roomz"), args, env);
    const answer = await within(20_000, "the bot's answer", answerTo("!greet", server));
    assertEquals(answer, "hello world a/b key here");
    child.kill("SIGTERM");
    assertEquals((await child.output()).code, 0);
  });

  await t.step("a package that does not exist is an error that names it", async () => {
    await home.write("helper/none.ts", 'import "jsr:@std/path@^99";\nexport default 1;\n');
    const { code, stderr } = await home.roomz("bot", "check", "helper/none.ts");
    assertEquals(code, 1);
    assertMatch(stderr, /^roomz: Could not load helper\/none\.ts: .*@std\/path.*\^99/m);
    assertMatch(stderr, /^ +at file:\S+\/helper\/none\.ts:1:8$/m);
    assert(!stderr.includes("data:"), stderr);
  });

  await t.step("an import that nothing maps is an error with the remedy", async () => {
    await home.write("helper/other.ts", 'import dayjs from "dayjs";\nexport default dayjs;\n');
    const { code, stderr } = await home.roomz("bot", "check", "helper/other.ts");
    assertEquals(code, 1);
    assertMatch(stderr, /Import "dayjs" .*helper\/deno\.json.*deno add npm:dayjs/s);
    assert(!stderr.includes(".roomz"), stderr);
  });

  await t.step("on the day of a release, Deno has to be asked for the new version", async () => {
    home.registry.newVersions.add("@roomz/roomz@0.2.0");
    const env = await home.emptyCache("first_day");
    const [install = "", ...args] = await documentedInstallation();
    const refused = await home.run(".", "deno", [install, "--force", ...args], env);
    assertEquals(refused.code, 1);
    assertStringIncludes(refused.stderr, "minimum-dependency-age");

    const flag = "--min-dep-age=0"; // As docs/cli.md says.
    const installed = await home.run(".", "deno", [install, "--force", flag, ...args], env);
    assertEquals(installed.code, 0, installed.stderr);
    const roomz = home.path(".deno/bin/roomz");
    const made = await home.run(".", roomz, ["bot", "new", "young"], env);
    assertEquals(made.code, 0, made.stderr);
    const checked = await home.run("young", "deno", ["task", "--quiet", "check"], env);
    assertMatch(checked.stdout, /^!ping\n/);
    const tested = await home.run("young", "deno", ["test", flag], env);
    assertEquals(tested.code, 0, tested.stdout + tested.stderr);
  });
}
