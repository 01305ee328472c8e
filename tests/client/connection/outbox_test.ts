import { assertEquals, assertRejects } from "@std/assert";
import { Outbox } from "../../../client/connection/outbox.ts";
import { settle } from "../../../testing/virtual_clock.ts";

/** An outbox whose writes and holds are recorded. */
function newOutbox() {
  const outbox = new Outbox();
  const written: string[] = [];
  const pass = (name: string, signal?: AbortSignal) =>
    outbox.pass(() => {
      written.push(signal?.aborted ? `${name} aborted` : name);
      return Promise.resolve(name);
    }, signal);
  const hold = (name: string, signal?: AbortSignal) => {
    const end = Promise.withResolvers<void>();
    const done = outbox.hold(async () => {
      if (signal?.aborted) {
        written.push(`${name} aborted`);
        return;
      }
      written.push(`${name} 1`);
      await end.promise;
      written.push(`${name} 2`);
    }, signal);
    return { done, end: end.resolve, fail: end.reject };
  };
  return { outbox, written, pass, hold };
}

Deno.test("a message passes a free line at once, in the caller's tick", () => {
  const { outbox, written, pass } = newOutbox();
  void pass("a");
  void pass("b");
  assertEquals([outbox.free, written], [true, ["a", "b"]]);
});

Deno.test("a text starts at once as well, and nothing gets between its parts", async () => {
  const { outbox, written, pass, hold } = newOutbox();
  const text = hold("text");
  const a = pass("a");
  const b = pass("b");
  assertEquals([outbox.free, written], [false, ["text 1"]]);
  text.end();
  assertEquals(await Promise.all([a, b]), ["a", "b"]);
  assertEquals([outbox.free, written], [true, ["text 1", "text 2", "a", "b"]]);
});

Deno.test("texts and messages keep the order of their calls", async () => {
  const { written, pass, hold } = newOutbox();
  const one = hold("one");
  void pass("a");
  const two = hold("two");
  void pass("b");
  const three = hold("three");
  void pass("c");
  for (const { end, done } of [one, two, three]) {
    end();
    await done;
  }
  assertEquals(written, [
    ...["one 1", "one 2", "a"],
    ...["two 1", "two 2", "b"],
    ...["three 1", "three 2", "c"],
  ]);
});

Deno.test("what is sent as soon as the line is free does not overtake what waits", async () => {
  const { written, pass, hold } = newOutbox();
  const text = hold("text");
  void pass("first").then(() => pass("third"));
  void pass("second");
  void text.done.then(() => pass("fourth"));
  text.end();
  await settle();
  assertEquals(written.slice(0, 4), ["text 1", "text 2", "first", "second"]);
  assertEquals(written.slice(4).toSorted(), ["fourth", "third"]);
});

Deno.test("a text that fails frees the line, and the failure is its own", async () => {
  const { outbox, written, pass, hold } = newOutbox();
  const text = hold("text");
  const a = pass("a");
  text.fail(new Error("broken"));
  await assertRejects(() => text.done, Error, "broken");
  await a;
  assertEquals([outbox.free, written], [true, ["text 1", "a"]]);
});

Deno.test("a message that throws while it waits frees nobody's place", async () => {
  const { outbox, pass, hold, written } = newOutbox();
  const text = hold("text");
  const broken = outbox.pass(() => {
    throw new Error("broken");
  });
  const a = pass("a");
  text.end();
  await assertRejects(() => broken, Error, "broken");
  await a;
  assertEquals(written, ["text 1", "text 2", "a"]);
});

Deno.test("an abort ends the wait at once and leaves the line to its holder", async () => {
  const { outbox, written, pass, hold } = newOutbox();
  const text = hold("text");
  const controller = new AbortController();
  const a = pass("a", controller.signal);
  const other = hold("other", controller.signal);
  const b = pass("b");
  controller.abort();
  await Promise.all([a, other.done]);
  assertEquals([outbox.free, written], [false, ["text 1", "a aborted", "other aborted"]]);
  text.end();
  await b;
  assertEquals(written.slice(3), ["text 2", "b"]);
  assertEquals(outbox.free, true);
});

Deno.test("an abort after a message has passed does not send it once more", async () => {
  const { written, pass, hold } = newOutbox();
  const text = hold("text");
  const controller = new AbortController();
  const a = pass("a", controller.signal);
  text.end();
  await a;
  controller.abort();
  await settle();
  assertEquals(written, ["text 1", "text 2", "a"]);
});

Deno.test("a signal that has already aborted does not wait either", async () => {
  const { written, pass, hold } = newOutbox();
  const text = hold("text");
  await pass("a", AbortSignal.abort());
  assertEquals(written, ["text 1", "a aborted"]);
  text.end();
  await text.done;
});

Deno.test("a hundred thousand messages wait behind a text without a long pause", async () => {
  const { written, pass, hold } = newOutbox();
  const text = hold("text");
  const sends = Array.from({ length: 100_000 }, (_, i) => pass(String(i)));
  text.end();
  await Promise.all(sends);
  assertEquals([written.length, written.at(-1)], [100_002, "99999"]);
});
