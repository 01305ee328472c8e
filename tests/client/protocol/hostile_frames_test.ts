/**
 * A server may send anything at any time: nothing throws into the user's program.
 * @module
 */
import { ClientError } from "@roomz/roomz/client";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { settle } from "../../../testing/virtual_clock.ts";
import { captureConsole } from "../support/capture_console.ts";
import { connectedClient, newClient, record } from "../support/connected_client.ts";
import type { FakeSocket } from "../support/fake_socket.ts";
import { hostileFrame, SEED } from "../support/mutated_frames.ts";
import { unauthorizedRoute } from "../support/roomz_routes.ts";

const binary = fc.uint8Array({ maxLength: 20 }).map((bytes) => new Uint8Array(bytes).buffer);

/** As many frames as a property test would try, the same every time. */
function hostileFrames(count: number): (string | ArrayBuffer)[] {
  const frame = fc.oneof({ arbitrary: hostileFrame, weight: 20 }, { arbitrary: binary, weight: 1 });
  return fc.sample(frame, { seed: SEED, numRuns: count });
}

Deno.test("5,000 hostile frames on a live connection throw nothing, and the client still works", async () => {
  const { client, platform, socket } = await connectedClient({
    maxReconnectAttempts: Infinity,
    ackTimeout: 100,
  });
  platform.routes.set("GET /auth/me", unauthorizedRoute);
  const errors = record(client, "error");
  let handled = 0;
  client.on("message", () => void handled++);
  let live: FakeSocket = socket;
  let losses = 0;
  const sends: Promise<unknown>[] = [];
  const lines = await captureConsole(async () => {
    for (const [i, frame] of hostileFrames(5_000).entries()) {
      if (i % 50 === 0) sends.push(client.send(`${i}`));
      live.deliver(frame);
      if (client.connected) continue;
      losses++;
      live = await platform.advanceToNextSocket();
      live.accept();
      await settle();
    }
    assert(losses > 10, "some frames end the connection");
    assert(losses < 1_000, "most do not");
    const sending = client.send("still here");
    live.answerSent(live.requests.at(-1)?.id ?? -1, "m-last");
    assertEquals((await sending).status, "ok");
    const before = handled;
    live.message("m-last");
    assertEquals(handled, before + 1);
    await platform.advance(100);
    assertEquals((await Promise.allSettled(sends)).length, 100);
    await client.disconnect();
  });
  assertEquals(errors, []);
  assertEquals(lines, []);
  assertEquals(platform.clock.timers, 0);
});

const steps: readonly [name: string, play: (socket: FakeSocket) => void][] = [
  ["before the open packet", (socket) => socket.open()],
  ["before the connect packet", (socket) => socket.openEngine()],
];

for (const [name, play] of steps) {
  Deno.test(`hostile frames ${name} make connect() fail with a ClientError, or are ignored`, async () => {
    const { client, platform } = newClient({ connectionTimeout: 1_000 });
    platform.routes.set("GET /auth/me", unauthorizedRoute);
    const frames = hostileFrames(2_000);
    const outcomes = new Set<string>();
    const lines = await captureConsole(async () => {
      while (frames.length > 0) {
        const outcome = client.connect().then(() => "connected", (error: unknown) => error);
        const socket = await platform.nextSocket();
        play(socket);
        for (const frame of frames.splice(0, 10)) socket.deliver(frame);
        await platform.advance(1_000);
        const error = await outcome;
        assert(error instanceof ClientError, `${error}`);
        outcomes.add(error.name);
        assertEquals(client.connectionState, "disconnected");
      }
    });
    assertEquals(lines, []);
    assert(outcomes.has("AuthenticationError"), "some were refused");
    assertEquals([platform.mostLive, platform.clock.timers], [1, 0]);
  });
}

Deno.test("a deeply nested frame of a megabyte is read or skipped, without a stack overflow", async () => {
  const { client, socket } = await connectedClient();
  const messages = record(client, "message");
  socket.deliver(`42["message",${"[".repeat(500_000)}${"]".repeat(500_000)}]`);
  socket.deliver(`42["message",${"[".repeat(1_000_000)}`);
  socket.deliver(`42["${"x".repeat(1_000_000)}"]`);
  socket.message("m1", "&amp;".repeat(200_000));
  assertEquals(messages.map(({ content }) => content.length), [200_000]);
  await client.disconnect();
});

Deno.test("a payload's __proto__ changes no prototype, and no object of the user", async () => {
  const { client, socket } = await connectedClient();
  const changes = record(client, "display_name_changed");
  socket.deliver(
    '42["display_name_changed",{"__proto__":{"polluted":1},"user":{"id":"u","email":"e",' +
      '"__proto__":{"polluted":1}},"display_name":"n","timestamp":"t"}]',
  );
  assertEquals(changes[0]?.display_name, "n");
  assertEquals(Reflect.get({}, "polluted"), undefined);
  assertEquals(Reflect.get(changes[0] ?? {}, "polluted"), undefined);
  assertEquals(Reflect.get(changes[0]?.user ?? {}, "polluted"), undefined);
  await client.disconnect();
});
