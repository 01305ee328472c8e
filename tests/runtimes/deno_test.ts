/**
 * The package as Deno gets it from JSR: in a project, as a command that is run, installed and upgraded;
 * with the permissions that the documentation lists, and on the day of a release.
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { answerTo } from "../cli/support/answer_to.ts";
import { documentedInstallation, EmptyHome, type Result } from "../cli/support/empty_home.ts";
import { TestServer } from "../cli/support/test_server.ts";
import { skip } from "../support/skip.ts";
import { within } from "../support/within.ts";
import { documentedPermissions } from "./support/documented_permissions.ts";

if (Deno.build.os === "windows") {
  skip("the package on Deno", "the test needs a POSIX shell");
} else {
  Deno.test("the package in a project, run, installed and upgraded", testPublished);
}

const CLIENT = `
import { AsyncClient } from "@roomz/roomz/client";
const [server = "", token = ""] = Deno.args;
await using client = await AsyncClient.open(server, token);
console.log((await client.send("hello")).status);
`;

const SESSION_FILE = `
import { AsyncClient } from "@roomz/roomz/client";
const [server = "", token = ""] = Deno.args;
const options = { sessionCacheFile: "sessions/roomz.kv" };
await using first = await AsyncClient.open(server, token, options);
await using second = await AsyncClient.open(server, "", options);
console.log((await second.send("hello")).status);
`;

const BOT = `
import { defineBot, runBot } from "@roomz/roomz/bot";
const [server = "", token = ""] = Deno.args;
const bot = defineBot({
  name: "helper",
  session: { initial: () => ({ calls: 0 }) },
  commands: { "ping": ({ session }) => \`pong \${++session.calls}\` },
});
await runBot(bot, { server, token, standalone: true });
console.log("ok");
`;

const FLEET = `
import { defineBot, FleetAccounts, KvStorage, newFleetKey, runFleet } from "@roomz/roomz/bot";
const [server = "", token = ""] = Deno.args;
using storage = new KvStorage("sessions/fleet.kv");
const keys = [newFleetKey()];
const bot = defineBot({ name: "helper", commands: { "ping": "pong" } });
await new FleetAccounts({ storage, fleet: bot.name, keys }).add({ server, token });
const stop = new AbortController();
const info = (text) => text.includes("ready") && stop.abort();
const logger = { debug() {}, info, warn: console.error, error: console.error };
await runFleet(bot, { storage, keys, signal: stop.signal, logger });
console.log("ok");
`;

const SYNC_CLIENT = `
import { SyncClient } from "@roomz/roomz/sync";
const [server = "", token = ""] = Deno.args;
using client = SyncClient.open(server, token);
console.log(client.send("hello").status);
`;

const DEV_SERVER = `
import { createDevServer } from "@roomz/roomz/dev-server";
await using server = await createDevServer({ port: 0, allowedEmails: "*" });
const response = await fetch(server.url + "/page/socket.io.js");
await response.body?.cancel();
console.log(response.ok ? "ok" : response.status);
`;

async function testPublished(t: Deno.TestContext): Promise<void> {
  await using home = await EmptyHome.make();
  await using server = await TestServer.start();
  const { host } = new URL(server.url);
  const project = (name: string) => home.path(`project/${name}`);

  /** Runs a program of the project with these permissions and no others. */
  const runWith = async (permissions: readonly string[], file: string): Promise<Result> => {
    const args = [...permissions, file, server.url, await server.session()];
    return await home.run("project", "deno", ["run", "--quiet", "--no-prompt", ...args]);
  };
  /** Runs it with what the documentation lists, and with one of the flags less. */
  const assertLeast = async (permissions: readonly string[], file: string) => {
    assert(permissions.length > 0, `${file} has permissions`);
    const { code, stdout, stderr } = await runWith(permissions, file);
    assertEquals({ code, stdout }, { code: 0, stdout: "ok\n" }, stderr);
    for (const flag of permissions) {
      const fewer = await runWith(permissions.filter((one) => one !== flag), file);
      assertEquals(fewer.code, 1, `${file} runs without ${flag}`);
      assertStringIncludes(fewer.stderr, flag.replace(/=.*/, ""));
    }
  };

  await t.step("deno add puts it into a project", async () => {
    await Deno.mkdir(home.path("project/sessions"), { recursive: true });
    const { code, stderr } = await home.run("project", "deno", ["add", "jsr:@roomz/roomz"]);
    assertEquals(code, 0, stderr);
    const { imports } = JSON.parse(await home.read("project/deno.json"));
    assertMatch(imports["@roomz/roomz"], /^jsr:@roomz\/roomz@\^\d+\.\d+\.\d+$/);
  });

  await t.step("a client needs the documented permissions", async () => {
    await home.write("project/client.ts", CLIENT);
    const permissions = await documentedPermissions("a client or a bot", { HOST: host });
    await assertLeast(permissions, "client.ts");
  });

  await t.step("a client with its session in a file needs the documented permissions", async () => {
    await home.write("project/session_file.ts", SESSION_FILE);
    const permissions = await documentedPermissions("… with its session in a file", {
      HOST: host,
      FOLDER: project("sessions"),
    });
    await assertLeast(permissions, "session_file.ts");
  });

  await t.step(
    "a host of a fleet needs no more than a client with its session in a file",
    async () => {
      await home.write("project/fleet.ts", FLEET);
      const permissions = await documentedPermissions("… with its session in a file", {
        HOST: host,
        FOLDER: project("sessions"),
      });
      await assertLeast(permissions, "fleet.ts");
    },
  );

  await t.step("a bot needs no more than a client", async () => {
    await home.write("project/bot.ts", BOT);
    const permissions = await documentedPermissions("a client or a bot", { HOST: host });
    const args = [...permissions, "bot.ts", server.url, await server.session()];
    const bot = home.start("project", "deno", ["run", "--quiet", "--no-prompt", ...args]);
    assertEquals(await within(20_000, "the bot's answer", answerTo("!ping", server)), "pong 1");
    bot.kill("SIGTERM");
    const { code, stderr } = await bot.output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
  });

  await t.step("the shell bot runs with the permissions that it names, and uses them", async () => {
    const text = await Deno.readTextFile(new URL("../../examples/shell_bot.ts", import.meta.url));
    const [, flags = ""] = / \* deno run (.*) examples\/shell_bot\.ts$/m.exec(text) ?? [];
    await home.write("project/shell_bot.ts", text);
    const args = ["run", "--quiet", "--no-prompt", ...flags.split(" "), "shell_bot.ts"];
    const env = { ROOMZ_SERVER_URL: server.url, ROOMZ_TOKEN: await server.session() };
    const bot = home.start("project", "deno", args, env);
    assertMatch(await within(20_000, "the bot's answer", answerTo("!show disk", server)), /\d%/);
    bot.kill("SIGTERM");
    assertEquals((await bot.output()).code, 0);
  });

  await t.step("SyncClient needs the documented permissions", async () => {
    await home.write("project/sync_client.ts", SYNC_CLIENT);
    const name = "`SyncClient`";
    // From a registry, its thread's module is not on disk.
    const fromRegistry = await documentedPermissions(name, { HOST: host });
    await assertLeast(
      fromRegistry.filter((flag) => !flag.startsWith("--allow-read")),
      "sync_client.ts",
    );
    const folder = fromFileUrl(new URL("../../client/", import.meta.url));
    const module = new URL("../../client/sync/sync_client.ts", import.meta.url).href;
    const text = SYNC_CLIENT.replace("@roomz/roomz/sync", module);
    await home.write("project/sync_client_on_disk.ts", text);
    const onDisk = await documentedPermissions(name, { HOST: host, FOLDER: folder });
    await assertLeast(onDisk, "sync_client_on_disk.ts");
  });

  await t.step("the development server needs the documented permissions", async () => {
    await home.write("project/dev_server.ts", DEV_SERVER);
    await assertLeast(await documentedPermissions("the development server", {}), "dev_server.ts");
  });

  await t.step("deno run runs the command with the documented permissions", async () => {
    const permissions = await documentedPermissions("the `roomz` command", {});
    const args = ["run", "--quiet", "--no-prompt", ...permissions, "jsr:@roomz/roomz/cli"];
    const env = { ROOMZ_SERVER_URL: server.url, ROOMZ_TOKEN: await server.session() };
    const sent = await home.run(".", "deno", [...args, "send", "hello"], env);
    assertEquals(sent.code, 0, sent.stderr);
    const named = await home.run(".", "deno", [...args, "config"], env);
    assertStringIncludes(named.stdout, "display_name", named.stderr);
  });

  await t.step(
    "roomz upgrade prints what installs a newer version once it is a day old",
    async () => {
      const version = async () => (await home.roomz("--version")).stdout.trim();
      const installed = await home.run(".", "deno", await documentedInstallation());
      assertEquals(installed.code, 0, installed.stderr);
      const before = await version();
      await home.publishAs("99.0.0");
      home.registry.newVersions.add("@roomz/roomz@99.0.0");

      const { stdout: command } = await home.roomz("upgrade");
      const upgrade = async () => {
        const { code, stderr } = await home.run(".", "sh", ["-c", command]);
        assertEquals(code, 0, stderr);
        return await version();
      };
      assertEquals(await upgrade(), before);
      home.registry.newVersions.clear();
      assertEquals(await upgrade(), "roomz 99.0.0");
      const made = await home.roomz("bot", "new", "newest");
      assertEquals(made.code, 0, made.stderr);
      assertStringIncludes(await home.read("newest/deno.json"), "jsr:@roomz/roomz@^99.0.0");
    },
  );

  await t.step("on the day of the first release, deno add has to be asked for it", async () => {
    for (const version of ["99.0.0", await publishedVersion()]) {
      home.registry.newVersions.add(`@roomz/roomz@${version}`);
    }
    const env = await home.emptyCache("first_day");
    await Deno.mkdir(home.path("young"));
    await home.write("young/client.ts", CLIENT);
    const add = ["add", "--min-dep-age=0", "jsr:@roomz/roomz"];
    const refused = await home.run("young", "deno", ["add", "jsr:@roomz/roomz"], env);
    assertEquals(refused.code, 1);
    const added = await home.run("young", "deno", add, env);
    assertEquals(added.code, 0, added.stderr);
    // deno.lock has the version from now on.
    const args = ["run", "--quiet", "--no-prompt", `--allow-net=${host}`, "client.ts"];
    const ran = await home.run(
      "young",
      "deno",
      [...args, server.url, await server.session()],
      env,
    );
    assertEquals(ran.stdout, "ok\n", ran.stderr);
  });
}

async function publishedVersion(): Promise<string> {
  const path = join(fromFileUrl(new URL("../../", import.meta.url)), "deno.json");
  return JSON.parse(await Deno.readTextFile(path)).version;
}
