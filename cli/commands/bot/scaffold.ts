/**
 * The files of a new bot.
 * @module
 */
import { compatibleRange } from "../../config/version.ts";

/** The files by name, for a bot called `name`. */
export function scaffold(name: string): ReadonlyMap<string, string> {
  return new Map([
    ["bot.ts", botFile(name)],
    ["bot_test.ts", TEST_FILE],
    ["deno.json", `${JSON.stringify(configuration(), null, 2)}\n`],
  ]);
}

function botFile(name: string): string {
  return `import { defineBot } from "@roomz/roomz/bot";

export default defineBot({
  name: ${JSON.stringify(name)},
  commands: {
    "ping": "pong",
    "roll [sides:int=6]": {
      description: "Roll a die",
      run: ({ args }) => \`You rolled \${1 + Math.floor(Math.random() * args.sides)}.\`,
    },
  },
});
`;
}

const TEST_FILE = `import { deepStrictEqual, match } from "node:assert/strict";
import { testBot } from "@roomz/roomz/testing";
import bot from "./bot.ts";

Deno.test("ping is answered", async () => {
  await using room = await testBot(bot);
  deepStrictEqual(await room.device("phone").say("!ping"), ["pong"]);
});

Deno.test("roll uses the requested number of sides", async () => {
  await using room = await testBot(bot);
  const [answer = ""] = await room.device("phone").say("!roll 2");
  match(answer, /^You rolled [12]\\.$/);
});
`;

function configuration(): unknown {
  return {
    imports: { "@roomz/roomz": `jsr:@roomz/roomz@${compatibleRange}` },
    unstable: ["kv"],
    tasks: {
      check: "roomz bot check bot.ts",
      start: "roomz bot run --watch bot.ts",
      test: "deno test",
    },
  };
}
