import { main, OutputClosed } from "@roomz/roomz/cli";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { FleetAccounts, KvStorage } from "@roomz/roomz/bot";
import { FleetHome } from "../../support/fleet_home.ts";
import { roomz, TestIo } from "../../support/test_io.ts";

const STATUS = ["fleet", "status", "helper", "--storage", "fleet.kv"];

/** A host of the fleet that runs until it is disposed. */
async function startHost(fleet: FleetHome): Promise<AsyncDisposable> {
  const io = new TestIo({ ...fleet.run, hostName: "web-1" });
  const ended = main(["bot", "run", "--fleet", "--storage", "fleet.kv", "bot.ts"], io);
  await io.stderr.until(/helper: ready/);
  return {
    async [Symbol.asyncDispose]() {
      io.interrupt();
      await ended;
    },
  };
}

async function setAside(fleet: FleetHome, email: string, reason: string): Promise<void> {
  using storage = new KvStorage(`${fleet.home.path}/fleet.kv`);
  const accounts = new FleetAccounts({ storage, fleet: "helper", keys: [fleet.key] });
  await accounts.setAside(email, reason);
}

Deno.test("fleet status shows hosts and what is not served, from the database alone and without a key", async () => {
  await using fleet = await FleetHome.make();
  await fleet.add("ada");
  await fleet.add("bob");
  await setAside(fleet, "bob@example.com", "Revoked.\n\x1b[2Jowned");
  await using _host = await startHost(fleet);
  const run = { ...fleet.run, env: fleet.home.env };
  const { exitCode, stdout, stderr } = await roomz(STATUS, run);
  assertEquals([exitCode, stderr], [0, ""]);
  const [total, headings, host, bob] = stdout.split("\n");
  assertMatch(
    total ?? "",
    /^helper: 2 accounts: 1 held \(0 connecting\), 0 handing over, 0 unheld, 1 set aside; 1 host; lag 0\.\d s$/,
  );
  assertMatch(headings ?? "", /^HOST +STATE +RENEWED +ACCOUNTS/);
  assertMatch(host ?? "", /^\S.* +alive +\d\.\d s ago +1\/\d+ +1 +0 +0 +0 +0 +0 +0 +0\.\d s$/);
  assertMatch(bob ?? "", /set aside\t.*\tbob@example\.com: Revoked\. ␛\[2Jowned$/);

  const json = await roomz([...STATUS, "--json"], run);
  const status = JSON.parse(json.stdout);
  assertEquals(status.accounts, {
    total: 2,
    held: 1,
    handing_over: 0,
    unheld: 0,
    set_aside: 1,
    connecting: 0,
  });
  const [one] = status.hosts;
  assertEquals([one.state, one.renews, one.holds, one.answering, one.unreachable], [
    "alive",
    true,
    1,
    1,
    [],
  ]);
  assertEquals(status.not_held.map(({ email, state }: Record<string, unknown>) => [email, state]), [
    ["bob@example.com", "set_aside"],
  ]);
});

Deno.test("fleet status of a fleet that nobody runs says so, and which accounts wait", async () => {
  await using fleet = await FleetHome.make();
  await fleet.add("ada");
  const { stdout } = await roomz(STATUS, fleet.run);
  assertMatch(stdout, /1 unheld.*\nNo host runs\.\nunheld\t\S+\tada@example\.com\n$/);
});

Deno.test("fleet status and sessions --fleet of a name that nothing has say to check the name", async () => {
  await using fleet = await FleetHome.make();
  await fleet.add("ada");
  const status = await roomz(["fleet", "status", "helpr", "--storage", "fleet.kv"], fleet.run);
  assertMatch(status.stdout, /\nNo host runs, and there are no accounts\. Check the name/);
  const listed = await roomz(["sessions", "--fleet", "helpr", "--storage", "fleet.kv"], fleet.run);
  assertMatch(
    listed.stderr,
    /^The fleet "helpr" has no accounts\. If it should have some, check its name/,
  );
});

Deno.test("fleet status --watch prints a line each second, or with --json an object, until it is interrupted", async () => {
  await using fleet = await FleetHome.make();
  await fleet.add("ada");
  const lines = new TestIo(fleet.run);
  const json = new TestIo(fleet.run);
  const ended = [main([...STATUS, "--watch"], lines), main([...STATUS, "--watch", "--json"], json)];
  await lines.stdout.until(/^(helper: 1 account: .*\n){2}/);
  await json.stdout.until(/^({.*}\n){2}/);
  lines.interrupt();
  json.interrupt();
  assertEquals(await Promise.all(ended), [130, 130]);
  for (const line of json.stdout.text.trimEnd().split("\n")) {
    assertEquals(JSON.parse(line).accounts.unheld, 1);
  }
});

Deno.test("fleet status --watch redraws on a terminal, in rows that fit", async () => {
  await using fleet = await FleetHome.make();
  await fleet.add("ada");
  const io = new TestIo({ ...fleet.run, terminalColumns: 30 });
  const ended = main([...STATUS, "--watch"], io);
  await io.stdout.until(/helper: [^]*helper: [^]*unheld/);
  io.interrupt();
  assertEquals(await ended, 130);
  const [before, ...screens] = io.stdout.text.split("\x1b[H\x1b[J");
  assertEquals([before, screens.length >= 2], ["", true]);
  for (const row of screens.join("").split("\n")) assert(row.length <= 30, row);
});

Deno.test("fleet status --watch ends with 0 when its reader has left", async () => {
  await using fleet = await FleetHome.make();
  await fleet.add("ada");
  const io = new TestIo(fleet.run);
  const { write } = io.stdout;
  let writes = 0;
  io.stdout.write = (text) => {
    if (++writes > 1) throw new OutputClosed();
    return write.call(io.stdout, text);
  };
  assertEquals(await main([...STATUS, "--watch"], io), 0);
  assertEquals(io.stderr.text, "");
});
