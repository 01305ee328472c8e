/**
 * Starting and stopping: what is counted, dropped, freed and left behind.
 * @module
 */
import { createDevServer, type DevServer } from "@roomz/roomz/dev-server";
import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { leakChecked } from "./support/leak_checked.ts";
import { RawClient } from "../support/raw_client.ts";
import { join } from "./support/join.ts";

function startServer(port = 0): Promise<DevServer> {
  return createDevServer({ port, allowedEmails: "*" });
}

/** Far more than `close` may take, and far less than a peer's own timeouts. */
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

leakChecked("a server listens on this machine only and knows its port", async () => {
  await using server = await startServer();
  assert(server.port > 0);
  assertEquals(server.url, `http://127.0.0.1:${server.port}`);
});

leakChecked("the address of a server on all addresses is one that can be reached", async () => {
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

leakChecked("a server that was used leaves nothing behind when it closes", async () => {
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

leakChecked("closing again waits for the same end", async () => {
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

leakChecked("a closed server's port can be used again at once", async () => {
  const server = await startServer();
  await using client = await join(server);
  await server.close();
  await client.closed;
  await using again = await startServer(server.port);
  assertStrictEquals(again.port, server.port);
});

leakChecked("a peer that never answers does not hold up the end", async () => {
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

leakChecked("unfinished and idle requests do not hold up the end", async () => {
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

leakChecked("disconnectAll drops every connection, and all of them may come back", async () => {
  await using server = await startServer();
  // One after the other: a join of the same account meanwhile would be in the frames that join() reads.
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

leakChecked("a server shows no secret when it is printed", async () => {
  const jwtSecret = "a secret of at least 32 characters";
  await using server = await createDevServer({ port: 0, allowedEmails: "*", jwtSecret });
  const shown = Deno.inspect(server, { depth: 20, showHidden: true });
  assertEquals(shown.includes(jwtSecret), false);
});
