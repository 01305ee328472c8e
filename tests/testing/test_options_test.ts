import { ConfigurationError, defineBot } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertRejects } from "@std/assert";

const bot = defineBot({ name: "helper", commands: { "ping": "pong" } });

Deno.test("invalid bots and options are refused", async () => {
  const notABot: unknown = { name: "helper", manifest: {} };
  await assertRejects(
    () => Reflect.apply(testBot, undefined, [notABot]),
    ConfigurationError,
    "a bot made by defineBot of the same version",
  );
  await assertRejects(
    () => testBot(bot, { startTime: "soon" }),
    ConfigurationError,
    "is not a valid date",
  );
});
