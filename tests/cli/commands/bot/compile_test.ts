import { AsyncClient } from "@roomz/roomz/client";
import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import { fromFileUrl } from "@std/path";
import { bareEnvironment } from "../../support/bare_environment.ts";
import { denoConfig } from "../../support/deno_config.ts";
import { output, spawnRoomz } from "../../support/spawned.ts";
import { TestHome } from "../../support/test_home.ts";
import { TestServer } from "../../support/test_server.ts";

const BOT = 'import { defineBot } from "@roomz/roomz/bot";\n' +
  'export default defineBot({ name: "helper", commands: { "ping": "pong" } });';

/** `roomz bot compile` with all permissions, and only `path` to find a deno in. */
async function compile(
  home: TestHome,
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const root = new URL("../../../../", import.meta.url);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      `--config=${denoConfig}`,
      fromFileUrl(new URL("cli/main.ts", root)),
      "bot",
      "compile",
      ...args,
    ],
    cwd: home.path,
    clearEnv: true,
    env: { ...bareEnvironment, ...env, PATH: path },
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test({
  name: "bot compile compiles with the deno on the PATH, with few permissions",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using home = await TestHome.make({ "bot.ts": BOT, "deno.jsonc": "{}" });
    await home.write("bin/deno", '#!/bin/sh\nprintf "%s\\n" "$@" > args.txt\n', 0o755);
    const { code, stdout, stderr } = await compile(
      home,
      `${home.path}/bin:/bin`,
      ["bot.ts", "--target", "aarch64-apple-darwin", "--", "--allow-read=notes"],
    );
    assertEquals({ code, stdout, stderr }, { code: 0, stdout: `${home.path}/bot\n`, stderr: "" });
    const args = (await home.read("args.txt")).trimEnd().split("\n");
    const entry = args.at(-1) ?? "";
    assertEquals(args.slice(0, -1), [
      "compile",
      `--config=${home.path}/deno.jsonc`,
      "--no-prompt",
      "--unstable-kv",
      "--allow-net",
      "--allow-env",
      "--allow-read=notes",
      "--target",
      "aarch64-apple-darwin",
      "--output",
      `${home.path}/bot`,
    ]);
    assertMatch(entry, /^data:application\/typescript,/);
    const program = decodeURIComponent(entry);
    assertStringIncludes(program, `import bot from "file://${home.path}/bot.ts";`);
    assertMatch(program, /import \{ runBot \} from "jsr:@roomz\/roomz@\^\d+\.\d+\.0\/bot";/);
  },
});

Deno.test({
  name: "if deno cannot compile, its output is shown, exit code 1",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using home = await TestHome.make({ "bot.ts": BOT });
    const says = '#!/bin/sh\necho "no runtime${NO_COLOR:-, in colours}" >&2; exit 1\n';
    await home.write("bin/deno", says, 0o755);
    const { code, stdout, stderr } = await compile(home, `${home.path}/bin:/bin`, ["bot.ts"]);
    assertEquals({ code, stdout }, { code: 1, stdout: "" });
    assertMatch(stderr, /^roomz: deno compile failed:\n +no runtime1\n$/);
  },
});

Deno.test({
  name: "the compiled program runs the bot, with the packages of its deno.json",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using server = await TestServer.start();
    // Map the published package to this checkout.
    const root = fromFileUrl(new URL("../../../../", import.meta.url));
    const config = {
      imports: { "@roomz/roomz": "jsr:@roomz/roomz@^0.2.0" },
      links: [root],
      lock: false,
    };
    await using home = await TestHome.make({
      "project/deno.json": JSON.stringify(config),
      "project/bots/bot.ts": BOT.replace('"ping": "pong"', "quit: () => Deno.exit(5)"),
    });
    // This fake deno type-checks the program, then runs it with the same permissions.
    await home.write(
      "bin/deno",
      `#!/bin/sh
shift
for word; do
  shift
  case "$word" in --output) skip=yes ;; *) [ "$skip" ] || set -- "$@" "$word"; skip= ;; esac
done
exec "${Deno.execPath()}" run --check "$@"
`,
      0o755,
    );
    const path = `${home.path}/bin:/bin`;
    const args = ["project/bots/bot.ts"];
    const env = { ROOMZ_SERVER_URL: server.url };

    const refused = await compile(home, path, args, env);
    assertMatch(
      refused.stderr,
      /runBot got no token\. .*\n +Set ROOMZ_SERVER_URL to .*ROOMZ_TOKEN/,
    );
    assertNotMatch(refused.stderr, /^ +at /m);

    await using other = await AsyncClient.open(server.url, await server.session());
    const joined = other.waitFor("display_name_changed", { timeout: 20_000 });
    const running = compile(home, path, args, { ...env, ROOMZ_TOKEN: await server.session() });
    assertEquals((await joined).user.display_name, "helper");
    await other.send("!quit");
    assertEquals((await running).code, 1); // The program itself exited with 5.
  },
});

Deno.test("without deno on the PATH, bot compile says how to install it", async () => {
  await using home = await TestHome.make({ "bot.ts": BOT });
  const { code, stderr } = await compile(home, "/nowhere", ["bot.ts"]);
  assertEquals([code, stderr], [
    1,
    "roomz: deno was not found on the PATH, and compiling requires it. Install it from https://deno.com\n",
  ]);
});

Deno.test("without permission to run programs, bot compile prints the command instead", async () => {
  await using home = await TestHome.make({ "it's a bot.ts": BOT, "deno.json": "{}" });
  const child = spawnRoomz(["bot", "compile", `${home.path}/it's a bot.ts`], home.path);
  const { code, stdout, stderr } = await output(child);
  assertEquals(code, 1);
  assertMatch(
    stderr,
    /^This roomz is not permitted to run other programs\. Run this command yourself:\n/,
  );
  assert(
    stdout.startsWith(
      `cd ${home.path} && deno compile --config=${home.path}/deno.json --no-prompt `,
    ),
    stdout,
  );
  assertEquals(stdout.trimEnd().split("\n").length, 1);
});

Deno.test("a bot that fails to load is not compiled", async () => {
  await using home = await TestHome.make({ "bot.ts": "throw new Error('boom');" });
  const { code, stderr } = await compile(home, "/nowhere", ["bot.ts"]);
  assertEquals(code, 1);
  assertMatch(stderr, /^roomz: Could not load bot\.ts: boom/);
});
