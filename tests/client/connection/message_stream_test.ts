import { ClientError, type Message } from "@roomz/roomz/client";
import { assertEquals, assertRejects } from "@std/assert";
import { MAX_BUFFERED, MessageStream } from "../../../client/connection/message_stream.ts";

function message(id: string): Message {
  return {
    id,
    user: { id: "u", email: "e", display_name: null },
    content: "hi",
    timestamp: "t",
    own: false,
    maybeTruncated: false,
    raw: {},
  };
}

function newStream(): { stream: MessageStream; ends: () => number } {
  let ends = 0;
  return { stream: new MessageStream(() => void ends++), ends: () => ends };
}

Deno.test("buffered messages are read in order", async () => {
  const { stream } = newStream();
  for (const id of ["a", "b"]) stream.push(message(id));
  assertEquals((await stream.next()).value?.id, "a");
  assertEquals((await stream.next()).value?.id, "b");
});

Deno.test("waiting readers get the messages in order", async () => {
  const { stream } = newStream();
  const reads = [stream.next(), stream.next()];
  for (const id of ["a", "b"]) stream.push(message(id));
  assertEquals((await Promise.all(reads)).map(({ value }) => value?.id), ["a", "b"]);
});

Deno.test("the end without an error follows the buffered messages, and ends waiting readers", async () => {
  const { stream, ends } = newStream();
  stream.push(message("a"));
  stream.end();
  assertEquals((await stream.next()).value?.id, "a");
  assertEquals(await stream.next(), { done: true, value: undefined });

  const waiting = newStream();
  const reads = [waiting.stream.next(), waiting.stream.next()];
  waiting.stream.end();
  assertEquals((await Promise.all(reads)).map(({ done }) => done), [true, true]);
  assertEquals([ends(), waiting.ends()], [1, 1]);
});

Deno.test("the error follows the buffered messages, once, and then the stream is done", async () => {
  const { stream } = newStream();
  stream.push(message("a"));
  stream.end(new ClientError("gone"));
  assertEquals((await stream.next()).value?.id, "a");
  await assertRejects(() => stream.next(), ClientError, "gone");
  assertEquals(await stream.next(), { done: true, value: undefined });
});

Deno.test("the error rejects every waiting reader", async () => {
  const { stream } = newStream();
  const reads = [stream.next(), stream.next()];
  stream.end(new ClientError("gone"));
  for (const read of reads) await assertRejects(() => read, ClientError, "gone");
});

Deno.test("a reader that falls behind gets 10,000 messages, then an error", async () => {
  const { stream, ends } = newStream();
  for (let i = 0; i <= MAX_BUFFERED + 5; i++) stream.push(message(String(i)));
  assertEquals(ends(), 1, "it no longer listens");
  let read = 0;
  await assertRejects(
    async () => {
      for await (const { id } of stream) {
        assertEquals(id, String(read));
        read++;
      }
    },
    ClientError,
    "10000 messages are waiting to be read",
  );
  assertEquals(read, 10_000);
});

Deno.test("leaving the loop stops listening, and drops the buffered messages", async () => {
  const { stream, ends } = newStream();
  stream.push(message("a"));
  stream.push(message("b"));
  for await (const { id } of stream) {
    assertEquals(id, "a");
    break;
  }
  assertEquals(ends(), 1);
  stream.push(message("c"));
  assertEquals(await stream.next(), { done: true, value: undefined });
});

Deno.test("leaving the loop drops a pending error", async () => {
  const { stream } = newStream();
  stream.end(new ClientError("gone"));
  await stream.return();
  assertEquals(await stream.next(), { done: true, value: undefined });
});
