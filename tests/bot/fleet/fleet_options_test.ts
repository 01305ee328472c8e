import { ConfigurationError, newFleetKey } from "@roomz/roomz/bot";
import { assertEquals, assertThrows } from "@std/assert";
import { checkFleetOptions, hostLimits } from "../../../bot/fleet/fleet_options.ts";

const LIMITS = "Max open files            1256                 1256                 files\n";

Deno.test("numbers that a host cannot have are refused", () => {
  for (
    const [options, option] of [
      [{ lease: 999 }, "lease"],
      [{ lease: NaN }, "lease"],
      [{ capacity: 0 }, "capacity"],
      [{ capacity: 1.5 }, "capacity"],
      [{ serverCapacity: 0 }, "serverCapacity"],
    ] as const
  ) {
    assertThrows(
      () => hostLimits(options, undefined),
      ConfigurationError,
      `The option "${option}" must be`,
    );
  }
});

Deno.test("a host holds as many accounts as it may have files open, and says so", () => {
  assertEquals(hostLimits({}, LIMITS).capacity, 1_000);
  assertEquals(
    hostLimits({}, LIMITS).notice,
    "holds 1000 accounts at most, because of the limit of open files (ulimit -n)",
  );
  assertEquals(hostLimits({ capacity: 1_000 }, LIMITS).notice, undefined);
  assertEquals(hostLimits({}, undefined), {
    lease: 6_000,
    capacity: 5_000,
    serverCapacity: 1_000,
    notice: undefined,
  });
  assertThrows(
    () => hostLimits({ capacity: 1_001 }, LIMITS),
    ConfigurationError,
    "This process cannot hold 1001 accounts: its limit of open files leaves space for 1000 connections.",
  );
});

Deno.test("options that a fleet does not have are refused with what to do instead", () => {
  const storage = "fleet.kv";
  const keys = [newFleetKey()];
  checkFleetOptions({ storage, keys });
  for (
    const [options, message] of [
      [{ keys }, "runFleet needs `storage`"],
      [{ storage }, "runFleet needs `keys`"],
      [{ storage, keys: "secret" }, "keys"],
      [{ storage: {}, keys }, "KvStorage"],
      [{ storage, keys, token: "x" }, "add accounts with FleetAccounts"],
      [{ storage, keys, lese: 1 }, "lease"],
    ] as const
  ) {
    const error = assertThrows(() => checkFleetOptions(options), ConfigurationError, "runFleet(");
    assertEquals(error.message.includes(message), true, error.message);
  }
});
