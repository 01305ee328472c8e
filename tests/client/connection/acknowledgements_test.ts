import { assertEquals } from "@std/assert";
import {
  Acknowledgements,
  LATE_ACK_WINDOW,
  type RequestEnd,
} from "../../../client/connection/acknowledgements.ts";
import { FakePlatform } from "../support/fake_platform.ts";

function newAcknowledgements() {
  const platform = new FakePlatform();
  const acknowledgements = new Acknowledgements(platform);
  const ends: [id: number, end: string][] = [];
  const open = (timeout = 5_000) => {
    const id: number = acknowledgements.open(timeout, (end: RequestEnd) => {
      ends.push([id, typeof end === "string" ? end : `ack ${end.join()}`]);
    });
    return id;
  };
  return { platform, acknowledgements, ends, open };
}

Deno.test("an acknowledgement settles its request and no other", () => {
  const { acknowledgements, ends, open } = newAcknowledgements();
  const [first, second] = [open(), open()];
  assertEquals(acknowledgements.acknowledge(second, ["b"]), true);
  assertEquals(acknowledgements.acknowledge(first, ["a"]), true);
  assertEquals(ends, [[second, "ack b"], [first, "ack a"]]);
});

Deno.test("an unknown or repeated acknowledgement is ignored", () => {
  const { acknowledgements, ends, open } = newAcknowledgements();
  const id = open();
  assertEquals(acknowledgements.acknowledge(id + 1, []), false);
  assertEquals(acknowledgements.acknowledge(id, ["a"]), true);
  assertEquals(acknowledgements.acknowledge(id, ["again"]), false);
  assertEquals(acknowledgements.acknowledge(Number.MAX_SAFE_INTEGER, []), false);
  assertEquals(ends, [[id, "ack a"]]);
});

Deno.test("a refused request is settled as too large, and is not waited for", () => {
  const { acknowledgements, ends, open } = newAcknowledgements();
  const id = open();
  acknowledgements.refuse(id);
  acknowledgements.refuse(id);
  assertEquals(ends, [[id, "too_large"]]);
  assertEquals(acknowledgements.oldest > acknowledgements.newest, true);
});

Deno.test("each request has its own timeout, whatever the order of the timeouts", async () => {
  const { platform, acknowledgements, ends, open } = newAcknowledgements();
  const [slow, quick] = [open(5_000), open(1_000)];
  await platform.advance(999);
  assertEquals(ends, []);
  await platform.advance(1);
  assertEquals(ends, [[quick, "timeout"]]);
  await platform.advance(4_000);
  assertEquals(ends, [[quick, "timeout"], [slow, "timeout"]]);
  acknowledgements.loseAll();
});

Deno.test("a request with an infinite timeout does not time out", async () => {
  const { platform, acknowledgements, ends, open } = newAcknowledgements();
  const id = open(Infinity);
  await platform.advance(1e9);
  acknowledgements.acknowledge(id, []);
  assertEquals(ends, [[id, "ack "]]);
});

Deno.test("a late acknowledgement is recognised, but settles nothing a second time", async () => {
  const { platform, acknowledgements, ends, open } = newAcknowledgements();
  const id = open(1_000);
  await platform.advance(1_000 + LATE_ACK_WINDOW - 1);
  assertEquals(acknowledgements.acknowledge(id, ["late"]), true);
  assertEquals(ends, [[id, "timeout"]]);
});

Deno.test("onAcknowledged is called before settle, and for a late acknowledgement as well", async () => {
  const { platform, acknowledgements } = newAcknowledgements();
  const calls: string[] = [];
  const open = () =>
    acknowledgements.open(
      1_000,
      (end) => void calls.push(typeof end === "string" ? end : "ack"),
      ([name]) => void calls.push(`ack ${name}`),
    );
  acknowledgements.acknowledge(open(), ["prompt"]);
  const id = open();
  await platform.advance(1_000);
  acknowledgements.acknowledge(id, ["late"]);
  assertEquals(calls, ["ack prompt", "ack", "timeout", "ack late"]);
});

Deno.test("an acknowledgement that is too late is not recognised, and nothing is kept for it", async () => {
  const { platform, acknowledgements, ends, open } = newAcknowledgements();
  const id = open(1_000);
  await platform.advance(1_000 + LATE_ACK_WINDOW);
  assertEquals(acknowledgements.acknowledge(id, ["late"]), false);
  assertEquals(ends, [[id, "timeout"]]);
  assertEquals(platform.clock.timers, 0);
});

Deno.test("an abandoned request is never settled, but its acknowledgement is recognised", async () => {
  const { platform, acknowledgements, ends, open } = newAcknowledgements();
  const [first, second] = [open(), open()];
  acknowledgements.abandon(first);
  acknowledgements.abandon(first);
  acknowledgements.abandon(99);
  await platform.advance(10);
  assertEquals(acknowledgements.acknowledge(first, ["late"]), true);
  assertEquals(acknowledgements.acknowledge(second, ["b"]), true);
  assertEquals(ends, [[second, "ack b"]]);
});

Deno.test("an acknowledgement rules out those of earlier abandoned requests", () => {
  const { acknowledgements, open } = newAcknowledgements();
  const [before, acknowledged, after] = [open(), open(), open()];
  acknowledgements.abandon(before);
  acknowledgements.abandon(after);
  acknowledgements.acknowledge(acknowledged, []);
  assertEquals(acknowledgements.acknowledge(before, ["out of order"]), false);
  assertEquals(acknowledgements.acknowledge(after, ["late"]), true);
});

Deno.test("a lost connection settles every waiting request once, and no abandoned one", async () => {
  const { platform, acknowledgements, ends, open } = newAcknowledgements();
  const [timedOut, waiting, abandoned] = [open(1), open(), open()];
  await platform.advance(1);
  acknowledgements.abandon(abandoned);
  acknowledgements.loseAll();
  acknowledgements.loseAll();
  acknowledgements.acknowledge(waiting, ["after the end"]);
  assertEquals(ends, [[timedOut, "timeout"], [waiting, "lost"]]);
  assertEquals(platform.clock.timers, 0);
});

Deno.test("the oldest request that may still be acknowledged is known", async () => {
  const { platform, acknowledgements, open } = newAcknowledgements();
  assertEquals([acknowledgements.oldest, acknowledgements.newest], [0, -1]);
  const ids = [open(), open(1), open()];
  assertEquals([acknowledgements.oldest, acknowledgements.newest], [0, 2]);
  acknowledgements.acknowledge(ids[0] ?? -1, []);
  assertEquals(acknowledgements.oldest, 1);
  await platform.advance(1);
  assertEquals(acknowledgements.oldest, 1, "a late acknowledgement may still arrive");
  acknowledgements.acknowledge(ids[2] ?? -1, []);
  assertEquals(acknowledgements.oldest, 3, "the server acknowledges in order");
});

Deno.test("thousands of requests, acknowledged in any order, are each settled once", () => {
  const { acknowledgements, ends, open } = newAcknowledgements();
  const pending = [open()]; // The first one stays pending to the end.
  const expected: string[] = [];
  let seed = 7;
  for (let i = 1; i < 5_000; i++) {
    pending.push(open());
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    // Mostly one in, one out; from time to time all but the first.
    for (let left = seed % 500 === 0 ? pending.length - 1 : seed % 3; left > 0; left--) {
      if (pending.length === 1) break;
      const [id = -1] = pending.splice(1 + seed % (pending.length - 1), 1);
      assertEquals(acknowledgements.acknowledge(id, [id]), true);
      assertEquals(acknowledgements.acknowledge(id, [id]), false);
      expected.push(`ack ${id}`);
    }
    assertEquals(acknowledgements.oldest, 0);
  }
  assertEquals(ends.map(([, end]) => end), expected);
  assertEquals(acknowledgements.acknowledge(0, ["last"]), true);
  acknowledgements.loseAll();
  assertEquals(ends.slice(expected.length), [
    [0, "ack last"],
    ...pending.slice(1).map((id): [number, string] => [id, "lost"]),
  ]);
  assertEquals(acknowledgements.acknowledge(open(), ["next"]), true);
});

Deno.test("a thousand requests share one timer", () => {
  const { platform, acknowledgements, open } = newAcknowledgements();
  for (let i = 0; i < 1_000; i++) open();
  assertEquals(platform.clock.timers, 1);
  acknowledgements.loseAll();
  assertEquals(platform.clock.timers, 0);
});
