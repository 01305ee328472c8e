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

Deno.test("a command with confirm runs after a yes", async () => {
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!format"), ["Really? (yes|no) [n6a]"]);
  assertEquals(await laptop.say("Yes"), ["formatted"]);
});

Deno.test("it does not run after a no, the cancel word or the timeout", async () => {
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  for (
    const [answer, end] of [["no", "OK, nothing was done."], ["cancel", "Cancelled."]] as const
  ) {
    assertEquals(await laptop.say("!format"), ["Really? (yes|no) [n6a]"]);
    assertEquals(await laptop.say(answer), [end]);
  }
  assertEquals(await laptop.say("!format"), ["Really? (yes|no) [n6a]"]);
  assertEquals(await room.advance(59_999), []);
  assertEquals(await room.advance(1), ["No answer in time: cancelled."]);
  assertEquals(await laptop.say("yes"), []);
});

Deno.test("only the same device can confirm, and other commands run in the meantime", async () => {
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!format"), ["Really? (yes|no) [n6a]"]);
  assertEquals(await room.device("phone").say("yes"), []);
  assertEquals(await laptop.say("!ping"), ["pong"]);
  assertEquals(await laptop.say("yes"), ["formatted"]);
});

Deno.test("the question can contain arguments, and comes after the guards", async () => {
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  assertEquals(await room.device("phone").say("!deploy api"), ['That works only from "laptop".']);
  assertEquals(await laptop.say("!deploy api --env prod"), ["Deploy api to prod? (yes|no) [n6a]"]);
  assertEquals(await laptop.say("no"), ["OK, nothing was done."]);
});

Deno.test("changes of the session during the question are kept", async () => {
  await using room = await testBot(bot);
  const laptop = room.device("laptop");
  assertEquals(await laptop.say("!deploy api"), ["Deploy api to dev? (yes|no) [n6a]"]);
  assertEquals(await room.device("phone").say("!note web"), ["noted"]);
  assertEquals(await laptop.say("yes"), ["deployed web and api"]);
});
