/**
 * The heartbeats of many connections of one process. Those of a single one: socket_io_connection_test.ts.
 */
import { assert, assertEquals } from "@std/assert";
import { Heartbeats, type Watched } from "../../../client/connection/heartbeat.ts";
import { FakePlatform } from "../support/fake_platform.ts";

/** A connection that is watched as soon as it exists. */
class Connection implements Watched {
  readonly silenceLimit: number;
  lastHeard = 0;
  readonly silences: number[] = [];
  readonly #heartbeats: Heartbeats;
  readonly #onSilence: () => void;

  constructor(platform: FakePlatform, silenceLimit: number, onSilence = () => {}) {
    this.#heartbeats = Heartbeats.of(platform);
    this.silenceLimit = silenceLimit;
    this.#onSilence = onSilence;
    this.#heartbeats.add(this);
  }

  hear(): void {
    this.lastHeard = this.#heartbeats.time();
  }

  onSilence(duration: number): void {
    this.silences.push(duration);
    this.#onSilence();
  }

  close(): void {
    this.#heartbeats.delete(this);
  }
}

Deno.test("each connection is silent after its own time, whatever order they come in", async () => {
  const platform = new FakePlatform();
  const limits = [45_000, 400, 2_000, 400, 9_000, 700];
  const connections = limits.map((limit) => new Connection(platform, limit));
  for (const time of [400, 700, 2_000, 9_000, 45_000]) {
    await platform.advance(time - 1 - (platform.monotonic() - 1_000_000.5));
    const before = connections.map(({ silences }) => silences.length);
    assertEquals(before, limits.map((limit) => limit < time ? 1 : 0), `just before ${time} ms`);
    await platform.advance(251);
    const after = connections.map(({ silences }) => silences.length);
    assertEquals(after, limits.map((limit) => limit <= time ? 1 : 0), `after ${time} ms`);
  }
  assertEquals(platform.clock.timers, 0);
});

Deno.test("a thousand idle connections have one timer, which fires seldom", async () => {
  const platform = new FakePlatform();
  const connections: Connection[] = [];
  for (let i = 0; i < 1_000; i++) {
    connections.push(new Connection(platform, 60_000));
    await platform.advance(25);
  }
  await platform.advance(100);
  assertEquals(platform.clock.timers, 1);
  const before = platform.timersSet;
  for (let second = 0; second < 100; second++) {
    // Each is pinged every 25 s.
    for (let i = second % 25; i < connections.length; i += 25) connections[i]?.hear();
    await platform.advance(1_000);
  }
  assert(platform.timersSet - before < 120, `${platform.timersSet - before} timers in 100 s`);
  assertEquals(connections.flatMap(({ silences }) => silences), []);
});

Deno.test("the timers end with the last connection, and start again with the next", async () => {
  const platform = new FakePlatform();
  for (let round = 0; round < 3; round++) {
    const [one, two] = [new Connection(platform, 500), new Connection(platform, 500)];
    one.close();
    assert(platform.clock.timers > 0);
    two.close();
    assertEquals(platform.clock.timers, 0);
    await platform.advance(10_000);
    assertEquals([one.silences, two.silences], [[], []]);
  }
});

Deno.test("a connection that is silent may close others and open new ones", async () => {
  const platform = new FakePlatform();
  const opened: Connection[] = [];
  const first = new Connection(platform, 500, () => {
    second.close();
    opened.push(new Connection(platform, 300));
  });
  const second = new Connection(platform, 500);
  await platform.advance(750);
  assertEquals([first.silences.length, second.silences.length], [1, 0]);
  await platform.advance(400);
  assertEquals(opened.map(({ silences }) => silences.length), [1]);
  assertEquals(platform.clock.timers, 0);
});

Deno.test("platforms have their own clocks", async () => {
  const [one, other] = [new FakePlatform(), new FakePlatform()];
  const [first, second] = [new Connection(one, 500), new Connection(other, 500)];
  await one.advance(10_000);
  assertEquals([first.silences.length, second.silences.length], [1, 0]);
  second.close();
});

Deno.test("after the machine slept every connection gets a moment to read what has arrived", async () => {
  const platform = new FakePlatform();
  const connections = [500, 600, 45_000].map((limit) => new Connection(platform, limit));
  await platform.advance(100);
  platform.clock.freeze(3_600_000);
  await platform.advance(0);
  assertEquals(connections.flatMap(({ silences }) => silences), []);
  connections[1]?.hear();
  await platform.advance(250);
  assertEquals(connections.map(({ silences }) => silences.length), [1, 0, 1]);
  connections[1]?.close();
});
