/**
 * The storage on a real KV server, whose responses get lost and which stops for a while.
 * @module
 */
import { defineBot, KvStorage, StorageError } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { skip } from "../../support/skip.ts";
import { Denokv, findDenokv, TOKEN } from "../support/denokv.ts";

const KEY = ["helper", "note"];
const program = await findDenokv();

if (program === undefined) {
  skip("the storage on a real KV server", "denokv is not installed here");
} else {
  Deno.env.set("DENO_KV_ACCESS_TOKEN", TOKEN);

  Deno.test("denokv: writes and deletions whose responses are lost are recognised", async () => {
    await using server = await Denokv.start(program);
    using storage = new KvStorage(server.url);
    assert(await storage.write(KEY, "0", { version: undefined }));
    for (let n = 1; n <= 10; n++) {
      const stored = await storage.read(KEY);
      assertEquals(stored?.text, `${n - 1}`);
      server.loseNextResponse();
      assert(await storage.write(KEY, `${n}`, { version: stored?.version }), `write ${n}`);
    }
    const { version = "" } = await storage.read(KEY) ?? {};
    server.loseNextResponse();
    assert(await storage.delete(KEY, version));
    assertEquals(await storage.read(KEY), undefined);
    assert(await storage.write(KEY, "again", { version: undefined }));
  });

  Deno.test("denokv: updateSession applies once when its response is lost", async () => {
    await using server = await Denokv.start(program);
    using storage = new KvStorage(server.url);
    const bot = defineBot({
      name: "counter",
      session: { initial: () => ({ n: 0 }) },
      commands: {
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
    await phone.say("!add 3");
    await phone.hears(1);
    server.loseNextResponse();
    await phone.say("!add 2");
    assertEquals(await phone.hears(2), ["now 3", "now 5"]);
    await phone.say("!add 0");
    assertEquals((await phone.hears(3)).at(-1), "now 5");
  });

  Deno.test("denokv: a server that stops is an error in time, and works again", async () => {
    await using server = await Denokv.start(program);
    using storage = new KvStorage(server.url, { timeout: 300 });
    assert(await storage.write(KEY, "x", { version: undefined }));
    server.pause();
    await assertRejects(() => storage.read(KEY), StorageError, "did not answer within 300 ms");
    server.resume();
    assertEquals((await storage.read(KEY))?.text, "x");
  });
}
