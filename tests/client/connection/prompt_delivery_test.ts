import { assertEquals } from "@std/assert";
import { PromptDelivery } from "../../../client/connection/prompt_delivery.ts";
import { SocketIoConnection } from "../../../client/connection/socket_io_connection.ts";
import { FakePlatform } from "../support/fake_platform.ts";
import { FakeSocket } from "../support/fake_socket.ts";

const PROMPT = ["5", "5"];

Deno.test("a server that answers is prompted before every large frame", () => {
  const delivery = new PromptDelivery();
  assertEquals(delivery.before(3), PROMPT);
  delivery.answered();
  delivery.answered();
  delivery.acknowledged(3);
  for (const id of [4, 5, 90]) assertEquals(delivery.before(id), PROMPT);
});

Deno.test("a server that does not answer is prompted once", () => {
  const delivery = new PromptDelivery();
  assertEquals(delivery.before(3), PROMPT);
  delivery.acknowledged(3);
  for (const id of [4, 5, 90]) assertEquals(delivery.before(id), []);
});

Deno.test("frames that are sent before it is known are not held back and not prompted", () => {
  const delivery = new PromptDelivery();
  assertEquals(delivery.before(3), PROMPT);
  assertEquals(delivery.before(4), []);
  delivery.answered();
  assertEquals(delivery.before(5), PROMPT);
});

Deno.test("an acknowledgement of an earlier request does not tell that the server is silent", () => {
  const delivery = new PromptDelivery();
  delivery.before(3);
  delivery.acknowledged(1);
  delivery.acknowledged(2);
  delivery.answered();
  assertEquals(delivery.before(4), PROMPT);
});

Deno.test("a late answer is an answer", () => {
  const delivery = new PromptDelivery();
  delivery.before(3);
  delivery.acknowledged(3);
  delivery.answered();
  assertEquals(delivery.before(4), PROMPT);
});

/** A ready connection whose WebSocket delays large frames, or not. */
function newConnection(delaysLargeFrames: boolean) {
  const platform = new FakePlatform();
  platform.delaysLargeFrames = delaysLargeFrames;
  const connection = new SocketIoConnection({
    platform,
    url: "ws://roomz.test/",
    cookie: "session_token=a.b.c",
    listener: { ready() {}, ended() {}, skipped() {}, event() {}, acknowledgement() {} },
  });
  const socket = platform.sockets[0] ?? new FakeSocket("", "");
  socket.accept();
  return { connection, socket };
}

/** The length of everything in the frame of request 0 but the content. */
const OVERHEAD = '420["message",{"content":""}]'.length;

for (
  const [name, content, prompted] of [
    ["1,024 bytes", "x".repeat(1_024 - OVERHEAD), false],
    ["1,025 bytes", "x".repeat(1_025 - OVERHEAD), true],
    ["fewer characters of two bytes", "é".repeat(501), true],
    ["characters of three bytes", "漢".repeat(340), true],
    ["characters of four bytes", "😀".repeat(260), true],
    ["as many bytes in few characters", "漢".repeat(331), false],
    ["newlines, which JSON writes in two", "\n".repeat(500), true],
  ] as const
) {
  Deno.test(`whether a frame is large depends on its bytes: ${name}`, () => {
    const { connection, socket } = newConnection(true);
    const before = socket.sent.length;
    connection.send(0, "message", { content });
    const frame = `420["message",${JSON.stringify({ content })}]`;
    assertEquals(socket.sent.slice(before), prompted ? [...PROMPT, frame] : [frame]);
  });
}

Deno.test("nothing is added on a platform that writes large frames at once", () => {
  const { connection, socket } = newConnection(false);
  const before = socket.sent.length;
  connection.send(0, "message", { content: "x".repeat(9_000) });
  assertEquals(socket.sent.length, before + 1);
});

Deno.test("a connection learns from packets 6 and acknowledgements", () => {
  for (const [frame, prompted] of [["6", true], ["430[{}]", false]] as const) {
    const { connection, socket } = newConnection(true);
    connection.send(0, "message", { content: "x".repeat(2_000) });
    socket.deliver(frame);
    const before = socket.sent.length;
    connection.send(1, "message", { content: "x".repeat(2_000) });
    assertEquals(socket.sent.length - before, prompted ? 3 : 1);
  }
});
