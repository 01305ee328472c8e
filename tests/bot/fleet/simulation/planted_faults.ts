/**
 * Faults to plant in the code of a fleet: each breaks a promise, and the simulation has to find it.
 * @module
 */

/** A change of one place in the code. */
export interface PlantedFault {
  readonly name: string;
  /** A file of the repository. */
  readonly file: string;
  /** A text that is in it once. */
  readonly code: string;
  readonly fault: string;
}

/** The faults. */
export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    name: "the lease is counted from the answer to a renewal, not from its sending",
    file: "bot/fleet/lease/host_lease.ts",
    code: "Math.max(this.#validUntil, sentAt + length * (1 - MARGIN))",
    fault: "Math.max(this.#validUntil, clock.monotonic() + length * (1 - MARGIN))",
  },
  {
    name: "the lease has no margin for clocks that drift apart, and is too long",
    file: "bot/fleet/lease/host_lease.ts",
    code: "const MARGIN = 0.05;",
    fault: "const MARGIN = -0.2;",
  },
  {
    name: "a lease never runs out by the clock",
    file: "bot/fleet/lease/host_lease.ts",
    code: "return this.#parts.clock.monotonic() < this.#validUntil;",
    fault: "return this.#validUntil > 0;",
  },
  {
    name: "a renewal does not check the one before it",
    file: "bot/fleet/lease/host_lease.ts",
    code: "{ key: keys.beat(this.id), version: before?.version ?? null },",
    fault: "",
  },
  {
    name: "a host is given up after half a lease",
    file: "bot/fleet/assignment/peers.ts",
    code: "if (clock.monotonic() - at < record.lease) continue;",
    fault: "if (clock.monotonic() - at < record.lease / 2) continue;",
  },
  {
    name: "a host is given up although it has renewed its lease in the meantime",
    file: "bot/fleet/assignment/peers.ts",
    code: "if (this.#sightings.get(id)?.beat === beat) return;",
    fault: "if (this.#sightings.has(id)) return;",
  },
  {
    name: "a host that does not renew its lease is never given up",
    file: "bot/fleet/assignment/peers.ts",
    code: "if (clock.monotonic() - at < record.lease) continue;",
    fault: "if (clock.monotonic() - at < record.lease * 10) continue;",
  },
  {
    name: "hosts are read before the holders that name them",
    file: "bot/fleet/host/host_life.ts",
    code: "const changed = await this.#view.read();\n      await this.#peers.read();",
    fault: "await this.#peers.read();\n      const changed = await this.#view.read();",
  },
  {
    name: "an account is taken from a live host without waiting for it",
    file: "bot/fleet/assignment/holding.ts",
    code:
      "next: answering !== undefined && isLive(answering) ? { ...next, from: answering } : next,",
    fault: "next,",
  },
  {
    name: "the successor answers while the host before still does",
    file: "bot/fleet/assignment/holding.ts",
    code: 'if (isBefore) return { do: "wait" };',
    fault: 'if (isBefore) return { do: "answer" };',
  },
  {
    name: "a host takes an account before it is connected",
    file: "bot/fleet/assignment/holding.ts",
    code: "isLive(answering) && !(ready && isProven(answering))",
    fault: "isLive(answering) && !isProven(answering)",
  },
  {
    name: "the fencing token goes back",
    file: "bot/fleet/assignment/holding.ts",
    code: "const next = { host: me, fence: (record?.fence ?? 0) + 1, ...missed };",
    fault: "const next = { host: me, fence: (record?.fence ?? 2) - 1, ...missed };",
  },
  {
    name: "an account is taken although its record has changed",
    file: "bot/fleet/assignment/holder_changes.ts",
    code: "...batch.map(({ account, version }) => ({ key: keys.holder(account), version })),",
    fault: "",
  },
  {
    name: "a claim does not look whether there is one",
    file: "bot/fleet/claims/claims.ts",
    code: "...batch.map(({ key }) => ({ key, version: null })),",
    fault: "",
  },
  {
    name: "any claim counts as this host's own",
    file: "bot/fleet/claims/claims.ts",
    code: "return value.h === host && value.n === number;",
    fault: "return true || host === number + String(value);",
  },
  {
    name: "a message is handled without waiting for its claim",
    file: "bot/run/inbox.ts",
    code: "if (!await claimed) return;",
    fault: "await claimed;",
  },
  {
    name: "what arrives while a host stands by is thrown away",
    file: "bot/fleet/lease/leased_client.ts",
    code: "    this.#waiting ??= [];\n",
    fault: "    this.#waiting = [];\n",
  },
  {
    name: "nobody reports what a dead host had claimed",
    file: "bot/fleet/host/left_effects.ts",
    code: "if (account === undefined) continue;",
    fault: "if (account !== undefined) continue;",
  },
  {
    name: "a gap is not reported",
    file: "bot/fleet/host/account_gap.ts",
    code: "    if (gap === undefined) return;\n",
    fault: "    if (gap === undefined || Date.now() > 0) return;\n",
  },
  {
    name: "a host leaves without handing over",
    file: "bot/fleet/host/host_life.ts",
    code: "if (clock.monotonic() >= leaveBy) break;",
    fault: "if (leaving.aborted) break;",
  },
  {
    name: "the notes of finished claims stay",
    file: "bot/fleet/claims/claims.ts",
    code:
      "this.#deleteSoon([this.#parts.keys.open(this.#parts.host, account, effectId(account, id))]);",
    fault: "void ([this.#parts.keys.open(this.#parts.host, account, effectId(account, id))]);",
  },
  {
    name: "a host that lost the room keeps its accounts",
    file: "bot/fleet/host/connect_pacer.ts",
    code: "return this.#isTrying && this.#clock.monotonic() - this.#tryingSince >= duration;",
    fault: "return this.#isTrying && duration < 0;",
  },
  {
    name: "a claim whose answer was lost counts as another's",
    file: "bot/fleet/claims/claims.ts",
    code: "if (isOwn(claim, host, wanted)) this.#won(wanted);",
    fault: "if (isOwn(claim, host, wanted) && wanted.number < 0) this.#won(wanted);",
  },
];
