import { ConfigurationError } from "@roomz/roomz/bot";
import { assertEquals, assertThrows } from "@std/assert";
import { completeSettings } from "../../../bot/run/run_options.ts";

Deno.test("invalid settings are refused by name", () => {
  for (
    const settings of [
      { drainTimeout: -1 },
      { drainTimeout: 2 ** 31 },
      { maxPending: 0 },
      { maxPending: 1.5 },
      { loopGuard: { limit: 0, window: 1 } },
      { loopGuard: { limit: 1, window: 0 } },
      { sendRate: { limit: 0, window: 1 } },
      { sendRate: { limit: 1, window: 0 } },
    ]
  ) {
    const [option = ""] = Object.keys(settings);
    assertThrows(
      () => completeSettings(settings),
      ConfigurationError,
      `The option "${option}" must be`,
    );
  }
});

Deno.test("settings have defaults", () => {
  const { drainTimeout, maxPending, loopGuard, sendRate, standalone } = completeSettings({});
  assertEquals(
    { drainTimeout, maxPending, loopGuard, sendRate, standalone },
    {
      drainTimeout: 10_000,
      maxPending: 1_000,
      loopGuard: { limit: 20, window: 10_000 },
      sendRate: undefined,
      standalone: false,
    },
  );
  assertEquals(completeSettings({ loopGuard: false }).loopGuard, undefined);
});
