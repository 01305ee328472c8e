/**
 * Every command of the README, typed as it is written, in a clean clone and with an empty home.
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import {
  DocumentedRoom,
  notHere,
  type Proof,
  runLine,
  tryCommands,
} from "./cli/support/documented_room.ts";
import { EmptyHome, type Result } from "./cli/support/empty_home.ts";
import { codeBlocks, shellCommands } from "./support/markdown_code.ts";
import { skip } from "./support/skip.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));
/** In a clone, JSR's own registry is used, if it answers. */
const CLONE = { JSR_URL: "https://jsr.io/" };
const ITSELF = "this test is part of what it runs";
const RUNTIMES = "tests/runtimes/runtimes_test.ts runs it";

const readme = await Deno.readTextFile(join(ROOT, "README.md"));
const files = await trackedFiles();

if (Deno.build.os === "windows") skip("the README's commands", "they need a POSIX shell");
else if (files === undefined) skip("the README's commands", "this is no clone, or there is no git");
else Deno.test("the README's commands do what it says", (t) => testCommands(t, files));

Deno.test("the command is installed by the same line on every page", async () => {
  const lines: string[] = [];
  const pages = (await Array.fromAsync(Deno.readDir(join(ROOT, "docs")))).map(({ name }) => name)
    .filter((name) => name.endsWith(".md")).map((name) => join(ROOT, "docs", name));
  for (const page of [join(ROOT, "README.md"), ...pages]) {
    const commands = shellCommands(await Deno.readTextFile(page));
    lines.push(...commands.filter((command) => command.startsWith("deno install --global")));
  }
  const plain = lines.map((line) => line.replace(/ --(force|min-dep-age=0)(?= )/g, ""));
  assertEquals(new Set(plain).size, 1, lines.join("\n"));
  assert(lines.length >= 4);
});

async function testCommands(t: Deno.TestContext, files: readonly string[]): Promise<void> {
  await using home = await EmptyHome.make();
  await cloneInto(home, files);
  await Deno.mkdir(home.path("project"));
  await home.write("project/bot.ts", codeBlocks(readme, "ts")[0] ?? "");
  await using room = new DocumentedRoom(home);

  const proofs: Readonly<Record<string, Proof>> = {
    "npx -y deno@2.9.6 task demo": async (command) => {
      const env = await npxEnvironment();
      if (env === undefined) return "there is no npx";
      assertDemo(await runLine(home, "clone", command, { ...CLONE, ...env }));
    },
    "deno task demo": async (command) => assertDemo(await runLine(home, "clone", command, CLONE)),
    "npx -y deno@2.9.6 task test": notHere(ITSELF),
    "deno task test": notHere(ITSELF),

    "deno add jsr:@roomz/roomz": async (command) => {
      await runLine(home, "project", command);
      assertMatch(await home.read("project/deno.json"), /"@roomz\/roomz": "jsr:@roomz\/roomz@\^/);
    },
    "npx jsr add @roomz/roomz": notHere(RUNTIMES),
    "bunx jsr add @roomz/roomz": notHere(RUNTIMES),
    "deno install --global --name=roomz --no-prompt --unstable-kv --unstable-lazy-dynamic-imports --allow-net --allow-read --allow-write --allow-env --allow-sys=hostname jsr:@roomz/roomz/cli":
      async (command) => {
        await runLine(home, "project", command);
        assertMatch((await runLine(home, "project", "roomz --version")).stdout, /^roomz \d/);
      },
    "sh install.sh": notHere("tests/tools/release/install_test.ts runs it on a release"),

    "roomz serve --email me@example.com": (command) =>
      room.serve(`exec ${command} --port 0`, /in a browser/i), // Its own port may be in use here.
    "roomz login me@example.com": (command) => room.logIn(command),
    "roomz bot run bot.ts": async (command) => {
      await room.runBot(command);
      await room.ask("!todo add milk", /^That makes 1\.$/);
    },
    'roomz send "the build is green"': async (command) => {
      const heard = room.hears("the build is green");
      await runLine(home, "project", command, room.env);
      await heard;
    },
    'roomz ask "Deploy 1.4?" --choices yes,no': async (command) => {
      const asked = room.hears(/^Deploy 1\.4\? \(yes\|no\) \[\w{3}\]$/).then(() => room.say("yes"));
      assertEquals((await runLine(home, "project", command, room.env)).stdout, "yes\n");
      await asked;
    },
    "ROOMZ_TOKEN=$(roomz sessions --token) deno run --allow-net=localhost --allow-env hello.ts":
      async (command) => {
        const [, hello = ""] = codeBlocks(readme, "ts");
        await home.write("project/hello.ts", hello.replace("http://localhost:8000", room.url));
        const heard = room.hears("Hello!");
        const { stdout } = await runLine(
          home,
          "project",
          command.replace("deno run", "deno run --check"),
          room.env,
        );
        assertEquals(stdout, "Everyone in the room has it.\n");
        await heard;
      },
  };

  await tryCommands(t, shellCommands(readme), proofs);
}

function assertDemo({ stdout }: Result): void {
  assertMatch(stdout, /^login {4}you@example\.com, by a magic link$/m);
  assertMatch(stdout, /^(\d+) of \1 answers are correct\.$/m);
}

/** What is in the repository; undefined where that is not known. */
async function trackedFiles(): Promise<string[] | undefined> {
  try {
    const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    const { success, stdout } = await new Deno.Command("git", { args, cwd: ROOT }).output();
    if (!success) return undefined;
    return new TextDecoder().decode(stdout).split("\0").filter((name) => name !== "");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Copies what a clone of the working tree has. */
async function cloneInto(home: EmptyHome, files: readonly string[]): Promise<void> {
  const clone = home.path("clone");
  for (const file of files) {
    await Deno.mkdir(join(clone, file, ".."), { recursive: true });
    await Deno.copyFile(join(ROOT, file), join(clone, file)).catch((error: unknown) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error; // Deleted, but not yet committed.
    });
  }
}

/** npx, with the packages that this machine has already downloaded; undefined if there is none. */
async function npxEnvironment(): Promise<Record<string, string> | undefined> {
  try {
    const { stdout } = await new Deno.Command("npm", { args: ["config", "get", "cache"] }).output();
    const folders = Deno.env.get("PATH") ?? "";
    return { PATH: folders, npm_config_cache: new TextDecoder().decode(stdout).trim() };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
