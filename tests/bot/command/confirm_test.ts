import { defineBot, onlyFrom } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";
import { typed } from "../support/types.ts";

const bot = defineBot({
  name: "helper",
  session: { initial: () => ({ deployed: [] as string[] }) },
  commands: {
    "deploy <service> [--env:dev|prod=dev]": {
      use: [onlyFrom("laptop")],
      confirm: ({ args }) => {
        typed<string>()(args.service);
        typed<"dev" | "prod">()(args.env);
        return `Deploy ${args.service} to ${args.env}?`;
      },
      run: ({ args, session }) => {
        session.deployed.push(args.service);
        return `deployed ${session.deployed.join(" and ")}`;
      },
    },
    "note <service>": ({ args, session }) => {
      session.deployed.push(args.service);
      return "noted";
    },
    "format": { confirm: "Really?", run: "formatted" },
    "ping": "pong",
  },
});

Deno.test("a command that wants to be confirmed runs after a yes", async () => {
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!format"), ["Really? (yes/no)"]);
  assertEquals(await laptop.say("Yes"), ["formatted"]);
});

Deno.test("a no, the cancel word or no answer at all leave it undone", async () => {
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  for (const [answer, end] of [["no", "Not done."], ["cancel", "Cancelled."]] as const) {
    assertEquals(await laptop.say("!format"), ["Really? (yes/no)"]);
    assertEquals(await laptop.say(answer), [end]);
  }
  assertEquals(await laptop.say("!format"), ["Really? (yes/no)"]);
  assertEquals(await room.advance(59_999), []);
  assertEquals(await room.advance(1), ["No answer in time: cancelled."]);
  assertEquals(await laptop.say("yes"), []);
});

Deno.test("only the device that called it can confirm it, and other commands run meanwhile", async () => {
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!format"), ["Really? (yes/no)"]);
  assertEquals(await room.device("phone").say("yes"), []);
  assertEquals(await laptop.say("!ping"), ["pong"]);
  assertEquals(await laptop.say("yes"), ["formatted"]);
});

Deno.test("the question can tell the arguments, and is asked after the guards let it through", async () => {
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  assertEquals(await room.device("phone").say("!deploy api"), ['That works only from "laptop".']);
  assertEquals(await laptop.say("!deploy api --env prod"), ["Deploy api to prod? (yes/no)"]);
  assertEquals(await laptop.say("no"), ["Not done."]);
});

Deno.test("what others write in the session while the answer is waited for is not lost", async () => {
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!deploy api"), ["Deploy api to dev? (yes/no)"]);
  assertEquals(await room.device("phone").say("!note web"), ["noted"]);
  assertEquals(await laptop.say("yes"), ["deployed web and api"]);
});
