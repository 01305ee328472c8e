import { ConfigurationError, defineBot, MemoryStorage } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals, assertRejects } from "@std/assert";

const counter = (name: string) =>
  defineBot({
    name,
    prefix: [],
    session: { initial: () => ({ count: 0 }) },
    commands: {
      "add": ({ session }) => `${name}: ${++session.count}`,
      "call <whom>": ({ args }) => `@${args.whom} add`,
      "fail": () => {
        throw new Error(name);
      },
    },
  });

Deno.test("bots in a room receive each other's messages, and devices hear all bots", async () => {
  await using ann = await testBot(counter("ann"));
  await using bob = await ann.addBot(counter("bob"));
  const phone = ann.device("phone");
  assertEquals(bob.device("phone") === phone, true);
  assertEquals(await phone.say("@ann call bob"), ["@bob add", "bob: 1"]);
  assertEquals([ann.answers, bob.answers], [["@bob add"], ["bob: 1"]]);
  assertEquals(
    ann.transcript,
    `
0.000s  phone  @ann call bob
0.000s  ann    @bob add
0.000s  bob    bob: 1`.slice(1),
  );
  assertEquals(bob.transcript, ann.transcript);
});

Deno.test("each bot has its own log, faults and lifetime", async () => {
  await using ann = await testBot(counter("ann"));
  await using bob = await ann.addBot(counter("bob"));
  const phone = ann.device("phone");
  await phone.say("@bob fail");
  const causes = [ann, bob].map(({ log }) => log.flatMap(({ cause = [] }) => [cause].flat()));
  assertEquals(causes.map(String), ["", "Error: bob"]);
  await bob.disconnect();
  assertEquals(await phone.say("@bob add"), []);
  assertEquals(await phone.say("@ann add"), ["ann: 1"]);
  bob.crash();
  assertEquals([ann.running, bob.running], [true, false]);
  await bob.restart();
  await ann.stop();
  assertEquals(await phone.say("@bob add"), ["bob: 1"]);
});

Deno.test("two processes of a bot share the storage by default", async () => {
  await using one = await testBot(counter("ann"));
  const phone = one.device("phone");
  await phone.say("@ann add");
  await one.disconnect();
  await using two = await one.addBot(counter("ann"));
  assertEquals(await phone.say("@ann add"), ["ann: 2"]);
  await two.disconnect();
  await using three = await one.addBot(counter("ann"), { storage: new MemoryStorage() });
  assertEquals(await phone.say("@ann add"), ["ann: 1"]);
  assertEquals([one.storage === two.storage, one.storage === three.storage], [true, false]);
});

Deno.test("bots in a room share the clock and the accounts", async () => {
  const clock = defineBot({
    name: "clock",
    schedule: { hour: { every: "1h", run: ({ user }) => user.email } },
  });
  const accounts = ["ann@example.com", "bob@example.com"] as const;
  await using room = await testBot(counter("ann"), { accounts });
  await using added = await room.addBot(clock);
  assertEquals(await room.advance(3_600_000), [], "the first bot said nothing");
  assertEquals(added.answers.toSorted(), [...accounts]);
  assertEquals((await added.advance(3_600_000)).toSorted(), [...accounts]);
  assertEquals(room.clock.monotonic(), 7_200_000);
});

Deno.test("addBot refuses a value that is not a bot", async () => {
  await using room = await testBot(counter("ann"));
  await assertRejects(
    () => Reflect.apply(room.addBot, room, [{ name: "bob" }]),
    ConfigurationError,
    "addBot requires a bot made by defineBot",
  );
});
