import { assert, assertEquals, assertMatch } from "@std/assert";
import { FleetAccounts, KvStorage, newFleetKey } from "@roomz/roomz/bot";
import { FleetHome } from "../../support/fleet_home.ts";
import { roomz } from "../../support/test_io.ts";

const FLEET = ["--fleet", "helper", "--storage", "fleet.kv"];

Deno.test("sessions --fleet lists the accounts, why one is set aside, and no token; it needs no key", async () => {
  await using fleet = await FleetHome.make();
  await fleet.add("bob");
  await fleet.add("ada");
  {
    using storage = new KvStorage(`${fleet.home.path}/fleet.kv`);
    const accounts = new FleetAccounts({ storage, fleet: "helper", keys: [fleet.key] });
    await accounts.setAside("bob@example.com", "The session\nhas \x1b[2Jexpired.");
  }
  const run = { ...fleet.run, env: fleet.home.env };
  const { exitCode, stdout, stderr } = await roomz(["sessions", ...FLEET], run);
  assertEquals([exitCode, stderr], [0, ""]);
  const [ada = "", bob = "", ...more] = stdout.trimEnd().split("\n");
  assertEquals(more, []);
  assertMatch(ada, /^http:\S+\tada@example\.com\texpires \d{4}-\d\d-\d\d$/);
  assertMatch(
    bob,
    /\tbob@example\.com\t.*\tset aside \d{4}-\d\d-\d\d: The session has ␛\[2Jexpired\.$/,
  );

  const json = await roomz(["sessions", "--json", ...FLEET], run);
  const [one, two] = json.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(Object.keys(one), ["id", "server", "email", "expires_at", "set_aside"]);
  assertEquals([one.email, one.set_aside], ["ada@example.com", null]);
  assertMatch(two.set_aside.reason, /has .*expired/s);
  assert(Date.parse(two.set_aside.since) > Date.now() - 60_000);
  assert(!/eyJ/.test(stdout + json.stdout));
});

Deno.test("a fleet without accounts says how to add one, and a mistyped path makes no file", async () => {
  await using fleet = await FleetHome.make();
  await fleet.add("ada");
  const other = await roomz(["sessions", "--fleet", "other", "--storage", "fleet.kv"], fleet.run);
  assertEquals([other.exitCode, other.stdout], [0, ""]);
  assertMatch(
    other.stderr,
    /Add one with: roomz sessions add --fleet other --storage fleet\.kv\n$/,
  );

  const wrong = ["--fleet", "helper", "--storage", "flet.kv"];
  for (
    const command of [["sessions"], ["sessions", "remove", "ada@example.com"], [
      "sessions",
      "rotate",
    ]]
  ) {
    const { exitCode, stdout, stderr } = await roomz([...command, ...wrong], fleet.run);
    assertEquals([exitCode, stdout], [2, ""]);
    assertMatch(stderr, /^roomz: There is no fleet in .*flet\.kv: the file does not exist\./);
  }
  const files = await Array.fromAsync(Deno.readDir(fleet.home.path), ({ name }) => name);
  assert(!files.includes("flet.kv"));
});

Deno.test("sessions remove removes an account and its session, and says so if there is none", async () => {
  await using fleet = await FleetHome.make();
  await fleet.add("ada");
  const remove = ["sessions", "remove", "ada@example.com", ...FLEET];
  const first = await roomz(remove, fleet.run);
  assertEquals(first.exitCode, 0);
  assertMatch(first.stderr, /^Removed ada@example\.com on http:\S+ from the fleet "helper"\./);
  assertEquals((await roomz(["sessions", ...FLEET], fleet.run)).stdout, "");
  const second = await roomz(remove, fleet.run);
  assertEquals([second.exitCode, second.stdout], [1, ""]);
  assertMatch(second.stderr, /^roomz: The fleet "helper" does not have this account\./);
  assertMatch(second.stderr, /with: roomz sessions --fleet helper --storage fleet\.kv\n$/);
});

Deno.test("sessions rotate encrypts with the first key, and then the other opens nothing", async () => {
  await using fleet = await FleetHome.make();
  await fleet.add("ada");
  const key = newFleetKey();
  const rotate = async (keys: string) => {
    const env = { ...fleet.env, ROOMZ_FLEET_KEY: keys };
    return await roomz(["sessions", "rotate", ...FLEET], { ...fleet.run, env });
  };
  const first = await rotate(`${key} ${fleet.key}`);
  assertEquals(first, {
    exitCode: 0,
    stdout: "",
    stderr: "1 session encrypted with the first key. The others are needed no more.\n",
  });
  assertMatch((await rotate(`${key},${fleet.key}`)).stderr, /^0 sessions/);
  const wrong = await rotate(fleet.key);
  assertEquals(wrong.exitCode, 2);
  assertMatch(wrong.stderr, /encrypted with the key.*Add that key to ROOMZ_FLEET_KEY, after the/s);
  assert(!wrong.stderr.includes(key) && !wrong.stderr.includes(fleet.key));
});
