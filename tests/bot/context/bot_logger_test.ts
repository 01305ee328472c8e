import { defineBot } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals } from "@std/assert";
import { announce, consoleLogger } from "../../../bot/context/bot_logger.ts";
import { logLines } from "../support/bot_log.ts";

Deno.test("the default logger writes only warnings, errors and announcements to the console", () => {
  const { warn, error, info, debug, log } = console;
  const lines: unknown[][] = [];
  const keep = (kind: string) => (...words: unknown[]) => void lines.push([kind, ...words]);
  const cause = new Error("boom");
  try {
    Object.assign(
      console,
      Object.fromEntries(
        ["warn", "error", "info", "debug", "log"].map((kind) => [kind, keep(kind)]),
      ),
    );
    consoleLogger.debug("details");
    consoleLogger.info("ready");
    consoleLogger.warn("careful");
    consoleLogger.error("failed");
    consoleLogger.error("failed", cause);
    announce(consoleLogger, "ready for me");
    announce(console, "ready for me");
  } finally {
    Object.assign(console, { warn, error, info, debug, log });
  }
  assertEquals(lines, [
    ["warn", "careful"],
    ["error", "failed"],
    ["error", "failed", cause],
    ["error", "ready for me"],
    ["info", "ready for me"],
  ]);
});

Deno.test("log lines of a handler are prefixed with the command and device", async () => {
  const bot = defineBot({
    name: "helper",
    commands: {
      "log": ({ log }) => {
        log.debug("one");
        log.info("two");
        log.warn("three");
        log.error("four");
        return "logged";
      },
    },
    hears: [[/hi/, ({ log }) => log.info("heard")]],
  });
  await using room = await testBot(bot);
  assertEquals(await room.device(null).say("hi"), []);
  assertEquals(await room.device("laptop").say("!log"), ["logged"]);
  const about = 'helper: !log from "laptop"';
  assertEquals(logLines(room).slice(1), [
    "info helper: message from a device without a name: heard",
    `debug ${about}: one`,
    `info ${about}: two`,
    `warn ${about}: three`,
    `error ${about}: four`,
  ]);
});
