import { BotDefinitionError, defineBot, ignore, onlyFrom } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals, assertThrows } from "@std/assert";

Deno.test("onlyFrom lets the named devices call a command, and answers the others", async () => {
  const bot = defineBot({
    name: "helper",
    commands: { "lock": { use: [onlyFrom("laptop", "Büro")], run: "Locked." }, "ping": "pong" },
  });
  await using room = await testBot(bot);
  for (const device of ["laptop", "LAPTOP", "bu\u0308ro"]) {
    assertEquals(await room.device(device).say("!lock"), ["Locked."]);
  }
  for (const device of ["phone", null]) {
    assertEquals(await room.device(device).say("!lock"), [
      'That works only from "laptop" or "Büro".',
    ]);
  }
  assertEquals(await room.device("phone").say("!ping"), ["pong"]);
});

Deno.test("onlyFrom silently drops messages of other devices that call no command", async () => {
  const bot = defineBot({ name: "helper", use: [onlyFrom("laptop")], hears: [[/hi/, "Hello"]] });
  await using room = await testBot(bot);
  assertEquals(await room.device("phone").say("hi"), []);
  assertEquals(await room.device("laptop").say("hi"), ["Hello"]);
});

Deno.test("ignore drops the messages of the named devices only", async () => {
  const bot = defineBot({
    name: "helper",
    use: [ignore("Parrot")],
    commands: { "who": ({ device }) => `${device}` },
  });
  await using room = await testBot(bot);
  assertEquals(await room.device("parrot").say("!who"), []);
  assertEquals(await room.device("laptop").say("!who"), ["laptop"]);
  assertEquals(await room.device(null).say("!who"), ["null"]);
});

Deno.test("a filter without names is rejected when it is created", () => {
  assertThrows(() => onlyFrom(), BotDefinitionError, "Name at least one device.\n  in onlyFrom()");
  assertThrows(() => ignore(), BotDefinitionError, "Name at least one device.\n  in ignore()");
});

Deno.test("what is not the name of a device is rejected when the middleware is created", () => {
  const wrong: readonly [names: readonly unknown[], message: string][] = [
    [[["laptop"]], "A device's name must be a string that is not empty, not an array of 1."],
    [["laptop", undefined], "not undefined.\n  in NAME(…)[1]"],
    [[null], "not null.\n  in NAME(…)[0]"],
    [[5], "not 5."],
    [[/laptop/], "not the pattern /laptop/."],
    [[""], 'not "".'],
    [["a", " \u2060"], "in NAME(…)[1]"],
    [[{ name: "laptop" }], "not an object."],
  ];
  for (const [names, message] of wrong) {
    for (const make of [onlyFrom, ignore]) {
      assertThrows(
        () => Reflect.apply(make, undefined, names),
        BotDefinitionError,
        message.replace("NAME", make.name),
      );
    }
  }
});
