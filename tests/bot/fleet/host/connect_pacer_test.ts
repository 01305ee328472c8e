import { assert, assertEquals, assertRejects } from "@std/assert";
import { ConnectionError } from "@roomz/roomz/client";
import { ConnectPacer } from "../../../../bot/fleet/host/connect_pacer.ts";
import { VirtualClock } from "../../../../testing/virtual_clock.ts";

Deno.test("at most ten connects to a server are under way at a time", async () => {
  const clock = new VirtualClock(0);
  const pacer = new ConnectPacer(clock, () => 0.5);
  let [running, most, done] = [0, 0, 0];
  for (let count = 0; count < 100; count++) {
    void pacer.connect("s", async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => clock.schedule(resolve, 10));
      running--;
      done++;
    });
  }
  await clock.advance(1_000);
  assertEquals([most, done], [10, 100]);
});

Deno.test("after a failure, a server gets one attempt at a time and not before it says", async () => {
  const clock = new VirtualClock(0);
  const pacer = new ConnectPacer(clock, () => 0.5);
  const busy = new ConnectionError("busy", { status: 429, retryAfter: 5_000 });
  await assertRejects(() => pacer.connect("s", () => Promise.reject(busy)), ConnectionError);
  const at: number[] = [];
  const tried = () => {
    at.push(clock.monotonic());
    return Promise.reject(new ConnectionError("down"));
  };
  for (let count = 0; count < 5; count++) pacer.connect("s", tried).catch(() => {});
  let other = false;
  void pacer.connect("t", () => Promise.resolve(void (other = true)));
  await clock.advance(4_999);
  assertEquals([at, other], [[], true], "the other server is not concerned");
  await clock.advance(60_000);
  assertEquals(at.length, 5);
  for (let index = 1; index < at.length; index++) {
    const pause = (at[index] ?? 0) - (at[index - 1] ?? 0);
    assert(pause >= 250 && pause <= 2_000, `${at}`);
  }
});

Deno.test("a server is named on which nothing has succeeded for a while, attempts under way included", async () => {
  const clock = new VirtualClock(0);
  const pacer = new ConnectPacer(clock, () => 0.5);
  const down = () => pacer.connect("s", () => Promise.reject(new ConnectionError("down")));
  await down().catch(() => {});
  const answered = Promise.withResolvers<void>();
  const connected = pacer.connect("s", () => answered.promise);
  await clock.advance(2_999);
  assertEquals(pacer.failing(3_000), []);
  await clock.advance(1);
  assertEquals(pacer.failing(3_000), ["s"]);
  answered.resolve();
  await connected;
  assertEquals(pacer.failing(0), []);
});

Deno.test("a server on which nothing is tried gets another chance", async () => {
  const clock = new VirtualClock(0);
  const pacer = new ConnectPacer(clock, () => 0.5);
  await pacer.connect("s", () => Promise.reject(new ConnectionError("down"))).catch(() => {});
  await clock.advance(10_000);
  assertEquals(pacer.failing(3_000), []);
  void pacer.connect("s", () => new Promise(() => {}));
  await clock.advance(2_999);
  assertEquals(pacer.failing(3_000), []);
  await clock.advance(1);
  assertEquals(pacer.failing(3_000), ["s"]);
});
