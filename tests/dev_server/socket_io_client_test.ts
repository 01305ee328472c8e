/**
 * The official Socket.IO client on every transport. These tests are not checked for leaks, because the
 * client leaves timers behind when one of its polling requests is cut off.
 * @module
 */
import { createDevServer, type DevServer } from "@roomz/roomz/dev-server";
import { assertEquals } from "@std/assert";
import { io, type Socket } from "socket.io-client";

const ADA = "ada@example.com";

function startServer(): Promise<DevServer> {
  return createDevServer({ port: 0, allowedEmails: [ADA] });
}

/** Connects with `socket.io-client` and waits until it is accepted or refused. */
async function connect(
  server: DevServer,
  session: string,
  transports: string[],
): Promise<{ readonly socket: Socket; readonly refusal: Error | undefined }> {
  const socket = io(server.url, {
    transports,
    reconnection: false,
    forceNew: true,
    extraHeaders: { cookie: `session_token=${session}` },
  });
  const refusal = await new Promise<Error | undefined>((resolve) => {
    socket.once("connect", () => resolve(undefined));
    socket.once("connect_error", resolve);
  });
  return { socket, refusal };
}

for (const transport of ["polling", "websocket"]) {
  Deno.test(`socket.io-client chats over ${transport}`, async () => {
    await using server = await startServer();
    const session = await server.mintSession(ADA);
    const { socket } = await connect(server, session, [transport]);
    const received = new Promise((resolve) => socket.once("message", resolve));
    const ack = await socket.emitWithAck("message", { content: "hello" });
    assertEquals(ack.status, "ok");
    assertEquals(await received, {
      id: ack.message_id,
      user: { id: `user:${ADA}`, email: ADA, display_name: null },
      content: "hello",
      timestamp: ack.timestamp,
    });
    assertEquals(socket.io.engine.transport.name, transport);
    const gone = new Promise((resolve) => socket.once("disconnect", resolve));
    await server.close();
    await gone;
  });

  Deno.test(`socket.io-client receives a refusal over ${transport}`, async () => {
    await using server = await startServer();
    const { socket, refusal } = await connect(server, "wrong", [transport]);
    assertEquals(refusal?.message, "Connection rejected by server");
    socket.disconnect();
  });
}

Deno.test(
  "socket.io-client upgrades from polling to WebSocket in the same session",
  async () => {
    await using server = await startServer();
    const session = await server.mintSession(ADA);
    const { socket } = await connect(server, session, ["polling", "websocket"]);
    const { engine } = socket.io;
    if (engine.transport.name !== "websocket") {
      await new Promise((resolve) => engine.once("upgrade", resolve));
    }
    assertEquals(engine.transport.name, "websocket");
    assertEquals(server.connections, 1);
    assertEquals((await socket.emitWithAck("message", { content: "hello" })).status, "ok");
    const gone = new Promise((resolve) => socket.once("disconnect", resolve));
    server.disconnectAll();
    await gone;
    assertEquals(server.connections, 0);
  },
);
