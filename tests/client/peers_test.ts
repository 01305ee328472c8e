/**
 * Known problems of other clients, each with the issue that describes it.
 * @module
 */
import { AuthenticationError, ClientError, ConnectionError } from "@roomz/roomz/client";
import { assert, assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { settle } from "../../testing/virtual_clock.ts";
import { captureConsole } from "./support/capture_console.ts";
import { connectedClient, newClient, record } from "./support/connected_client.ts";
import { unauthorizedRoute } from "./support/roomz_routes.ts";
import { sessionJwt } from "./support/session_jwt.ts";

Deno.test("socketio/socket.io#5334: a message whose acknowledgement is lost is not sent again", async () => {
  const { client, platform, socket } = await connectedClient();
  const sending = client.send("once");
  socket.drop();
  const next = await platform.advanceToNextSocket();
  next.accept();
  await settle();
  const result = await sending;
  assert(result.status === undefined);
  assertEquals([result.code, result.delivery], [503, "unknown"]);
  assertEquals([socket.requests.length, next.requests.length], [1, 0]);
});

Deno.test("socketio/socket.io#4964: a pending acknowledgement settles when the connection drops", async () => {
  const { client, socket } = await connectedClient();
  const pending = [
    client.send("hi", { timeout: Infinity }),
    client.setDisplayName("bot"),
  ];
  socket.drop();
  const codes = (await Promise.all(pending)).map((result) => !result.status && result.code);
  assertEquals(codes, [503, 503]);
  await client.disconnect();
});

Deno.test("socketio/socket.io#5258: whatever a connect handler sends is sent once", async () => {
  const { client, platform } = newClient();
  client.on("authenticated", () => void client.send("hello"));
  const connecting = client.connect();
  const socket = await platform.nextSocket();
  socket.accept();
  await connecting;
  socket.drop();
  const next = await platform.advanceToNextSocket();
  next.accept();
  await settle();
  assertEquals([socket.requests.length, next.requests.length], [1, 1]);
  await client.disconnect();
});

Deno.test("socketio/socket.io#5182: a refused session is not retried forever", async () => {
  const { client, platform, socket } = await connectedClient({ maxReconnectAttempts: Infinity });
  platform.routes.set("GET /auth/me", unauthorizedRoute);
  const error = client.waitFor("error");
  socket.drop();
  (await platform.advanceToNextSocket()).refuse();
  const { code, cause } = await error;
  assertEquals(code, 401);
  assertInstanceOf(cause, AuthenticationError);
  await platform.advance(1e7);
  assertEquals([platform.sockets.length, client.connectionState], [2, "disconnected"]);
});

for (const issue of ["phoenixframework/phoenix#4921", "denoland/deno#36337"]) {
  Deno.test(`${issue}: closing does not hang on a half-open peer`, async () => {
    const { client, platform, socket } = await connectedClient();
    socket.halfOpen = true;
    let done = false;
    const leaving = client.disconnect().then(() => done = true);
    await platform.advance(500);
    assert(done);
    await leaving;
    assertEquals(socket.readyState, WebSocket.CLOSING, "its close has not finished");
    const connecting = client.connect();
    (await platform.nextSocket()).accept();
    await connecting;
    assert(client.connected);
  });
}

Deno.test("phoenixframework/phoenix#3083: the heartbeat of an old connection does not end the new one", async () => {
  const { client, platform, socket } = await connectedClient();
  await platform.advance(40_000);
  socket.halfOpen = true;
  socket.deliver("1");
  const next = await platform.advanceToNextSocket();
  next.accept();
  await settle();
  const disconnects = record(client, "disconnect");
  // The old connection's heartbeat would have been missed within this time; the new one's is not.
  await platform.advance(40_000);
  assertEquals([client.connected, next.live, disconnects.length], [true, true, 0]);
  await client.disconnect();
});

Deno.test("phoenixframework/phoenix#3161: the client reconnects after close code 1000", async () => {
  const { client, platform, socket } = await connectedClient();
  socket.drop(1000);
  (await platform.advanceToNextSocket()).accept();
  await settle();
  assert(client.connected);
});

Deno.test("supabase/realtime-js#123: the next reconnection uses the token of the latest login", async () => {
  const { client, platform } = await connectedClient();
  const connecting = client.connect(sessionJwt("two"));
  const second = await platform.nextSocket();
  second.accept();
  await connecting;
  second.drop();
  const third = await platform.advanceToNextSocket();
  assertEquals(third.cookie, `session_token=${sessionJwt("two")}`);

  const login = client.connect(sessionJwt("three"));
  await settle();
  const fourth = platform.sockets.at(-1);
  assertEquals(fourth?.cookie, `session_token=${sessionJwt("three")}`);
  fourth?.accept();
  await login;
  fourth?.drop();
  const fifth = await platform.advanceToNextSocket();
  assertEquals(fifth.cookie, `session_token=${sessionJwt("three")}`);
  await client.disconnect();
});

Deno.test("partykit/partykit#929: there is one socket, however often connect() is called", async () => {
  const { client, platform } = newClient();
  const connects = Array.from({ length: 20 }, () => client.connect());
  const socket = await platform.nextSocket();
  socket.accept();
  await Promise.all(connects);
  assertEquals(platform.sockets.length, 1);
  socket.drop();
  const more = Array.from({ length: 20 }, () => client.connect());
  await settle();
  platform.sockets.at(-1)?.accept();
  await Promise.all(more);
  await platform.advance(30_000);
  assertEquals([platform.sockets.length, platform.mostLive], [2, 1]);
  await client.disconnect();
});

Deno.test("pladaria/reconnecting-websocket#147: nothing is queued and dropped silently", async () => {
  const { client, platform, socket } = await connectedClient();
  const slow = client.messages();
  for (let i = 0; i < 10_001; i++) socket.message(`${i}`);
  let read = 0;
  const reading = (async () => {
    for await (const _ of slow) read++;
  })();
  await assertRejects(() => reading, ClientError, "10000 messages are waiting to be read");
  assertEquals(read, 10_000);

  socket.drop();
  await assertRejects(() => client.send("not queued"), ConnectionError, "reconnecting");
  const next = await platform.advanceToNextSocket();
  next.accept();
  await settle();
  assertEquals(next.requests.length, 0);
  await client.disconnect();
});

for (const frame of ["44", "430", "42", "0{bad"]) {
  Deno.test(`socket.io-client 4.8.4 dies on ${frame}: here it affects neither joining nor a send`, async () => {
    const lines = await captureConsole(async () => {
      const { client, platform } = newClient({ connectionTimeout: 1_000 });
      platform.routes.set("GET /auth/me", unauthorizedRoute);
      const joining = client.connect();
      joining.catch(() => {});
      const first = await platform.nextSocket();
      first.openEngine();
      first.deliver(frame);
      await platform.advance(1_000);
      // 44 is a refusal; the others are ignored, and joining continues.
      await assertRejects(() => joining, frame === "44" ? AuthenticationError : ConnectionError);

      const { client: connected, socket } = await connectedClient();
      const sending = connected.send("hi");
      socket.deliver(frame);
      socket.answerSent(0, "m1");
      assertEquals((await sending).status, "ok");
      await connected.disconnect();
    });
    assertEquals(lines, []);
  });
}
