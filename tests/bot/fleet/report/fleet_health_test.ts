import { assertEquals } from "@std/assert";
import { FleetHealth } from "@roomz/roomz/bot";
import { observe } from "../../../../bot/fleet/report/fleet_health.ts";
import {
  type AccountState,
  countStates,
  newFigures,
} from "../../../../bot/fleet/report/fleet_report.ts";

const cases: readonly [states: AccountState[], hasLease: boolean, answer: string][] = [
  [[], true, "true 0 of 0 accounts connected"],
  [["answering", "connecting"], true, "true 1 of 2 accounts connected"],
  [["answering", "connecting", "connecting"], true, "false 1 of 3 accounts connected"],
  [["standing by", "draining", "connecting"], true, "true 2 of 3 accounts connected"],
  [["set aside", "set aside", "answering"], true, "true 1 of 1 accounts connected"],
  [["answering"], false, "false the host cannot reach the storage"],
];
for (const [states, hasLease, answer] of cases) {
  Deno.test(`a host ${hasLease ? "with" : "without"} a lease and [${states}] is healthy: ${answer}`, () => {
    const health = new FleetHealth();
    observe(health, {
      hasLease,
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
  const stop = observe(health, { hasLease: true, report });
  assertEquals(health.report().healthy, true);
  stop();
  assertEquals([health.report().healthy, health.report().text], [false, text]);
});
