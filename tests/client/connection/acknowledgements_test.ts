import { assertEquals } from "@std/assert";
import {
  type Acknowledgement,
  Acknowledgements,
  LATE_FOR,
} from "../../../client/connection/acknowledgements.ts";
import { FakePlatform } from "../support/fake_platform.ts";

function newAcknowledgements() {
  const platform = new FakePlatform();
  const acknowledgements = new Acknowledgements(platform);
  const outcomes: [id: number, outcome: string][] = [];
  const open = (timeout = 5_000) => {
    const id: number = acknowledgements.open(timeout, (outcome: Acknowledgement) => {
      const text = outcome.kind === "answer" ? `answer ${outcome.args.join()}` : outcome.kind;
      outcomes.push([id, text]);
    });
    return id;
  };
  return { platform, acknowledgements, outcomes, open };
}

Deno.test("an answer settles its request, and no other", () => {
  const { acknowledgements, outcomes, open } = newAcknowledgements();
  const [first, second] = [open(), open()];
  acknowledgements.answer(second, ["b"]);
  acknowledgements.answer(first, ["a"]);
  assertEquals(outcomes, [[second, "answer b"], [first, "answer a"]]);
});

Deno.test("an unknown or repeated answer is ignored", () => {
  const { acknowledgements, outcomes, open } = newAcknowledgements();
  const id = open();
  acknowledgements.answer(id + 1, []);
  acknowledgements.answer(id, ["a"]);
  acknowledgements.answer(id, ["again"]);
  acknowledgements.answer(Number.MAX_SAFE_INTEGER, []);
  assertEquals(outcomes, [[id, "answer a"]]);
});

Deno.test("each request times out at its own time, whatever the order of their timeouts", async () => {
  const { platform, acknowledgements, outcomes, open } = newAcknowledgements();
  const [slow, quick] = [open(5_000), open(1_000)];
  await platform.advance(999);
  assertEquals(outcomes, []);
  await platform.advance(1);
  assertEquals(outcomes, [[quick, "timeout"]]);
  await platform.advance(4_000);
  assertEquals(outcomes, [[quick, "timeout"], [slow, "timeout"]]);
  acknowledgements.loseAll();
});

Deno.test("a request without limit does not time out", async () => {
  const { platform, acknowledgements, outcomes, open } = newAcknowledgements();
  const id = open(Infinity);
  await platform.advance(1e9);
  acknowledgements.answer(id, []);
  assertEquals(outcomes, [[id, "answer "]]);
});

Deno.test("an answer that comes late is told as well", async () => {
  const { platform, acknowledgements, outcomes, open } = newAcknowledgements();
  const id = open(1_000);
  await platform.advance(1_000 + LATE_FOR - 1);
  acknowledgements.answer(id, ["late"]);
  assertEquals(outcomes, [[id, "timeout"], [id, "answer late"]]);
});

Deno.test("an answer that comes too late is not, and nothing of the request is kept", async () => {
  const { platform, acknowledgements, outcomes, open } = newAcknowledgements();
  const id = open(1_000);
  await platform.advance(1_000 + LATE_FOR);
  acknowledgements.answer(id, ["late"]);
  assertEquals(outcomes, [[id, "timeout"]]);
  assertEquals(platform.clock.timers, 0);
});

Deno.test("a request that was given up is settled by its late answer alone", async () => {
  const { platform, acknowledgements, outcomes, open } = newAcknowledgements();
  const [first, second] = [open(), open()];
  acknowledgements.giveUp(first);
  acknowledgements.giveUp(first);
  acknowledgements.giveUp(99);
  await platform.advance(10);
  assertEquals(outcomes, []);
  acknowledgements.answer(first, ["late"]);
  acknowledgements.answer(second, ["b"]);
  assertEquals(outcomes, [[first, "answer late"], [second, "answer b"]]);
});

Deno.test("of requests that were given up, only those before an answered one are past answering", () => {
  const { acknowledgements, outcomes, open } = newAcknowledgements();
  const [before, answered, after] = [open(), open(), open()];
  acknowledgements.giveUp(before);
  acknowledgements.giveUp(after);
  acknowledgements.answer(answered, []);
  acknowledgements.answer(before, ["out of order"]);
  acknowledgements.answer(after, ["late"]);
  assertEquals(outcomes, [[answered, "answer "], [after, "answer late"]]);
});

Deno.test("losing the connection settles all that wait, once, and none that was given up", async () => {
  const { platform, acknowledgements, outcomes, open } = newAcknowledgements();
  const [timedOut, waiting, given] = [open(1), open(), open()];
  await platform.advance(1);
  acknowledgements.giveUp(given);
  acknowledgements.loseAll();
  acknowledgements.loseAll();
  acknowledgements.answer(waiting, ["after the end"]);
  assertEquals(outcomes, [[timedOut, "timeout"], [waiting, "lost"]]);
  assertEquals(platform.clock.timers, 0);
});

Deno.test("the oldest request whose answer may come is known", async () => {
  const { platform, acknowledgements, open } = newAcknowledgements();
  assertEquals([acknowledgements.oldest, acknowledgements.newest], [0, -1]);
  const ids = [open(), open(1), open()];
  assertEquals([acknowledgements.oldest, acknowledgements.newest], [0, 2]);
  acknowledgements.answer(ids[0] ?? -1, []);
  assertEquals(acknowledgements.oldest, 1);
  await platform.advance(1);
  assertEquals(acknowledgements.oldest, 1, "a late answer may still come");
  acknowledgements.answer(ids[2] ?? -1, []);
  assertEquals(acknowledgements.oldest, 3, "the server answers in order: it does not come");
});

Deno.test("a thousand requests have one timer", () => {
  const { platform, acknowledgements, open } = newAcknowledgements();
  for (let i = 0; i < 1_000; i++) open();
  assertEquals(platform.clock.timers, 1);
  acknowledgements.loseAll();
  assertEquals(platform.clock.timers, 0);
});
