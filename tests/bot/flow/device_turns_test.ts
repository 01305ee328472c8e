import type { RoomContext } from "@roomz/roomz/bot";
import { MemoryStorage } from "@roomz/roomz/bot";
import { assertEquals, assertRejects } from "@std/assert";
import { DeviceTurns } from "../../../bot/flow/device_turns.ts";
import { Records } from "../../../bot/storage/records.ts";

const records = () => new Records(new MemoryStorage(), () => 0);

/** What turns use of a context. */
function contextOf(device: string, signal = new AbortController().signal): RoomContext {
  const user = { id: "user:me@example.com", email: "me@example.com", display_name: device };
  return { user, signal } as RoomContext;
}

/** Starts a task that logs its start, and ends when the test says so. */
function start(turns: DeviceTurns, log: string[], name: string, ctx: RoomContext, of: Records) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const result = turns.run(ctx, of, () => {
    log.push(name);
    return promise;
  });
  return { result, end: () => resolve(name), fail: () => reject(new Error(name)) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("tasks of one device run one after the other, also after a failure", async () => {
  const [turns, log, run] = [new DeviceTurns(), [] as string[], records()];
  const tasks = ["a", "b", "c"].map((name) => start(turns, log, name, contextOf("phone"), run));
  await settled();
  assertEquals(log, ["a"]);
  tasks[0]?.fail();
  await assertRejects(() => tasks[0]?.result ?? Promise.resolve(), Error, "a");
  await settled();
  assertEquals(log, ["a", "b"]);
  tasks[1]?.end();
  tasks[2]?.end();
  assertEquals(await Promise.all(tasks.slice(1).map(({ result }) => result)), ["b", "c"]);
});

Deno.test("tasks of other devices and of other runs do not wait", async () => {
  const [turns, log, run] = [new DeviceTurns(), [] as string[], records()];
  const tasks = [
    start(turns, log, "phone", contextOf("phone"), run),
    start(turns, log, "laptop", contextOf("laptop"), run),
    start(turns, log, "phone of another run", contextOf("phone"), records()),
  ];
  await settled();
  assertEquals(log, ["phone", "laptop", "phone of another run"]);
  for (const { end, result } of tasks) {
    end();
    await result;
  }
});

Deno.test("a task whose signal has aborted does not hold up the next one", async () => {
  const [turns, log, run] = [new DeviceTurns(), [] as string[], records()];
  const stop = new AbortController();
  start(turns, log, "stuck", contextOf("phone", stop.signal), run);
  const next = start(turns, log, "next", contextOf("phone"), run);
  await settled();
  assertEquals(log, ["stuck"]);
  stop.abort();
  await settled();
  assertEquals(log, ["stuck", "next"]);
  next.end();
  await next.result;
});

Deno.test("nor does one whose signal had aborted before", async () => {
  const [turns, log, run] = [new DeviceTurns(), [] as string[], records()];
  start(turns, log, "stuck", contextOf("phone", AbortSignal.abort()), run);
  const next = start(turns, log, "next", contextOf("phone"), run);
  await settled();
  assertEquals(log, ["stuck", "next"]);
  next.end();
  await next.result;
});
