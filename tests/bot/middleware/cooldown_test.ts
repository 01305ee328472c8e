import { BotDefinitionError, cooldown, type CooldownOptions, defineBot } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assertEquals, assertThrows } from "@std/assert";

/** The replies to messages that arrive one second apart. */
async function calls(
  options: Omit<CooldownOptions, "window">,
  ...lines: readonly (readonly [device: string, line: string])[]
): Promise<readonly string[]> {
  const bot = defineBot({
    name: "helper",
    use: [cooldown({ ...options, window: "10s" })],
    commands: { "a": ({ device }) => `a ${device}`, "b": ({ device }) => `b ${device}` },
    hears: [[/^hi/, ({ device }) => `hi ${device}`]],
  });
  await using room = await testBot(bot);
  for (const [device, line] of lines) {
    await room.device(device).say(line);
    await room.advance(1_000);
  }
  return room.answers;
}

Deno.test("a device over the limit gets one warning; other devices are not affected", async () => {
  assertEquals(
    await calls(
      { limit: 2 },
      ["laptop", "!a"],
      ["laptop", "!b"],
      ["laptop", "!a"],
      ["laptop", "!a"],
      ["phone", "!a"],
    ),
    ["a laptop", "b laptop", "Too many requests. Try again in 8s.", "a phone"],
  );
});

Deno.test("the window slides: each call counts for ten seconds, and refused calls do not count", async () => {
  const lines = Array.from({ length: 13 }, () => ["laptop", "!a"] as const);
  assertEquals(await calls({ limit: 2 }, ...lines), [
    "a laptop",
    "a laptop",
    "Too many requests. Try again in 8s.",
    "a laptop",
    "a laptop",
    "Too many requests. Try again in 8s.",
  ]);
});

Deno.test("per: command limits a command, whoever calls it", async () => {
  assertEquals(
    await calls({ limit: 1, per: "command" }, ["laptop", "!a"], ["phone", "!a"], ["phone", "!b"]),
    ["a laptop", "Too many requests. Try again in 9s.", "b phone"],
  );
});

Deno.test("with per: command, messages that call no command share a limit of their own", async () => {
  assertEquals(
    await calls({ limit: 1, per: "command" }, ["laptop", "!a"], ["phone", "hi"], ["tv", "hi all"]),
    ["a laptop", "hi phone", "Too many requests. Try again in 9s."],
  );
});

Deno.test("per: channel limits everything in the channel", async () => {
  assertEquals(
    await calls({ limit: 1, per: "channel" }, ["laptop", "!a"], ["phone", "!b"], ["tv", "!b"]),
    ["a laptop", "Too many requests. Try again in 9s."],
  );
});

Deno.test("an invalid cooldown is rejected when it is created", () => {
  for (const limit of [0, 1.5, NaN]) {
    assertThrows(
      () => cooldown({ limit, window: "10s" }),
      BotDefinitionError,
      `The limit of a cooldown must be a whole number, 1 or more, not ${limit}.\n  in cooldown({ limit })`,
    );
  }
  for (const window of ["10 parsecs", "", "0s", 0, -1, NaN, Infinity]) {
    assertThrows(
      () => cooldown({ limit: 1, window }),
      BotDefinitionError,
      `more than 0, not "${window}"`,
    );
  }
});
