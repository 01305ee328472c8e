import { assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { skip } from "../../../support/skip.ts";
import { outputOf } from "../../support/output_of.ts";
import { TestHome } from "../../support/test_home.ts";
import { type Ended, roomz } from "../../support/test_io.ts";

const BOT = 'import { defineBot } from "@roomz/roomz/bot";\n' +
  'export default defineBot({ name: "Night Watch", commands: { "ping": "pong" } });';
const SERVER = "https://roomz.example";
const TOKEN = "header.payload.signature";

/** A home with a project in `watch/`, and `roomz bot deploy` in it. */
class Project implements AsyncDisposable {
  readonly #home: TestHome;

  private constructor(home: TestHome) {
    this.#home = home;
  }

  static async make(files: Readonly<Record<string, string>> = {}): Promise<Project> {
    return new Project(
      await TestHome.make({ "watch/deno.json": "{}", "watch/bots/bot.ts": BOT, ...files }),
    );
  }

  get path(): string {
    return this.#home.path;
  }

  deploy(...args: string[]): Promise<Ended> {
    const env = { ...this.#home.env, ROOMZ_TOKEN: TOKEN };
    const words = ["bot", "deploy", "watch/bots/bot.ts", "-s", SERVER, ...args];
    return roomz(words, { env, workingFolder: this.path });
  }

  read(name: string): Promise<string> {
    return this.#home.read(name);
  }

  write(name: string, text: string): Promise<string> {
    return this.#home.write(name, text);
  }

  async names(folder: string): Promise<string[]> {
    const names = await Array.fromAsync(Deno.readDir(`${this.path}/${folder}`), ({ name }) => name);
    return names.sort();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#home[Symbol.asyncDispose]();
  }
}

const targets: readonly [option: string, files: readonly string[]][] = [
  ["--systemd", ["watch/roomz-night-watch.service"]],
  ["--docker", ["watch/Dockerfile", "watch/Dockerfile.dockerignore"]],
  ["--compose", ["watch/Dockerfile", "watch/Dockerfile.dockerignore", "watch/compose.yaml"]],
];
for (const [option, files] of targets) {
  Deno.test(`bot deploy ${option} writes its files next to the bot's deno.json, and no secret`, async () => {
    await using project = await Project.make();
    const { exitCode, stdout, stderr } = await project.deploy(option);
    assertEquals([exitCode, stdout], [0, files.map((file) => `${file}\n`).join("")], stderr);
    for (const file of files) assertNotMatch(await project.read(file), new RegExp(TOKEN));

    // What it says to do is for a shell, and names the server whose session is needed.
    assertMatch(stderr, /^What to do next:\n/);
    assertStringIncludes(stderr, `roomz sessions --token -s ${SERVER}`);
    const commands = [...stderr.matchAll(/^ {6}(.*)$/gm)].map(([, command]) => command);
    assertEquals(commands.length >= 3, true, stderr);
    if (Deno.build.os !== "windows") await outputOf("sh", ["-n"], commands.join("\n"));
  });
}

const FLEET = ["--fleet=staging", "--storage", "https://kv.example"];

for (const [option] of targets) {
  Deno.test(`bot deploy ${option} --fleet runs a host that has time to hand its accounts over`, async () => {
    await using project = await Project.make();
    const { exitCode, stdout, stderr } = await project.deploy(option, ...FLEET);
    assertEquals(exitCode, 0, stderr);
    const files = await Promise.all(stdout.trimEnd().split("\n").map((name) => project.read(name)));
    const text = [...files, stderr].join("\n");
    const words = text.replace(/[",\\]|^CMD \[|&& /gm, " ").replace(/\s+/g, " ");
    assertStringIncludes(words, "bot run --fleet=staging --storage https://kv.example ");
    assertMatch(text, /TimeoutStopSec=120|--stop-timeout 120|stop_grace_period: 120s/);
    assertMatch(
      stderr,
      /roomz sessions add \S+ --fleet staging --storage https:\/\/kv\.example -s /,
    );
    assertStringIncludes(stderr, "roomz fleet status staging --storage https://kv.example");
    // The key of the fleet takes the place of a session.
    assertMatch(stderr, /'ROOMZ_FLEET_KEY=%s.*DENO_KV_ACCESS_TOKEN:\?.*staging\.env/);
    assertNotMatch(text, /ROOMZ_TOKEN=|ROOMZ_TOKEN_FILE=|roomz sessions --token|ROOMZ_SERVER_URL=/);
    if (Deno.build.os !== "windows") {
      const commands = [...stderr.matchAll(/^ {6}(.*)$/gm)].map(([, command]) => command);
      await outputOf("sh", ["-n"], commands.join("\n"));
    }
  });
}

const SECRETS =
  "the command that stores a fleet's secrets writes them, and fails where one is missing";
if (Deno.build.os === "windows") skip(SECRETS, "it is for a POSIX shell");
else {
  Deno.test(SECRETS, async () => {
    await using project = await Project.make();
    const { stderr } = await project.deploy("--docker", ...FLEET);
    const store = stderr.match(/^ {6}(\(umask.*)$/m)?.[1] ?? "";
    const set = "cd " + project.path + "\nexport ROOMZ_FLEET_KEY=k1 DENO_KV_ACCESS_TOKEN=t1\n";
    await outputOf("sh", ["-e"], set + store);
    const written = await project.read("watch/staging.env");
    assertEquals(written, "ROOMZ_FLEET_KEY=k1\nDENO_KV_ACCESS_TOKEN=t1\n");
    const missing = await outputOf(
      "sh",
      [],
      `unset ROOMZ_FLEET_KEY\n${store} 2>&- || echo refused`,
    );
    assertEquals(missing, "refused\n");
  });
}

Deno.test("a deployed fleet needs a KV server that its hosts reach, and only a fleet has one", async () => {
  await using project = await Project.make();
  const cases: readonly [args: readonly string[], error: RegExp][] = [
    [
      ["--systemd", "--fleet"],
      /hosts of a deployed fleet meet in a KV server\. Name it with --stor/,
    ],
    [["--systemd", "--fleet", "--storage", "fleet.kv"], /meet in a KV server/],
    [["--systemd", "--storage", "https://kv.example"], /--storage is for a fleet: add --fleet\./],
    [
      ["--docker", "--fleet", "--storage", "http://localhost:4512"],
      /database of the fleet names this/,
    ],
  ];
  for (const [args, error] of cases) {
    const { exitCode, stderr } = await project.deploy(...args);
    assertEquals(exitCode, 2);
    assertMatch(stderr, error);
  }
  assertEquals(await project.names("watch"), ["bots", "deno.json"]);
});

const COPYING = "the command that copies a bot puts its files where the unit looks for them";
if (Deno.build.os === "windows") skip(COPYING, "it is for a POSIX shell");
else {Deno.test(COPYING, async () => {
    await using project = await Project.make();
    const { stderr } = await project.deploy("--systemd");
    const copy = stderr.match(/^ {6}(sudo mkdir .*)$/m)?.[1] ?? "";
    const place = `${project.path}/opt/roomz-night-watch`;
    const script = copy.replaceAll("sudo ", "").replaceAll("/opt/roomz-night-watch", place);
    await outputOf("sh", ["-e"], `cd ${project.path}\n${script}`);

    const unit = await project.read("watch/roomz-night-watch.service");
    assertStringIncludes(unit, "WorkingDirectory=/opt/roomz-night-watch\n");
    assertMatch(unit, /^ {2}bots\/bot\.ts$/m);
    assertEquals(await project.read("opt/roomz-night-watch/bots/bot.ts"), BOT);
  });}

Deno.test("bot deploy needs exactly one target", async () => {
  await using project = await Project.make();
  for (const args of [[], ["--systemd", "--docker"]]) {
    const { exitCode, stderr } = await project.deploy(...args);
    assertEquals(exitCode, 2);
    assertMatch(stderr, /^roomz: Choose where the bot is to run: --systemd, --docker or --compose/);
  }
});

Deno.test("bot deploy overwrites nothing without --force, and writes all or nothing", async () => {
  await using project = await Project.make({ "watch/compose.yaml": "mine" });
  const refused = await project.deploy("--compose");
  assertEquals([refused.exitCode, refused.stdout], [1, ""]);
  assertEquals(
    refused.stderr,
    "roomz: watch/compose.yaml exists and is different. Nothing was written. Replace it with --force, " +
      "or write to another folder with --output.\n",
  );
  assertEquals(await project.names("watch"), ["bots", "compose.yaml", "deno.json"]);
  assertEquals(await project.read("watch/compose.yaml"), "mine");

  const forced = await project.deploy("--compose", "--force", "--json");
  assertEquals(forced.stdout.trim().split("\n").map((line) => JSON.parse(line)), [
    { path: `${project.path}/watch/Dockerfile`, status: "created" },
    { path: `${project.path}/watch/Dockerfile.dockerignore`, status: "created" },
    { path: `${project.path}/watch/compose.yaml`, status: "replaced" },
  ]);
  const again = await project.deploy("--compose", "--json");
  assertEquals(again.exitCode, 0);
  assertEquals(again.stdout.match(/unchanged/g)?.length, 3);
});

Deno.test("--output chooses another folder, which finds the project from there", async () => {
  await using project = await Project.make();
  const { stdout, stderr } = await project.deploy("--compose", "--output", "deploy/it's here");
  assertStringIncludes(stdout, "deploy/it's here/compose.yaml\n");
  const compose = await project.read("deploy/it's here/compose.yaml");
  assertStringIncludes(compose, 'context: "../../watch"\n');
  assertStringIncludes(compose, `dockerfile: "../deploy/it's here/Dockerfile"\n`);
  assertStringIncludes(stderr, `docker compose -f 'deploy/it'\\''s here/compose.yaml' up`);
});

Deno.test("a bot of a workspace is deployed with the whole workspace", async () => {
  await using project = await Project.make({
    "deno.json": '{ "workspace": ["watch"] }',
    "other/deno.json": "{}",
  });
  const home = { HOME: "/nowhere" };
  const { stdout } = await roomz(
    ["bot", "deploy", `${project.path}/watch/bots/bot.ts`, "--docker", "-s", SERVER],
    { env: home, workingFolder: "/" },
  );
  assertMatch(stdout, /^\S+\/Dockerfile\n/);
  assertMatch(await project.read("Dockerfile"), /bot check watch\/bots\/bot\.ts$/m);
});

Deno.test("a bot without any configuration is deployed with its own folder", async () => {
  await using home = await TestHome.make({ "alone/bot.ts": BOT });
  const options = { env: home.env, workingFolder: home.path };
  const args = ["bot", "deploy", "alone/bot.ts", "--systemd", "-s", SERVER];
  assertEquals((await roomz(args, options)).stdout, "alone/roomz-night-watch.service\n");
});

Deno.test("a whole home folder is not deployed", async () => {
  await using project = await Project.make({ "bot.ts": BOT });
  const env = { HOME: project.path };
  const args = ["bot", "deploy", "bot.ts", "--docker", "-s", SERVER];
  const { exitCode, stderr } = await roomz(args, { env, workingFolder: project.path });
  assertEquals(exitCode, 1);
  assertMatch(
    stderr,
    /^roomz: All files in \S+ would be deployed .* to a folder of their own\.\n$/,
  );
  assertEquals(await project.names("."), ["bot.ts", "watch"]);
});

for (const server of ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"]) {
  Deno.test(`a container cannot reach ${server}, a unit can`, async () => {
    await using project = await Project.make();
    const { exitCode, stderr } = await project.deploy("--docker", "-s", server);
    assertEquals(exitCode, 2);
    assertMatch(
      stderr,
      /names this machine, but in a container it means the container\. Pass a URL/,
    );
    assertEquals((await project.deploy("--systemd", "-s", server)).exitCode, 0);
  });
}

const refused: readonly [permission: string, error: RegExp][] = [
  [
    "--allow-all",
    /^roomz: A deployed bot gets only the permissions that it needs\. Instead of --allow-all, name/,
  ],
  [
    "-A",
    /^roomz: Only permission flags of Deno .* after --, such as --allow-net=api\.example; "-A" is not one/,
  ],
  ["notes", /"notes" is not one/],
  ["--allow-net=a\nExecStartPre=/bin/sh", /is not one/],
];
for (const [permission, error] of refused) {
  Deno.test(`after --, ${JSON.stringify(permission)} is refused`, async () => {
    await using project = await Project.make();
    const { exitCode, stderr } = await project.deploy("--systemd", "--", permission);
    assertEquals(exitCode, 2);
    assertMatch(stderr, error);
    assertEquals(await project.names("watch"), ["bots", "deno.json"]);
  });
}

Deno.test("a bot that cannot be loaded is not deployed", async () => {
  await using project = await Project.make({ "watch/bots/bot.ts": "throw new Error('boom');" });
  const { exitCode, stderr } = await project.deploy("--systemd");
  assertEquals(exitCode, 1);
  assertMatch(stderr, /^roomz: Could not load watch\/bots\/bot\.ts: boom/);
});
