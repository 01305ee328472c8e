import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { OrderedQueue, type Turn } from "../../../bot/run/ordered_queue.ts";

Deno.test("tasks with the same key run in order, different keys in parallel", async () => {
  const queue = new OrderedQueue(10);
  const events: string[] = [];
  const gates = new Map<string, () => void>();
  const task = (name: string) => async () => {
    events.push(`${name} begins`);
    await new Promise<void>((resolve) => gates.set(name, resolve));
    events.push(`${name} ends`);
  };
  queue.add("a", task("a1"));
  queue.add("a", task("a2"));
  queue.add("b", task("b1"));
  queue.add(undefined, task("c"));
  assertEquals(events, ["a1 begins", "b1 begins", "c begins"]);
  gates.get("a1")?.();
  while (!gates.has("a2")) await Promise.resolve();
  for (const name of ["b1", "c", "a2"]) gates.get(name)?.();
  await queue.idle();
  assertEquals(events.slice(3), ["a1 ends", "a2 begins", "b1 ends", "c ends", "a2 ends"]);
});

Deno.test("after a task that fails, the next one runs", async () => {
  const queue = new OrderedQueue(10);
  let ran = false;
  queue.add("a", () => Promise.reject(new Error("boom")));
  queue.add("a", () => {
    throw new Error("boom");
  });
  queue.add("a", async () => {
    ran = await Promise.resolve(true);
  });
  await queue.idle();
  assertEquals([ran, queue.pending], [true, 0]);
});

Deno.test("a task that yields still counts, lets others run, and continues when its turn comes", async () => {
  const queue = new OrderedQueue(10);
  const events: string[] = [];
  const answer = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  queue.add("a", async (turn) => {
    events.push("asks");
    turn.yieldTurn();
    turn.yieldTurn();
    await answer.promise;
    // Twice, like a task with two parallel questions.
    await Promise.all([turn.rejoin(), turn.rejoin()]);
    events.push("goes on");
  });
  queue.add("a", async () => {
    events.push("next begins");
    await gate.promise;
    events.push("next ends");
  });
  while (events.length < 2) await Promise.resolve();
  answer.resolve();
  await Promise.resolve();
  queue.add("a", () => Promise.resolve(void events.push("last")));
  assertEquals([events.join(", "), queue.pending], ["asks, next begins", 3]);
  gate.resolve();
  await queue.idle();
  assertEquals(events, ["asks", "next begins", "next ends", "goes on", "last"]);
});

Deno.test("without a key, yielding and rejoining have no effect", async () => {
  const queue = new OrderedQueue(1);
  let ended = false;
  queue.add(undefined, async (turn) => {
    turn.yieldTurn();
    await turn.rejoin();
    ended = true;
  });
  await queue.idle();
  assertEquals(ended, true);
});

Deno.test("a full queue refuses tasks until there is space", async () => {
  const queue = new OrderedQueue(2);
  const gate = Promise.withResolvers<void>();
  assertEquals([1, 2, 3].map(() => queue.add("a", () => gate.promise)), [true, true, false]);
  assertEquals(queue.pending, 2);
  gate.resolve();
  await queue.idle();
  assertEquals(queue.add("a", () => Promise.resolve()), true);
  await queue.idle();
});

/** Waits for this many turns of the microtask queue. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}

interface Move {
  readonly after: number;
  readonly move: keyof Turn;
}

Deno.test("whatever tasks do with their turns, no task is blocked forever", async () => {
  const move = fc.constantFrom<keyof Turn>("yieldTurn", "rejoin");
  const moves = fc.array(fc.record({ after: fc.nat(6), move }), { maxLength: 4 });
  const task = fc.record({ work: fc.nat(6), own: moves, leftBehind: moves });
  const make = async (turn: Turn, list: readonly Move[]) => {
    for (const { after, move } of list) {
      await turns(after);
      await turn[move]();
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.array(task, { maxLength: 8 }), async (tasks) => {
      let waiting = 0;
      const watch = { enter: () => void waiting++, leave: () => void waiting-- };
      const queue = new OrderedQueue(tasks.length + 1, watch);
      const events: string[] = [];
      for (const [index, { work, own, leftBehind }] of tasks.entries()) {
        queue.add("a", async (turn) => {
          events.push(`${index} works`);
          await turns(work);
          events.push(`${index} has worked`);
          void make(turn, leftBehind);
          await make(turn, own);
        });
      }
      // Much longer than all tasks take: any task left by then is blocked.
      await turns(1_000);
      const inOrder = tasks.flatMap((_, index) => [`${index} works`, `${index} has worked`]);
      assertEquals([events, queue.pending, waiting], [inOrder, 0, 0]);
      queue.add("a", () => Promise.resolve(void events.push("last")));
      assertEquals(events.at(-1), "last");
    }),
    { seed: 7, numRuns: 2_000 },
  );
});
