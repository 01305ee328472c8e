/**
 * `waitFor()` and `messages()`.
 * @module
 */
import { ClientError, ConnectionError } from "@roomz/roomz/client";
import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { settle } from "../../../testing/virtual_clock.ts";
import { connectedClient, newClient } from "../support/connected_client.ts";

Deno.test("waitFor() resolves to the next event, and only that", async () => {
  const { client, socket } = await connectedClient();
  const waiting = client.waitFor("message");
  socket.message("m1");
  socket.message("m2");
  assertEquals((await waiting).id, "m1");
});

Deno.test("waitFor() listens from the call on, even before connecting", async () => {
  const { client, platform } = newClient();
  const waiting = client.waitFor("authenticated");
  const connecting = client.connect();
  (await platform.nextSocket()).accept();
  await connecting;
  assertEquals((await waiting).user.email, "me@example.com");
});

Deno.test("waitFor() survives a reconnection", async () => {
  const { client, platform, socket } = await connectedClient();
  const waiting = client.waitFor("message");
  socket.drop();
  const next = await platform.advanceToNextSocket();
  next.accept();
  next.message("m1");
  assertEquals((await waiting).id, "m1");
});

Deno.test("waitFor() rejects after its timeout with an error that names the event", async () => {
  const { client, platform } = await connectedClient();
  const waiting = client.waitFor("user_joined", { timeout: 3_000 });
  waiting.catch(() => {});
  await platform.advance(3_000);
  await assertRejects(() => waiting, ConnectionError, 'No "user_joined" event within 3000 ms');
});

Deno.test("waitFor() rejects with the signal's reason, even if it aborted before", async () => {
  const { client } = await connectedClient();
  const controller = new AbortController();
  const waiting = client.waitFor("message", { signal: controller.signal, timeout: 3_000 });
  const reason = new Error("enough");
  controller.abort(reason);
  assertStrictEquals(await waiting.catch((error: unknown) => error), reason);
  const late = client.waitFor("message", { signal: controller.signal });
  assertStrictEquals(await late.catch((error: unknown) => error), reason);
});

Deno.test("waitFor() leaves no timer behind, however it ends", async () => {
  const { client, platform, socket } = await connectedClient();
  await platform.advance(1_000);
  const before = platform.clock.timers;
  const controller = new AbortController();
  const timeout = 500;
  const came = client.waitFor("message", { timeout });
  const aborted = client.waitFor("message", { timeout, signal: controller.signal });
  aborted.catch(() => {});
  controller.abort();
  assertEquals(platform.clock.timers, before + 1);
  socket.message("m1");
  await came;
  assertEquals(platform.clock.timers, before + 1, "the client's own timer");
  await platform.advance(100);
  assertEquals(platform.clock.timers, before);
});

/** A signal that counts its listeners. */
function countedSignal(): { signal: AbortSignal; listeners: () => number } {
  const { signal } = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners++;
    addEventListener.apply(signal, args);
  };
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners--;
    removeEventListener.apply(signal, args);
  };
  return { signal, listeners: () => listeners };
}

Deno.test("whatever has ended no longer listens to its signal", async () => {
  const { client, platform, socket } = await connectedClient();
  const { signal, listeners } = countedSignal();
  const event = client.waitFor("message", { signal });
  const late = client.waitFor("user_joined", { signal, timeout: 100 });
  late.catch(() => {});
  const messages = client.messages({ signal });
  const sending = client.send("hi", { signal });
  assertEquals(listeners(), 4);
  socket.answerSent(0, "m0");
  socket.message("m1");
  await Promise.all([event, sending]);
  await platform.advance(100);
  for await (const _ of messages) break;
  assertEquals(listeners(), 0);
});

Deno.test("messages() yields every message in order, own ones included", async () => {
  const { client, socket } = await connectedClient();
  const messages = client.messages();
  void client.send("hi");
  socket.message("m1");
  socket.answerSent(0, "m1");
  socket.message("m2");
  const read: [string, boolean | undefined][] = [];
  for await (const { id, own } of messages) {
    if (read.push([id, own]) === 2) break;
  }
  assertEquals(read, [["m1", true], ["m2", false]]);
});

Deno.test("messages() listens from the call on, not from the first next()", async () => {
  const { client, socket } = await connectedClient();
  const messages = client.messages();
  socket.message("m1");
  await settle();
  assertEquals((await messages.next()).value?.id, "m1");
});

Deno.test("messages() continues through a reconnection", async () => {
  const { client, platform, socket } = await connectedClient();
  const messages = client.messages();
  socket.message("m1");
  socket.drop();
  const next = await platform.advanceToNextSocket();
  next.accept();
  next.message("m2");
  assertEquals((await messages.next()).value?.id, "m1");
  assertEquals((await messages.next()).value?.id, "m2");
});

Deno.test("messages() ends without an error on disconnect() and on the signal", async () => {
  const { client } = await connectedClient();
  const controller = new AbortController();
  const aborted = client.messages({ signal: controller.signal });
  const next = aborted.next();
  controller.abort();
  assertEquals((await next).done, true);
  assertEquals((await client.messages({ signal: controller.signal }).next()).done, true);
  const left = client.messages();
  await client.disconnect();
  assertEquals((await left.next()).done, true);
});

Deno.test("messages() ends with the error when the client gives up, after the buffered messages", async () => {
  const { client, socket } = await connectedClient({ maxReconnectAttempts: 0 });
  const messages = client.messages();
  socket.message("m1");
  socket.drop(1011);
  await settle();
  assertEquals((await messages.next()).value?.id, "m1");
  await assertRejects(() => messages.next(), ConnectionError, "code 1011");
  assertEquals((await messages.next()).done, true);
});

Deno.test("a reader that falls 10,000 messages behind gets them and then an error", async () => {
  const { client, socket } = await connectedClient();
  const slow = client.messages();
  for (let i = 0; i < 10_001; i++) socket.message(`${i}`);
  let read = 0;
  await assertRejects(
    async () => {
      for await (const _ of slow) read++;
    },
    ClientError,
    "faster",
  );
  assertEquals(read, 10_000);
});

Deno.test("a stream that was left no longer listens", async () => {
  const { client, socket } = await connectedClient();
  const left = client.messages();
  socket.message("m1");
  for await (const _ of left) break;
  // If it were still listening, this many would overflow its buffer.
  for (let i = 0; i < 10_001; i++) socket.message(`${i}`);
  assertEquals(await left.next(), { done: true, value: undefined });
});

Deno.test("each of several streams gets every message", async () => {
  const { client, socket } = await connectedClient();
  const streams = [client.messages(), client.messages()];
  socket.message("m1");
  const read = await Promise.all(streams.map((stream) => stream.next()));
  assertEquals(read.map(({ value }) => value?.id), ["m1", "m1"]);
});
