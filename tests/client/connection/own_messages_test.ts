import { assertEquals } from "@std/assert";
import { EventEmitter } from "../../../client/base/event_emitter.ts";
import { Acknowledgements } from "../../../client/connection/acknowledgements.ts";
import { OWN_WAIT, OwnMessageCheck } from "../../../client/connection/own_messages.ts";
import { FakePlatform } from "../support/fake_platform.ts";
import { TIMESTAMP, USER } from "../support/fake_socket.ts";

/** What reaches the handlers: the id and `own` of a message, or the name of another event. */
type Delivered = [id: string, own: boolean | undefined] | string;

function newCheck() {
  const platform = new FakePlatform();
  const acknowledgements = new Acknowledgements(platform);
  const delivered: Delivered[] = [];
  const emitter = new EventEmitter();
  emitter.on("message", ({ id, own }) => void delivered.push([id, own]));
  const check = new OwnMessageCheck(platform, acknowledgements, emitter);
  return {
    platform,
    check,
    delivered,
    send: (timeout = 5_000) => acknowledgements.open(timeout, () => {}),
    message: (id: string) =>
      check.message({
        id,
        user: USER,
        content: "hi",
        timestamp: TIMESTAMP,
        own: undefined,
        maybeTruncated: false,
        raw: {},
      }),
    other: (name: string) => check.otherEvent(() => void delivered.push(name)),
    answer: (id: number, messageId?: string) => {
      if (messageId !== undefined) check.accepted(messageId);
      acknowledgements.acknowledge(id, []);
      check.flush();
    },
  };
}

Deno.test("with nothing pending, events are delivered at once, and no message is own", () => {
  const { check, delivered, message, other } = newCheck();
  message("a");
  other("joined");
  message("b");
  assertEquals(delivered, [["a", false], "joined", ["b", false]]);
  check.end();
});

Deno.test("a message waits for the acknowledgement that may name it", () => {
  const { check, delivered, send, message, answer } = newCheck();
  const id = send();
  message("mine");
  assertEquals(delivered, []);
  answer(id, "mine");
  assertEquals(delivered, [["mine", true]]);
  check.end();
});

Deno.test("waiting events are delivered in the order of their arrival", () => {
  const { check, delivered, send, message, other, answer } = newCheck();
  const [first, second] = [send(), send()];
  message("other's");
  message("one");
  other("joined");
  message("two");
  message("later");
  answer(first, "one");
  assertEquals(delivered, [], "the second acknowledgement may name the first message");
  answer(second, "two");
  assertEquals(delivered, [["other's", false], ["one", true], "joined", ["two", true], [
    "later",
    false,
  ]]);
  check.end();
});

Deno.test("a request made after a message arrived cannot have caused it", () => {
  const { check, delivered, send, message, answer } = newCheck();
  const first = send();
  message("a");
  send();
  answer(first, "other");
  assertEquals(delivered, [["a", false]]);
  check.end();
});

Deno.test("an acknowledgement may come before its message", () => {
  const { check, delivered, send, message, answer } = newCheck();
  answer(send(), "mine");
  message("other's");
  message("mine");
  message("mine");
  assertEquals(delivered, [["other's", false], ["mine", true], ["mine", false]]);
  check.end();
});

Deno.test("a refusal means that no message is own", () => {
  const { check, delivered, send, message, answer } = newCheck();
  const id = send();
  message("a");
  answer(id);
  assertEquals(delivered, [["a", false]]);
  check.end();
});

Deno.test("a message whose acknowledgement does not arrive is delivered after a bounded time, undecided", async () => {
  const { platform, check, delivered, send, message, other } = newCheck();
  send();
  message("a");
  await platform.advance(OWN_WAIT);
  message("b");
  other("left");
  await platform.advance(OWN_WAIT - 1);
  assertEquals(delivered, []);
  await platform.advance(1);
  assertEquals(delivered, [["a", undefined]]);
  await platform.advance(OWN_WAIT);
  assertEquals(delivered, [["a", undefined], ["b", undefined], "left"]);
  check.end();
});

Deno.test("a message waits between one and two times OWN_WAIT, whenever it arrives", async () => {
  for (const start of [0, 1, OWN_WAIT / 2, OWN_WAIT - 1]) {
    const { platform, check, delivered, send, message, answer } = newCheck();
    const first = send();
    message("first");
    answer(first, "first");
    delivered.length = 0;
    await platform.advance(start);
    send();
    message("a");
    await platform.advance(OWN_WAIT - 1);
    assertEquals(delivered, [], `${start} ms into the timer's period`);
    await platform.advance(OWN_WAIT + 1);
    assertEquals(delivered, [["a", undefined]], `${start} ms into the timer's period`);
    check.end();
  }
});

Deno.test("end() delivers all waiting events, undecided, and forgets everything", async () => {
  const { platform, check, delivered, send, message, other } = newCheck();
  send();
  message("a");
  other("left");
  check.end();
  assertEquals(delivered, [["a", undefined], "left"]);
  await platform.advance(OWN_WAIT * 2);
  assertEquals(delivered.length, 2);
});

Deno.test("end() during a delivery delivers the rest in order, once", () => {
  const platform = new FakePlatform();
  const acknowledgements = new Acknowledgements(platform);
  const delivered: string[] = [];
  const emitter = new EventEmitter();
  const check = new OwnMessageCheck(platform, acknowledgements, emitter);
  emitter.on("message", ({ id }) => {
    delivered.push(id);
    if (id === "a") check.end();
  });
  const request = acknowledgements.open(5_000, () => {});
  for (const id of ["a", "b", "c"]) {
    check.message({
      id,
      user: USER,
      content: "hi",
      timestamp: TIMESTAMP,
      own: undefined,
      maybeTruncated: false,
      raw: {},
    });
  }
  acknowledgements.acknowledge(request, []);
  check.flush();
  assertEquals(delivered, ["a", "b", "c"]);
  acknowledgements.loseAll();
});

Deno.test("no acknowledgement is forgotten while a message waits, however many arrive", () => {
  const { check, delivered, send, message, answer } = newCheck();
  const ids = Array.from({ length: 1_000 }, () => send());
  message("other's");
  for (const id of ids) message(`m${id}`);
  for (const id of ids) answer(id, `m${id}`);
  assertEquals(delivered, [["other's", false], ...ids.map((id): Delivered => [`m${id}`, true])]);
  check.end();
});

Deno.test("a queue that is never empty keeps order and ownership", () => {
  const { check, delivered, send, message, answer } = newCheck();
  const expected: Delivered[] = [];
  let pending = send();
  for (let i = 0; i < 5_000; i++) {
    message(`other ${i}`);
    message(`mine ${i}`);
    const next = send();
    // Whatever arrives after `next` was sent waits for it: the queue never becomes empty.
    message(`more ${i}`);
    answer(pending, `mine ${i}`);
    pending = next;
    expected.push([`other ${i}`, false], [`mine ${i}`, true], [`more ${i}`, false]);
  }
  answer(pending);
  assertEquals(delivered, expected);
  check.end();
});

Deno.test("the newest 256 acknowledgements without a message are kept", () => {
  const { check, delivered, send, message, answer } = newCheck();
  for (let i = 0; i < 300; i++) answer(send(), `m${i}`);
  message("m0");
  message("m43");
  message("m44");
  message("m299");
  assertEquals(delivered, [["m0", false], ["m43", false], ["m44", true], ["m299", true]]);
  check.end();
});
