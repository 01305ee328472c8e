/**
 * `own` of a message, and the order in which messages reach the handlers.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { settle } from "../../../testing/virtual_clock.ts";
import { connectedClient, record } from "../support/connected_client.ts";

Deno.test("a message of another connection is not own, and is delivered at once", async () => {
  const { client, socket } = await connectedClient();
  const messages = record(client, "message");
  socket.message("m1", "hi", "phone");
  assertEquals(messages.map(({ id, own }) => [id, own]), [["m1", false]]);
});

Deno.test("the broadcast of a send is own, once the acknowledgement that names it has arrived", async () => {
  const { client, socket } = await connectedClient();
  const messages = record(client, "message");
  const sending = client.send("hi");
  socket.message("m1");
  assertEquals(messages.length, 0);
  socket.answerSent(0, "m1");
  assertEquals(messages.map(({ own }) => own), [true]);
  await sending;
});

Deno.test("a message of the same text from another connection is not own", async () => {
  const { client, socket } = await connectedClient();
  const messages = record(client, "message");
  void client.send("hi");
  socket.message("theirs", "hi");
  socket.message("mine", "hi");
  socket.answerSent(0, "mine");
  assertEquals(messages.map(({ id, own }) => [id, own]), [["theirs", false], ["mine", true]]);
});

Deno.test("an acknowledgement may come before its broadcast", async () => {
  const { client, socket } = await connectedClient();
  const messages = record(client, "message");
  const sending = client.send("hi");
  socket.answerSent(0, "m1");
  await sending;
  socket.message("theirs");
  socket.message("m1");
  assertEquals(messages.map(({ own }) => own), [false, true]);
});

Deno.test("a text that the server strips and escapes comes back own and unescaped", async () => {
  const { client, socket } = await connectedClient();
  const messages = record(client, "message");
  void client.send('\x1f <b> & "it\'s" \ufeff\x85');
  socket.message("m1", "&lt;b&gt; &amp; &quot;it&#x27;s&quot; \ufeff");
  socket.answerSent(0, "m1");
  assertEquals(messages.map(({ own, content }) => [own, content]), [
    [true, '<b> & "it\'s" \ufeff'],
  ]);
});

Deno.test("300 pipelined sends are distinguished from the messages of others, in order", async () => {
  const { client, socket } = await connectedClient();
  const messages = record(client, "message");
  const sends = Array.from({ length: 300 }, (_, i) => client.send(`${i}`));
  const expected: [string, boolean][] = [];
  for (let i = 0; i < 300; i++) {
    for (let other = 0; other < i % 3; other++) {
      socket.message(`other ${i} ${other}`, "hi");
      expected.push([`other ${i} ${other}`, false]);
    }
    socket.message(`mine ${i}`, `${i}`);
    expected.push([`mine ${i}`, true]);
    // The acknowledgements lag behind, by up to six messages.
    if (i % 7 === 6) { for (let id = i - 6; id <= i; id++) socket.answerSent(id, `mine ${id}`); }
  }
  for (let id = 294; id < 300; id++) socket.answerSent(id, `mine ${id}`);
  await Promise.all(sends);
  assertEquals(messages.map(({ id, own }) => [id, own]), expected);
});

Deno.test("other events keep their place among waiting messages", async () => {
  const { client, socket } = await connectedClient();
  const seen: string[] = [];
  client.on("message", ({ id }) => void seen.push(id));
  client.on("user_left", () => void seen.push("left"));
  client.on("user_joined", () => void seen.push("joined"));
  void client.send("hi");
  socket.message("m1");
  const user = { id: "u", email: "e" };
  socket.emit("user_left", { user, timestamp: "t", remaining_connections: 1 });
  socket.message("m2");
  socket.emit("user_joined", { user, timestamp: "t", total_connections: 2 });
  assertEquals(seen, []);
  socket.answerSent(0, "m2");
  assertEquals(seen, ["m1", "left", "m2", "joined"]);
});

Deno.test("without its acknowledgement a message is delivered within a second, own undefined", async () => {
  const { client, platform, socket } = await connectedClient();
  const messages = record(client, "message");
  const sending = client.send("hi");
  socket.message("m1");
  socket.message("m2");
  await platform.advance(1_000);
  assertEquals(messages.map(({ id, own }) => [id, own]), [["m1", undefined], ["m2", undefined]]);
  await platform.advance(4_000);
  assertEquals((await sending).status, undefined);
});

Deno.test("a late acknowledgement still counts", async () => {
  const { client, platform, socket } = await connectedClient({ ackTimeout: 100 });
  const messages = record(client, "message");
  const sending = client.send("hi");
  await platform.advance(100);
  const result = await sending;
  assert(result.status === undefined && result.code === 408);
  socket.message("m1");
  socket.answerSent(0, "m1");
  assertEquals(messages.map(({ own }) => own), [true]);
});

Deno.test("the acknowledgement of an aborted send still counts", async () => {
  const { client, socket } = await connectedClient();
  const messages = record(client, "message");
  const controller = new AbortController();
  void client.send("hi", { signal: controller.signal });
  controller.abort();
  socket.message("m1");
  socket.answerSent(0, "m1");
  assertEquals(messages.map(({ own }) => own), [true]);
});

Deno.test("an aborted send that is never acknowledged delays nothing after five seconds", async () => {
  const { client, platform, socket } = await connectedClient();
  const messages = record(client, "message");
  const controller = new AbortController();
  void client.send("hi", { signal: controller.signal, timeout: Infinity });
  controller.abort();
  await platform.advance(5_000);
  socket.message("m1");
  assertEquals(messages.map(({ own }) => own), [false]);
});

Deno.test("after a send that the server rejects, nothing waits", async () => {
  const { client, socket } = await connectedClient();
  const messages = record(client, "message");
  void client.send("");
  socket.message("m1");
  socket.answer(0, { error: "empty", code: 400 });
  socket.message("m2");
  assertEquals(messages.map(({ own }) => own), [false, false]);
});

Deno.test("messages that wait when the connection is lost are delivered before disconnect, own undefined", async () => {
  const { client, socket } = await connectedClient();
  const seen: unknown[] = [];
  client.on("message", ({ id, own }) => void seen.push([id, own]));
  client.on("disconnect", () => void seen.push("disconnect"));
  void client.send("hi");
  socket.message("m1");
  socket.drop();
  assertEquals(seen, [["m1", undefined], "disconnect"]);
  await client.disconnect();
});

Deno.test("a handler that answers each message sees its answers as own, in order", async () => {
  const { client, socket } = await connectedClient();
  const seen: [string, boolean | undefined][] = [];
  client.on("message", ({ content, own }) => {
    seen.push([content, own]);
    if (own === false) void client.send(`re: ${content}`);
  });
  socket.message("a", "a");
  socket.message("b", "b");
  socket.message("re a", "re: a");
  socket.answerSent(0, "re a");
  socket.message("re b", "re: b");
  socket.answerSent(1, "re b");
  await settle();
  assertEquals(seen, [["a", false], ["b", false], ["re: a", true], ["re: b", true]]);
});
