/**
 * Shortens a world in which a promise was broken, as long as the same promise is broken in it.
 * @module
 */
import type { Scenario } from "./scenario.ts";
import { simulate, type Violation } from "./simulation.ts";

/** The smallest world that was found, and what is broken in it. */
export interface Shrunk {
  readonly scenario: Scenario;
  readonly violation: Violation;
}

/** Leaves out one thing after the other, for as long as that makes the world smaller. */
export async function shrink(scenario: Scenario, violation: Violation): Promise<Shrunk> {
  let smallest: Shrunk = { scenario: { ...scenario, ends: scenario.ends }, violation };
  for (let found = true; found;) {
    found = false;
    for (const candidate of smaller(smallest.scenario)) {
      const broken = (await simulate(candidate)).violation;
      if (broken?.promise !== violation.promise) continue;
      smallest = { scenario: candidate, violation: broken };
      found = true;
      break;
    }
  }
  return smallest;
}

/** Worlds with one thing less. */
function* smaller(scenario: Scenario): Generator<Scenario> {
  const { hosts, accounts, incidents } = scenario;
  for (const index of incidents.keys()) {
    yield { ...scenario, incidents: incidents.toSpliced(index, 1) };
  }
  for (const fault of ["duplicates", "lostAcknowledgements", "lostResponses"] as const) {
    if (scenario[fault] > 0) yield { ...scenario, [fault]: 0 };
  }
  if (accounts > 1) yield { ...scenario, accounts: accounts - 1 };
  // The last one, so that incidents keep their hosts.
  if (hosts.length > 1) yield { ...scenario, hosts: hosts.slice(0, -1) };
  for (const [index, host] of hosts.entries()) {
    if (host.error === 0 && host.rate === 1) continue;
    yield { ...scenario, hosts: hosts.with(index, { ...host, error: 0, rate: 1 }) };
  }
  if (scenario.handlerTime > 0) yield { ...scenario, handlerTime: 0 };
  if (scenario.messageInterval < 5_000) yield { ...scenario, messageInterval: 5_000 };
}
