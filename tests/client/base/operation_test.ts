import { assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { ConnectionError } from "../../../client/base/errors.ts";
import { Operation, TimeLimit } from "../../../client/base/operation.ts";
import { FakePlatform } from "../support/fake_platform.ts";

const reason = new Error("changed my mind");

Deno.test("an operation is aborted once, and keeps the first reason", () => {
  const operation = new Operation();
  const reasons: unknown[] = [];
  operation.onAbort((first) => reasons.push(first));
  operation.throwIfAborted();
  assertEquals(operation.aborted, false);
  operation.abort(reason);
  operation.abort(new Error("again"));
  assertEquals([operation.aborted, reasons], [true, [reason]]);
  assertThrows(() => operation.throwIfAborted(), Error, reason.message);
});

Deno.test("a listener that comes after the abort is called at once, one that was removed never", () => {
  const operation = new Operation();
  const called: string[] = [];
  const removed = () => called.push("removed");
  operation.onAbort(removed);
  operation.offAbort(removed);
  operation.onAbort(() => called.push("kept"));
  operation.abort(reason);
  operation.onAbort(() => called.push("late"));
  assertEquals(called, ["kept", "late"]);
});

Deno.test("a listener may remove itself and others while it is called", () => {
  const operation = new Operation();
  const called: string[] = [];
  const second = () => called.push("second");
  const first = () => {
    called.push("first");
    operation.offAbort(first);
    operation.offAbort(second);
  };
  operation.onAbort(first);
  operation.onAbort(second);
  operation.onAbort(() => called.push("third"));
  operation.abort(reason);
  assertEquals(called, ["first", "third"]);
});

Deno.test("the signal aborts with the operation, for whatever reason, and stays the same", () => {
  for (const each of [reason, "text", 0, null, undefined, { code: 499 }]) {
    const early = new Operation();
    const { signal } = early;
    assertEquals(signal.aborted, false);
    early.abort(each);
    assertStrictEquals(early.signal, signal);

    const late = new Operation();
    late.abort(each);
    for (const { aborted, reason } of [signal, late.signal]) {
      assertEquals(aborted, true);
      // As with an AbortController, no reason is an AbortError.
      if (each === undefined) assertEquals(reason.name, "AbortError");
      else assertStrictEquals(reason, each);
    }
  }
});

Deno.test("a time limit aborts its operation, and leaves no timer however the task ends", async () => {
  const platform = new FakePlatform();
  const limit = new TimeLimit({ platform, connectionTimeout: 1_000 }, "http://roomz.test");
  assertEquals(await limit.run(() => Promise.resolve("done")), "done");
  assertEquals(platform.clock.timers, 0);
  await assertRejects(() => limit.run(() => Promise.reject(reason)), Error, reason.message);
  assertEquals(platform.clock.timers, 0);

  let operation = new Operation();
  const ignoring = limit.run((own) => {
    operation = own;
    return new Promise<never>(() => {});
  });
  const refused = assertRejects(() => ignoring, ConnectionError, "within 1000 ms");
  await platform.advance(1_000);
  await refused;
  assertEquals([operation.aborted, platform.clock.timers], [true, 0]);

  const parent = new Operation();
  const outer = limit.run(() => new Promise<never>(() => {}), parent);
  const stopped = assertRejects(() => outer, Error, reason.message);
  parent.abort(reason);
  await stopped;
  assertEquals(platform.clock.timers, 0);
  await assertRejects(() => limit.run(() => new Promise(() => {}), parent), Error, reason.message);
  assertEquals(platform.clock.timers, 0);
});
