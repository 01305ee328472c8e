/**
 * A bot's storage on a KV server: lost responses, a server that is down, addresses.
 * @module
 */
import { ConfigurationError, defineBot, KvStorage, StorageError } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { LastTick } from "../../../bot/schedule/last_tick.ts";
import { everyInterval } from "../../../bot/schedule/timetable.ts";
import { Records } from "../../../bot/storage/records.ts";
import { LossyKv } from "../support/lossy_kv.ts";

const SERVER = "http://kv.test:4512";
const KEY = ["helper", "note"];

Deno.test("a write whose response is lost is reported as what it was: done", async () => {
  using kv = new LossyKv();
  using storage = new KvStorage(SERVER);
  kv.losses = 1;
  assert(await storage.write(KEY, "one", { version: undefined }));
  const first = await storage.read(KEY);
  kv.losses = 1;
  assert(await storage.write(KEY, "two", { version: first?.version, until: Date.now() + 60_000 }));
  assertEquals((await storage.read(KEY))?.text, "two");
});

Deno.test("the same text from another writer is not taken for one's own", async () => {
  using kv = new LossyKv();
  using one = new KvStorage(SERVER);
  using other = new KvStorage(SERVER);
  kv.losses = 1;
  assert(await one.write(KEY, "same", { version: undefined }));
  assertEquals(await other.write(KEY, "same", { version: undefined }), false);
  kv.losses = 1;
  assertEquals(await other.write(KEY, "same", { version: "00000000000000000009" }), false);
});

Deno.test("of many writers exactly one wins, whatever responses are lost", async () => {
  using kv = new LossyKv();
  const storages = Array.from({ length: 5 }, () => new KvStorage(SERVER));
  for (let round = 0; round < 20; round++) {
    kv.losses = round % 4;
    const won = await Promise.all(
      storages.map((storage) => storage.write(["round", `${round}`], "x", { version: undefined })),
    );
    assertEquals(won.filter((ok) => ok).length, 1, `round ${round}`);
  }
});

Deno.test("a deletion whose response is lost is done, and the key is free again", async () => {
  using kv = new LossyKv();
  using one = new KvStorage(SERVER);
  using other = new KvStorage(SERVER);
  await one.write(KEY, "x", { version: undefined });
  const version = (await one.read(KEY))?.version ?? "";
  kv.losses = 1;
  assert(await one.delete(KEY, version));
  assertEquals(await other.delete(KEY, version), false);
  assertEquals(await other.read(KEY), undefined);
  kv.losses = 1;
  assert(await other.write(KEY, "again", { version: undefined }));
  assertEquals((await one.read(KEY))?.text, "again");
  assertEquals(await one.write(KEY, "too late", { version: undefined }), false);
});

Deno.test("a session is saved once, and its handler hears so", async () => {
  using kv = new LossyKv();
  using storage = new KvStorage(SERVER);
  const bot = defineBot({
    name: "counter",
    session: { initial: () => ({ n: 0 }) },
    commands: {
      "set <n:int>": ({ args, session }) => {
        session.n = args.n;
        return `now ${session.n}`;
      },
      "add <n:int>": async ({ args, updateSession }) => {
        const { n } = await updateSession((session) => {
          session.n += args.n;
        });
        return `now ${n}`;
      },
    },
  });
  await using room = await testBot(bot, { storage });
  const phone = room.device("phone");
  for (const [index, line] of ["!set 3", "!add 2", "!add 4"].entries()) {
    kv.losses = 1;
    await phone.say(line);
    await phone.hears(index + 1);
  }
  assertEquals(phone.heard, ["now 3", "now 5", "now 9"]);
});

Deno.test("a tick that was claimed with a lost response is run by its claimer", async () => {
  using kv = new LossyKv();
  using storage = new KvStorage(SERVER);
  const tick = new LastTick(
    new Records(storage, () => 1_000),
    ["helper", "schedule", "a"],
    everyInterval(1_000),
  );
  assertEquals(await tick.read(1_000, () => {}), 1_000);
  kv.losses = 1;
  assertEquals([await tick.claim(2_000, 2_001), await tick.claim(2_000, 2_002)], [true, false]);
});

Deno.test("an operation on a server that is down fails in time, and works when it is back", async () => {
  using kv = new LossyKv();
  using storage = new KvStorage(SERVER, { timeout: 500 });
  await storage.write(KEY, "x", { version: undefined });
  kv.down = true;
  for (
    const operation of [
      () => storage.read(KEY),
      () => storage.write(KEY, "y", { version: undefined }),
      () => storage.delete(KEY, "1"),
    ]
  ) {
    await assertRejects(operation, StorageError, `${SERVER} did not answer within 500 ms`);
  }
  kv.down = false;
  assertEquals((await storage.read(KEY))?.text, "x");
});

const addresses: readonly [path: string, opened: string][] = [
  ["HTTP://kv.test:4512", "http://kv.test:4512"],
  ["Https://KV.test/x", "https://KV.test/x"],
  ["https://kv.test", "https://kv.test"],
];
for (const [path, opened] of addresses) {
  Deno.test(`${path} is the server ${opened}, and makes no folder`, async () => {
    using kv = new LossyKv();
    using storage = new KvStorage(path);
    await storage.read(KEY);
    assertEquals(kv.opened, [opened]);
  });
}

for (
  const path of [
    "htps://kv.test",
    "ftp://kv.test/x",
    "file:///tmp/x",
    "redis://127.0.0.1",
    "kv+http://x",
  ]
) {
  Deno.test(`${path} is refused`, () => {
    assertThrows(() => new KvStorage(path), ConfigurationError, "the path of a file, or the http");
  });
}

Deno.test("a database in memory is no file", async () => {
  using storage = new KvStorage(":memory:");
  assert(await storage.write(KEY, "x", { version: undefined }));
  assertEquals((await storage.read(KEY))?.text, "x");
});

for (const timeout of [0, -1, NaN, Infinity, 2 ** 31]) {
  Deno.test(`a time limit of ${timeout} ms is refused`, () => {
    assertThrows(() => new KvStorage(SERVER, { timeout }), ConfigurationError, '"timeout"');
  });
}

for (const ttl of [1_500.5, 0.1, 1e-9, 86_400_000.25, "1.5ms", 1.000001] as const) {
  Deno.test(`a session that is kept for ${ttl} is written`, async () => {
    using storage = new KvStorage(`${await Deno.makeTempDir()}/bot.kv`);
    const bot = defineBot({
      name: "counter",
      session: { initial: () => ({ n: 0 }), ttl },
      commands: { "add": ({ session }) => `${++session.n}` },
    });
    await using room = await testBot(bot, { storage });
    const phone = room.device("phone");
    await phone.say("!add");
    assertEquals(await phone.hears(1), ["1"]);
  });
}
