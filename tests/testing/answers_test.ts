import { defineBot } from "@roomz/roomz/bot";
import { answers } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";

const bot = defineBot({
  name: "helper",
  commands: {
    "ping": "pong",
    "count <to:int>": async function* ({ args }) {
      for (let n = 1; n <= args.to; n++) yield `${n}`;
    },
  },
});

Deno.test("answers returns the replies to each line", async () => {
  assertEquals(await answers(bot, "!count 2", "hm", "!ping"), [["1", "2"], [], ["pong"]]);
});
