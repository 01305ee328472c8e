import { assertEquals, assertThrows } from "@std/assert";
import { ConfigurationError, FleetHealth } from "@roomz/roomz/bot";
import { observe } from "../../../../bot/fleet/report/fleet_health.ts";
import {
  type AccountState,
  countStates,
  newFigures,
} from "../../../../bot/fleet/report/fleet_report.ts";

const cases: readonly [states: AccountState[], withoutLeaseFor: number, answer: string][] = [
  [[], 0, "true 0 of 0 accounts connected"],
  [["answering", "connecting"], 0, "true 1 of 2 accounts connected"],
  [["answering", "connecting", "connecting"], 0, "false 1 of 3 accounts connected"],
  [["standing by", "draining", "connecting"], 0, "true 2 of 3 accounts connected"],
  [["set aside", "set aside", "answering"], 0, "true 1 of 1 accounts connected"],
  [["answering"], Infinity, "false the host cannot reach the storage"],
  [["answering"], 500, "true the host cannot reach the storage, and has no lease for 0 s"],
  [["answering"], 59_999, "true the host cannot reach the storage, and has no lease for 59 s"],
  [["answering"], 60_000, "false the host cannot reach the storage, and has no lease for 60 s"],
  [["connecting"], 500, "false the host cannot reach the storage, and has no lease for 0 s"],
];
for (const [states, withoutLeaseFor, answer] of cases) {
  Deno.test(`a host without a lease for ${withoutLeaseFor} ms and [${states}] is healthy: ${answer}`, () => {
    const health = new FleetHealth();
    observe(health, {
      hasLease: withoutLeaseFor === 0,
      withoutLeaseFor,
      report: () => ({
        accounts: countStates(states),
        counts: newFigures(),
        waiting: 0,
        unreachable: [],
      }),
    });
    const { healthy, text } = health.report();
    assertEquals(`${healthy} ${text}`, answer);
  });
}

Deno.test("a host is not healthy before it runs and after it has ended", () => {
  const health = new FleetHealth();
  const text = "the host does not run";
  assertEquals([health.report().healthy, health.report().text], [false, text]);
  const report = () => ({
    accounts: countStates([]),
    counts: newFigures(),
    waiting: 0,
    unreachable: [],
  });
  const stop = observe(health, { hasLease: true, withoutLeaseFor: 0, report });
  assertEquals(health.report().healthy, true);
  stop();
  assertEquals([health.report().healthy, health.report().text], [false, text]);
});

Deno.test("the grace can be chosen, and must be a number of milliseconds", () => {
  const report = () => ({
    accounts: countStates([]),
    counts: newFigures(),
    waiting: 0,
    unreachable: [],
  });
  const health = new FleetHealth({ grace: 0 });
  observe(health, { hasLease: false, withoutLeaseFor: 0, report });
  assertEquals(health.report().healthy, false);
  for (const grace of [-1, NaN]) {
    assertThrows(() => new FleetHealth({ grace }), ConfigurationError, '"grace" must be millisec');
  }
});
