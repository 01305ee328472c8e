import { ConfigurationError, defineBot } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals, assertRejects } from "@std/assert";

const bot = defineBot({
  name: "helper",
  commands: {
    "ping": "pong",
    "echo <text...>": ({ args }) => args.text,
    "who": ({ user, device }) => `${device} of ${user.email}`,
    "count <to:int>": async function* ({ args }) {
      for (let n = 1; n <= args.to; n++) yield `${n}`;
    },
  },
});

Deno.test("say resolves to all parts of the reply", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  assertEquals(await phone.say("!ping"), ["pong"]);
  assertEquals(await phone.say("!count 3"), ["1", "2", "3"]);
  assertEquals(await phone.say("just talking"), []);
  assertEquals(phone.heard, ["pong", "1", "2", "3"]);
});

Deno.test("a device hears the bot since it joined, and not other devices", async () => {
  await using room = await testBot(bot);
  const phone = room.device("phone");
  await phone.say("!ping");
  const laptop = room.device("laptop");
  await laptop.say("!echo hi");
  await phone.say("hello");
  assertEquals([phone.heard, laptop.heard], [["pong", "hi"], ["hi"]]);
  assertEquals(room.answers, ["pong", "hi"]);
});

Deno.test("a device may have no name, or the bot's name", async () => {
  await using room = await testBot(bot);
  assertEquals(await room.device(null).say("!who"), ["null of me@example.com"]);
  assertEquals(await room.device("helper").say("!who"), ["helper of me@example.com"]);
});

Deno.test("messages and names arrive unchanged, except for surrounding whitespace", async () => {
  await using room = await testBot(bot);
  const device = room.device(`<b>"Ann's" & co</b>`);
  assertEquals(await device.say(`  !echo &lt; <i>"don't"</i> \n`), [`&lt; <i>"don't"</i>`]);
  assertEquals(await device.say("!who"), [`<b>"Ann's" & co</b> of me@example.com`]);
});

Deno.test("each account has its own room", async () => {
  await using room = await testBot(bot, { accounts: ["ann@example.com", "bob@example.com"] });
  const ann = room.device("phone");
  const bob = room.device("phone", "bob@example.com");
  assertEquals(await ann.say("!who"), ["phone of ann@example.com"]);
  assertEquals(await bob.say("!who"), ["phone of bob@example.com"]);
  assertEquals([ann.heard.length, bob.heard.length], [1, 1]);
  const error = `Unknown account eve@example.com; the room has ann@example.com, bob@example.com. ` +
    `Add it to testBot's option "accounts".`;
  await assertRejects(
    () => Promise.try(() => room.device("phone", "eve@example.com")),
    ConfigurationError,
    error,
  );
});
