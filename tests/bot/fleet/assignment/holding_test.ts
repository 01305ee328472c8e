import { assertEquals } from "@std/assert";
import { nextStep, type Situation, type Step } from "../../../../bot/fleet/assignment/holding.ts";

const live = new Set(["me", "x", "y"]);
const base: Situation = {
  me: "me",
  record: undefined,
  active: true,
  target: "me",
  leaving: false,
  ready: false,
  isLive: (host) => live.has(host),
  isSuspect: () => false,
  isProven: () => true,
};

Deno.test("an account that nobody holds is taken at once", () => {
  assertEquals(nextStep(base), { do: "take", next: { host: "me", fence: 1 }, dead: [] });
  const released = { host: null, fence: 4 };
  assertEquals(nextStep({ ...base, record: released }), {
    do: "take",
    next: { host: "me", fence: 5 },
    dead: [],
  });
});

Deno.test("an account of a dead host is taken at once, and what that host left is asked for", () => {
  assertEquals(nextStep({ ...base, record: { host: "dead", fence: 2 } }), {
    do: "take",
    next: { host: "me", fence: 3 },
    dead: ["dead"],
  });
});

Deno.test("an account of a live host is taken once this host is connected, and answered for once the other has released it", () => {
  const record = { host: "x", fence: 2 };
  assertEquals(nextStep({ ...base, record }), { do: "stand by" });
  const next = { host: "me", fence: 3, from: "x" };
  assertEquals(nextStep({ ...base, record, ready: true }), { do: "take", next, dead: [] });
  assertEquals(nextStep({ ...base, record: next, ready: true }), { do: "wait" });
  assertEquals(nextStep({ ...base, record: { host: "me", fence: 3 } }), { do: "answer" });
});

Deno.test("an account of a host that may have died is not taken before that is certain", () => {
  const suspected = {
    ...base,
    record: { host: "x", fence: 2 },
    isSuspect: () => true,
    isProven: () => false,
  };
  assertEquals(nextStep(suspected), { do: "stand by" });
  assertEquals(nextStep({ ...suspected, ready: true }), { do: "stand by" });
});

Deno.test("a host that has just joined waits for a sign of life before it takes an account from another", () => {
  const unknown = { ...base, record: { host: "x", fence: 2 }, ready: true, isProven: () => false };
  assertEquals(nextStep(unknown), { do: "stand by" });
  // If it has died, others know that sooner, and this host would have taken it as one that still answers.
  assertEquals(nextStep({ ...unknown, isProven: () => true }).do, "take");
});

Deno.test("a successor that dies while another host still answers leaves that host in the record", () => {
  const record = { host: "dead", fence: 3, from: "x" };
  assertEquals(nextStep({ ...base, record }), { do: "stand by" });
  assertEquals(nextStep({ ...base, record, ready: true }), {
    do: "take",
    next: { host: "me", fence: 4, from: "x" },
    dead: ["dead"],
  });
});

Deno.test("a successor that waits keeps the account, because only it has what arrived since", () => {
  const record = { host: "y", fence: 3, from: "x" };
  assertEquals(nextStep({ ...base, record, ready: true }), { do: "stand by" });
  assertEquals(nextStep({ ...base, record: { ...record, host: "dead" }, ready: true }), {
    do: "take",
    next: { host: "me", fence: 4, from: "x" },
    dead: ["dead"],
  });
});

Deno.test("a successor that waits and may have died loses the account, once the host before is dead", () => {
  const isSuspect = (host: string) => host === "y";
  const record = { host: "y", fence: 3, from: "x" };
  assertEquals(nextStep({ ...base, record, isSuspect }), { do: "stand by" });
  assertEquals(nextStep({ ...base, record: { ...record, from: "dead" }, isSuspect }), {
    do: "take",
    next: { host: "me", fence: 4 },
    dead: ["dead"],
  });
});

Deno.test("when the host before has died, the named host takes what it has", () => {
  assertEquals(nextStep({ ...base, record: { host: "me", fence: 3, from: "dead" } }), {
    do: "take",
    next: { host: "me", fence: 3 },
    dead: ["dead"],
  });
});

Deno.test("a host that is to hand over removes itself, and nothing else", () => {
  assertEquals(nextStep({ ...base, record: { host: "x", fence: 3, from: "me" }, target: "x" }), {
    do: "hand over",
    next: { host: "x", fence: 3 },
  });
});

Deno.test("an account that is removed, or that nobody can take from a leaving host, is released", () => {
  const record = { host: "me", fence: 3 };
  const released: Step = { do: "hand over", next: { host: null, fence: 4 } };
  assertEquals(nextStep({ ...base, record, active: false }), released);
  assertEquals(nextStep({ ...base, record, leaving: true, target: undefined }), released);
  assertEquals(nextStep({ ...base, record, leaving: true, target: "x" }), { do: "answer" });
  const waiting = { host: "me", fence: 3, from: "x" };
  assertEquals(nextStep({ ...base, record: waiting, active: false }), {
    do: "hand over",
    next: { host: null, fence: 4, from: "x" },
  });
});

Deno.test("an account of others is left alone", () => {
  assertEquals(nextStep({ ...base, record: { host: "x", fence: 1 }, target: "x" }), {
    do: "let go",
  });
  assertEquals(nextStep({ ...base, target: undefined }), { do: "let go" });
});
