/**
 * `AsyncClient` on the real platform: real sockets and real time. What it does with a connection is
 * tested in `connection/`, with sessions in `auth/`, with events in `base/events_test.ts`.
 * @module
 */
import { AsyncClient, AuthenticationError, ConnectionError } from "@roomz/roomz/client";
import { assertEquals, assertRejects } from "@std/assert";
import { sessionJwt } from "./support/session_jwt.ts";
import { startSmallServer } from "./support/small_server.ts";

Deno.test("open() returns a connected client, and the end of the block disconnects it", async () => {
  await using server = startSmallServer();
  let client: AsyncClient;
  {
    await using opened = await AsyncClient.open(server.url, sessionJwt());
    client = opened;
    assertEquals(client.connected, true);
    const message = client.waitFor("message");
    const result = await client.send("Hello <b>");
    assertEquals(result.status, "ok");
    const { content, own } = await message;
    assertEquals([content, own], ["Hello <b>", true]);
  }
  assertEquals([client.connected, client.connectionState], [false, "disconnected"]);
  assertEquals(server.cookies, [`session_token=${sessionJwt()}`]);
});

Deno.test("a block that throws disconnects its client as well", async () => {
  await using server = startSmallServer();
  let client: AsyncClient | undefined;
  await assertRejects(
    async () => {
      await using opened = await AsyncClient.open(server.url, sessionJwt());
      client = opened;
      throw new Error("in the block");
    },
    Error,
    "in the block",
  );
  assertEquals(client?.connectionState, "disconnected");
});

Deno.test("open() throws what connect() throws", async () => {
  await using server = startSmallServer();
  await assertRejects(() => AsyncClient.open(server.url), AuthenticationError, "login(email)");
  await assertRejects(() => AsyncClient.open(server.url, "wrong"), AuthenticationError);
});

Deno.test("a port where nothing listens is a ConnectionError that names it", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}`;
  listener.close();
  const client = new AsyncClient(url, sessionJwt());
  await assertRejects(() => client.connect(), ConnectionError, url);
  await assertRejects(() => client.login("me@example.com"), ConnectionError, url);
});
