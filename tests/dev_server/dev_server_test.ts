/**
 * Starting and stopping the server.
 * @module
 */
import { createDevServer, type DevServer } from "@roomz/roomz/dev-server";
import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { RawClient } from "../support/raw_client.ts";
import { join } from "./support/join.ts";
import { leakChecked } from "./support/leak_checked.ts";

function startServer(port = 0): Promise<DevServer> {
  return createDevServer({ port, allowedEmails: "*" });
}

/** Far longer than `close` may take, and far shorter than the timeouts of a peer. */
const BOUND = 5_000;

async function closesInTime(server: DevServer): Promise<void> {
  const start = performance.now();
  await server.close();
  const elapsed = performance.now() - start;
  assert(elapsed < BOUND, `close took ${elapsed} ms`);
}

function write(connection: Deno.Conn, text: string): Promise<number> {
  return connection.write(new TextEncoder().encode(text));
}

leakChecked("by default, a server listens on this machine only", async () => {
  await using server = await startServer();
  assert(server.port > 0);
  assertEquals(server.url, `http://127.0.0.1:${server.port}`);
});

leakChecked("the URL of a server that listens on all addresses is reachable", async () => {
  await using server = await createDevServer({
    port: 0,
    hostname: "0.0.0.0",
    allowedEmails: "*",
  });
  assertEquals(server.url, `http://127.0.0.1:${server.port}`);
  const response = await fetch(server.url);
  await response.body?.cancel();
  assertEquals(response.status, 200);
});

leakChecked("closing the server leaves nothing open", async () => {
  const server = await startServer();
  const response = await fetch(server.url);
  await response.body?.cancel();
  const client = await join(server);
  const waiting = await RawClient.open(server.url, await server.mintSession("ada@example.com"));
  await closesInTime(server);
  for (const { code } of await Promise.all([client.closed, waiting.closed])) {
    assertEquals(code, 1012, "as the service closes when it stops");
  }
  assertEquals(server.connections, 0);
  await assertRejects(() => fetch(server.url), TypeError);
});

leakChecked("a second close waits for the first", async () => {
  const server = await startServer();
  using idle = await Deno.connect({ port: server.port, hostname: "127.0.0.1" });
  await write(idle, "GET / HTTP/1.1\r\n");
  let closed = false;
  const first = server.close().then(() => closed = true);
  await server[Symbol.asyncDispose]();
  assert(closed);
  await first;
  await server.close();
});

leakChecked("the port of a closed server can be reused immediately", async () => {
  const server = await startServer();
  await using client = await join(server);
  await server.close();
  await client.closed;
  await using again = await startServer(server.port);
  assertStrictEquals(again.port, server.port);
});

leakChecked("a peer that never answers does not delay close", async () => {
  const server = await startServer();
  using silent = await Deno.connect({ port: server.port, hostname: "127.0.0.1" });
  await write(
    silent,
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\n" +
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  await silent.read(new Uint8Array(1000));
  await closesInTime(server);
});

leakChecked("unfinished and idle requests do not delay close", async () => {
  const server = await startServer();
  using idle = await Deno.connect({ port: server.port, hostname: "127.0.0.1" });
  using unfinished = await Deno.connect({ port: server.port, hostname: "127.0.0.1" });
  await write(unfinished, "POST /auth/request-magic-link HTTP/1.1\r\nHost: localhost\r\n");
  using keptAlive = await Deno.connect({ port: server.port, hostname: "127.0.0.1" });
  await write(keptAlive, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await keptAlive.read(new Uint8Array(1000));
  await closesInTime(server);
  assertEquals(await idle.read(new Uint8Array(1)), null);
});

leakChecked("disconnectAll cuts every connection off, and clients can reconnect", async () => {
  await using server = await startServer();
  // Sequential, because join() does not expect a user_joined among the frames it reads.
  const clients = [
    await join(server),
    await join(server, "bob@example.com"),
    await join(server, "bob@example.com"),
  ];
  assertEquals(server.connections, 3);
  server.disconnectAll();
  assertEquals(server.connections, 0);
  for (const { code } of await Promise.all(clients.map((client) => client.closed))) {
    // No close frame came. Deno shows that as either code.
    assert(code === 1006 || code === 0, `${code}`);
  }
  // When the network fails, nobody learns that others are gone too.
  const announced = clients.flatMap((client) => client.unread).filter((frame) =>
    frame.includes("user_left")
  );
  assertEquals(announced, []);

  await using back = await join(server);
  assertEquals(server.connections, 1);
  back.emit(0, "message", { content: "back" });
  assertEquals((await back.nextEvent())[1].content, "back");
  await back.nextAck(0);
});

leakChecked("printing a server does not reveal its secret", async () => {
  const jwtSecret = "a secret of at least 32 characters";
  await using server = await createDevServer({ port: 0, allowedEmails: "*", jwtSecret });
  const shown = Deno.inspect(server, { depth: 20, showHidden: true });
  assertEquals(shown.includes(jwtSecret), false);
});
