import { assertEquals } from "@std/assert";
import { defineBot } from "@roomz/roomz/bot";
import { converse } from "./bot_room.ts";

Deno.test("a string is the reply", async () => {
  const bot = defineBot({ name: "helper", commands: { "ping": "pong" } });
  assertEquals(await converse(bot, "!ping"), ["pong"]);
});
