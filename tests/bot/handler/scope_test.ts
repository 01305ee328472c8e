/**
 * What the middleware of the bot, its groups and its commands wraps.
 * @module
 */
import { defineBot, type Middleware } from "@roomz/roomz/bot";
import { answers, testBot } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";

Deno.test("middleware wraps commands, hears and error replies, from the bot inwards", async () => {
  const trace: string[] = [];
  const traced = (name: string): Middleware => async (ctx, next) => {
    trace.push(`${name}(${ctx.command ?? ""}`);
    const passed = await next();
    trace.push(`)${name}`);
    return passed;
  };
  const bot = defineBot({
    name: "helper",
    use: [traced("bot")],
    commands: { "ping": { use: [traced("command")], run: "pong" } },
    hears: [[/hi/, "hello"]],
    groups: [{
      use: [traced("group")],
      commands: { "stop <n:int>": "stopped" },
      hears: [[/bye/, "goodbye"]],
      groups: [{ use: [traced("inner")], commands: { "deep": "deep" } }],
    }],
  });
  await using room = await testBot(bot);
  const lines: [line: string, trace: string][] = [
    ["!ping", "bot(ping command(ping )command )bot"],
    ["hi", "bot( )bot"],
    ["!nothing", "bot( )bot"],
    ["!stop now", "bot(stop group(stop )group )bot"],
    ["bye", "bot( group( )group )bot"],
    ["!deep", "bot(deep group(deep inner(deep )inner )group )bot"],
    ["chat", ""],
  ];
  for (const [line, expected] of lines) {
    trace.length = 0;
    const said = await room.device("laptop").say(line);
    assertEquals([trace.join(" "), said.length], [expected, expected === "" ? 0 : 1], line);
  }
});

Deno.test("middleware that does not call next stops the message", async () => {
  const laptopOnly: Middleware = async (ctx, next) => {
    if (ctx.device === "laptop") return await next();
    if (ctx.device === "phone") await ctx.reply("From the laptop only.");
  };
  const bot = defineBot({
    name: "helper",
    use: [laptopOnly],
    commands: { "ping": "pong", "n <n:int>": "n" },
  });
  await using room = await testBot(bot);
  for (const line of ["!ping", "!n x", "!unknown"]) {
    assertEquals(await room.device("tablet").say(line), []);
  }
  assertEquals(await room.device("phone").say("!ping"), ["From the laptop only."]);
  assertEquals(await room.device("laptop").say("!ping"), ["pong"]);
});

Deno.test("a command's own middleware sees its arguments, and runs only if they are valid", async () => {
  const bot = defineBot({
    name: "helper",
    commands: {
      "deploy <service> [--tries:int=1]": {
        use: [async (ctx, next) => {
          if (ctx.args.service !== "db") return await next();
          await ctx.reply(`Not the ${ctx.args.service}, ${ctx.args.tries} times!`);
        }],
        run: ({ args }) => `deployed ${args.service}`,
      },
    },
  });
  assertEquals(await answers(bot, "!deploy db", "!deploy api", "!deploy"), [
    ["Not the db, 1 times!"],
    ["deployed api"],
    [
      "Missing argument <service> (quote it if it contains spaces).\n" +
      "Usage: !deploy <service> [--tries:int=1]",
    ],
  ]);
});
