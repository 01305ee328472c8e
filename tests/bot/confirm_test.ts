import { assertEquals } from "@std/assert";
import { defineBot, MemoryStorage, onlyFrom } from "@roomz/roomz/bot";
import { BotRoom } from "./bot_room.ts";
import { FakeHost } from "./fake_host.ts";
import { typed } from "./types.ts";

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

async function converse(...lines: readonly (readonly [device: string, line: string])[]) {
  const host = new FakeHost();
  const storage = new MemoryStorage();
  await using room = await BotRoom.with(bot, { storage, drainTimeout: 0 }, host);
  for (const [device, line] of lines) {
    room.say(line, device);
    await host.advance(0);
  }
  room.stop();
  await host.advance(0);
  return room.replies;
}

Deno.test("a command that wants to be confirmed runs after a yes", async () => {
  assertEquals(await converse(["laptop", "!format"], ["laptop", "Yes"]), [
    "Really? (yes/no)",
    "formatted",
  ]);
});

Deno.test("a no, the cancel word or no answer at all leave it undone", async () => {
  assertEquals(await converse(["laptop", "!format"], ["laptop", "no"]), [
    "Really? (yes/no)",
    "Not done.",
  ]);
  assertEquals(await converse(["laptop", "!format"], ["laptop", "cancel"]), [
    "Really? (yes/no)",
    "Cancelled.",
  ]);
  const host = new FakeHost();
  await using room = await BotRoom.with(bot, { storage: new MemoryStorage() }, host);
  room.say("!format");
  await host.advance(60_000);
  room.say("yes");
  await host.advance(0);
  assertEquals(room.replies, ["Really? (yes/no)", "No answer in time: cancelled."]);
});

Deno.test("only the device that called it can confirm it, and other commands run meanwhile", async () => {
  assertEquals(
    await converse(
      ["laptop", "!format"],
      ["phone", "yes"],
      ["laptop", "!ping"],
      ["laptop", "yes"],
    ),
    ["Really? (yes/no)", "pong", "formatted"],
  );
});

Deno.test("the question can tell the arguments, and is asked after the guards let it through", async () => {
  assertEquals(
    await converse(["phone", "!deploy api"], ["laptop", "!deploy api --env prod"], [
      "laptop",
      "no",
    ]),
    ['That works only from "laptop".', "Deploy api to prod? (yes/no)", "Not done."],
  );
});

Deno.test("what others write in the session while the answer is waited for is not lost", async () => {
  assertEquals(
    await converse(["laptop", "!deploy api"], ["phone", "!note web"], ["laptop", "yes"]),
    ["Deploy api to dev? (yes/no)", "noted", "deployed web and api"],
  );
});
