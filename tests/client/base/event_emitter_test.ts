import type { ErrorEvent } from "@roomz/roomz/client";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { EventEmitter } from "../../../client/base/event_emitter.ts";
import { settle } from "../../../testing/virtual_clock.ts";
import { captureConsole } from "../support/capture_console.ts";

const left = (count: number) => ({
  user: { id: "u", email: "e", display_name: null },
  timestamp: "t",
  remaining_connections: count,
  raw: {},
});

Deno.test("handlers are called in the order of registration, with the payload", () => {
  const emitter = new EventEmitter();
  const calls: [string, number][] = [];
  emitter.on("user_left", (event) => void calls.push(["first", event.remaining_connections]));
  emitter.on("user_left", (event) => void calls.push(["second", event.remaining_connections]));
  emitter.emit("user_left", left(3));
  assertEquals(calls, [["first", 3], ["second", 3]]);
});

Deno.test("a handler registered twice is called twice, and removed by one off()", () => {
  const emitter = new EventEmitter();
  let calls = 0;
  const handler = () => void calls++;
  emitter.on("disconnect", handler);
  emitter.on("disconnect", handler);
  emitter.emit("disconnect", {});
  assertEquals(calls, 2);
  emitter.off("disconnect", handler);
  emitter.emit("disconnect", {});
  assertEquals(calls, 2);
});

Deno.test("off() removes one handler, or all handlers of the event, and those of no other event", () => {
  const emitter = new EventEmitter();
  const calls: string[] = [];
  const first = () => void calls.push("first");
  emitter.on("disconnect", first);
  emitter.on("disconnect", () => void calls.push("second"));
  emitter.on("user_left", () => void calls.push("left"));
  emitter.off("disconnect", first);
  emitter.emit("disconnect", {});
  assertEquals(calls.splice(0), ["second"]);
  emitter.off("disconnect");
  emitter.emit("disconnect", {});
  emitter.emit("user_left", left(1));
  assertEquals(calls, ["left"]);
});

Deno.test("off() ignores an unknown handler and an unknown event", () => {
  const emitter = new EventEmitter();
  let calls = 0;
  emitter.off("disconnect", () => {});
  emitter.off("message");
  emitter.on("disconnect", () => void calls++);
  emitter.off("disconnect", () => {});
  emitter.emit("disconnect", {});
  assertEquals(calls, 1);
});

Deno.test("a handler added or removed during an event takes effect with the next event", () => {
  const emitter = new EventEmitter();
  const calls: string[] = [];
  const late = () => void calls.push("late");
  const last = () => void calls.push("last");
  emitter.on("disconnect", () => {
    emitter.on("disconnect", late);
    emitter.off("disconnect", last);
  });
  emitter.on("disconnect", last);
  emitter.emit("disconnect", {});
  assertEquals(calls.splice(0), ["last"]);
  emitter.emit("disconnect", {});
  assertEquals(calls, ["late"]);
});

/** Ways in which a handler may fail, and part of the text of the error event. */
const failures: readonly [name: string, fail: () => void | Promise<void>, words: string][] = [
  ["throws an Error", () => {
    throw new Error("boom");
  }, "boom"],
  ["rejects", () => Promise.reject(new Error("later")), "later"],
  ["throws a string", () => {
    throw "text";
  }, "text"],
  ["throws undefined", () => {
    throw undefined;
  }, "undefined"],
  ["throws an object that cannot be printed", () => {
    throw Object.create(null);
  }, "an unprintable value"],
  ["throws an Error whose message throws", () => {
    throw Object.defineProperty(new Error(), "message", {
      get() {
        throw new Error("in the getter");
      },
    });
  }, "an unprintable value"],
];

for (const [name, fail, words] of failures) {
  Deno.test(`a handler that ${name} causes an error event and does not stop the others`, async () => {
    const emitter = new EventEmitter();
    const errors: ErrorEvent[] = [];
    let others = 0;
    emitter.on("user_left", fail);
    emitter.on("user_left", () => void others++);
    emitter.on("error", (event) => void errors.push(event));
    emitter.emit("user_left", left(1));
    await settle();
    assertEquals(others, 1);
    assertEquals(errors.map(({ code }) => code), [500]);
    assertStringIncludes(errors[0]?.error ?? "", 'A handler of "user_left" failed');
    assertStringIncludes(errors[0]?.error ?? "", words);
  });
}

Deno.test("the cause of the error event is what was thrown", () => {
  const emitter = new EventEmitter();
  const thrown = new Error("boom");
  let cause: unknown;
  emitter.on("disconnect", () => {
    throw thrown;
  });
  emitter.on("error", (event) => void (cause = event.cause));
  emitter.emit("disconnect", {});
  assertEquals(cause, thrown);
});

Deno.test("a failing error handler is reported on the console once, and nowhere else", async () => {
  for (const asynchronous of [false, true]) {
    const emitter = new EventEmitter();
    const errors: ErrorEvent[] = [];
    emitter.on("error", () => {
      if (asynchronous) return Promise.reject(new Error("second failure"));
      throw new Error("second failure");
    });
    emitter.on("error", (event) => void errors.push(event));
    const lines = await captureConsole(async () => {
      emitter.emit("error", { error: "first", code: 503 });
      await settle();
    });
    assertEquals(lines.length, 1);
    assertStringIncludes(lines[0] ?? "", 'A handler of "error" failed: second failure');
    assertEquals(errors, [{ error: "first", code: 503 }]);
  }
});

Deno.test("without an error handler, a failing handler is reported on the console once", async () => {
  const emitter = new EventEmitter();
  emitter.on("disconnect", () => {
    throw new Error("boom");
  });
  const lines = await captureConsole(() => emitter.emit("disconnect", {}));
  assertEquals(lines.length, 1);
  assertStringIncludes(lines[0] ?? "", "boom");
});
