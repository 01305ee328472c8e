import { assert, assertEquals, assertMatch } from "@std/assert";
import { main } from "@roomz/roomz/cli";
import { FleetHome } from "../../support/fleet_home.ts";
import { roomz, TestIo } from "../../support/test_io.ts";

const FLEET = ["--fleet", "helper", "--storage", "fleet.kv"];

Deno.test("sessions add reads a session token from stdin and stores it encrypted", async () => {
  await using fleet = await FleetHome.make();
  const token = await fleet.server.mintSession("ada@example.com");
  const added = await roomz(["sessions", "add", ...FLEET], { ...fleet.run, stdin: `${token}\n` });
  assertEquals(added, {
    exitCode: 0,
    stdout: "",
    stderr: `Added ada@example.com on ${fleet.server.url} to the fleet "helper".\n`,
  });
  const { stdout } = await roomz(["sessions", ...FLEET], fleet.run);
  assertMatch(stdout, /\tada@example\.com\texpires \d{4}-\d\d-\d\d\n$/);
  const stored = await Deno.readFile(`${fleet.home.path}/fleet.kv`);
  assert(!new TextDecoder("latin1").decode(stored).includes(token.slice(0, 60)));
});

Deno.test("sessions add EMAIL requests a link and asks for it without showing it", async () => {
  await using fleet = await FleetHome.make();
  const io = new TestIo({ ...fleet.run, stdin: null, terminalColumns: 200 });
  const ended = main(["sessions", "add", "ada@example.com", ...FLEET], io);
  await io.stderr.until(/A magic link was sent to ada@example\.com\.[^]*input is hidden/);
  const [link = ""] = fleet.links;
  io.stdin.type(`${link}\r`);
  assertEquals(await ended, 0);
  assertMatch(io.stderr.text, /Added ada@example\.com/);
  assert(!io.stderr.text.includes(link) && !io.stdout.text.includes(link));
});

Deno.test("sessions add refuses the session of somebody else, with a next step of its own", async () => {
  await using fleet = await FleetHome.make();
  const stdin = await fleet.server.mintSession("bob@example.com");
  const refused = await roomz(["sessions", "add", "ada@example.com", ...FLEET], {
    ...fleet.run,
    stdin,
  });
  assertEquals([refused.exitCode, refused.stdout], [3, ""]);
  assertMatch(
    refused.stderr,
    /that of bob@example\.com, not of ada@example\.com.*\n +Ask for a new magic link/s,
  );
  const invalid = await roomz(["sessions", "add", ...FLEET], {
    ...fleet.run,
    stdin: "no-such-token",
  });
  assertEquals(invalid.exitCode, 3);
  assertMatch(invalid.stderr, /Ask for a new magic link, and add the account with that\.\n$/);
  assertEquals((await roomz(["sessions", ...FLEET], fleet.run)).stdout, "");
});

const usage: readonly [
  title: string,
  args: string[],
  env: Record<string, string>,
  message: RegExp,
][] = [
  ["without a fleet", ["--storage", "fleet.kv"], {}, /Name the fleet: --fleet NAME/],
  [
    "without a storage",
    ["--fleet", "helper"],
    {},
    /Name it with --storage PATH or --storage URL, or set ROOMZ_FLEET_STORAGE/,
  ],
  [
    "without a key",
    FLEET,
    { ROOMZ_FLEET_KEY: "" },
    /ROOMZ_FLEET_KEY does not hold a key\. Make one with "roomz fleet key"/,
  ],
  [
    "with a wrong key",
    FLEET,
    { ROOMZ_FLEET_KEY: "s3cret" },
    /Key 1 of the fleet is not 32 bytes as base64url\. Check ROOMZ_FLEET_KEY\. Make a key with: roomz fleet key\n$/,
  ],
  ["with a missing file of keys", FLEET, {
    ROOMZ_FLEET_KEY: "",
    ROOMZ_FLEET_KEY_FILE: "/nowhere/key",
  }, /could not be read from the file that ROOMZ_FLEET_KEY_FILE names/],
  [
    "with a link as argument",
    ["http://x/auth/verify?token=s3cret", ...FLEET],
    {},
    /EMAIL must be an email address.*roomz sessions add without/,
  ],
];
for (const [title, args, env, message] of usage) {
  Deno.test(`sessions add ${title} is a usage error that names the remedy, before a link is used up`, async () => {
    await using fleet = await FleetHome.make();
    const ended = await roomz(["sessions", "add", ...args], {
      ...fleet.run,
      env: { ...fleet.env, ...env },
    });
    assertEquals([ended.exitCode, ended.stdout, fleet.links], [2, "", []]);
    assertMatch(ended.stderr, message);
    assert(!ended.stderr.includes("s3cret"));
  });
}

Deno.test("sessions add reads the keys from a file, and the storage from the environment", async () => {
  await using fleet = await FleetHome.make();
  const keyFile = await fleet.home.write("keys", `${fleet.key}\n`);
  const env = {
    ...fleet.env,
    ROOMZ_FLEET_KEY: "",
    ROOMZ_FLEET_KEY_FILE: keyFile,
    ROOMZ_FLEET_STORAGE: "fleet.kv",
  };
  const stdin = await fleet.server.mintSession("ada@example.com");
  const added = await roomz(["sessions", "add", "--fleet", "helper"], { ...fleet.run, env, stdin });
  assertEquals(added.exitCode, 0);
});

Deno.test("a database that cannot be opened is an error with a remedy, and no bug in roomz", async () => {
  await using fleet = await FleetHome.make();
  await fleet.home.write("damaged.kv", "no database ".repeat(100));
  const token = await fleet.server.mintSession("ada@example.com");
  const add = async (storage: string, env = fleet.env) => {
    const args = ["sessions", "add", "--fleet", "helper", "--storage", storage];
    const { exitCode, stderr } = await roomz(args, { ...fleet.run, env, stdin: token });
    return `${exitCode} ${stderr}`;
  };
  assertMatch(
    await add("damaged.kv"),
    /^1 roomz: The fleet's database .*damaged\.kv could not be opened: file is not a database\. Check the path/,
  );
  // It answers, but is a chat server.
  assertMatch(
    await add(fleet.server.url),
    /^1 roomz: The fleet's database http.* could not be opened: DENO_KV_ACCESS_TOKEN is not set\. Set it to/,
  );
  assertMatch(
    await add(fleet.server.url, { ...fleet.env, DENO_KV_ACCESS_TOKEN: "wrong" }),
    /could not be opened: .* Is it a KV server, and is DENO_KV_ACCESS_TOKEN its access token\?/,
  );
  assertMatch(await add("redis://a.b"), /^2 roomz: KvStorage cannot open a "redis" URL\./);
});
