/**
 * Large requests to a KV server go with a small one before them, or without, whichever is faster.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { KvHandle } from "../../../bot/storage/kv_handle.ts";
import { PromptSender } from "../../../bot/storage/prompt_sender.ts";
import { VirtualClock } from "../../../testing/virtual_clock.ts";

/** A server on a virtual clock: how long a large request takes alone, and after a small one. */
class Server {
  readonly clock = new VirtualClock(0);
  readonly sender = new PromptSender(this.clock);
  readonly log: string[] = [];
  alone = 1;
  prompted = 1;
  readonly #kv: Pick<KvHandle, "get"> = {
    get: async (key) => {
      this.log.push("small");
      await this.#pass(2);
      this.log.push("small ended");
      return { key, value: null, versionstamp: null };
    },
  };

  /** Sends a request of `size` bytes; whether a small one went before it. */
  async send(size: number): Promise<boolean> {
    this.log.length = 0;
    const done = this.sender.send(this.#kv, size, async () => {
      const isPrompted = this.log.length > 0;
      this.log.push("large");
      await this.#pass(isPrompted ? this.prompted : this.alone);
      return isPrompted;
    });
    await this.clock.advance(Math.max(100, this.alone));
    return await done;
  }

  /** Sends many; how many of them went after a small one. */
  async sendMany(count: number, size: number): Promise<number> {
    let prompted = 0;
    for (let n = 0; n < count; n++) if (await this.send(size)) prompted++;
    return prompted;
  }

  #pass(time: number): Promise<void> {
    return new Promise((resolve) => this.clock.schedule(resolve, time));
  }
}

Deno.test("a small request goes before a large one and has ended after it, and none before a small one", async () => {
  const server = new Server();
  await server.send(1_023);
  assertEquals(server.log, ["large"]);
  await server.send(1_024);
  assertEquals(server.log, ["small", "large", "small ended"]);
});

Deno.test("where a large request alone is delayed, as on loopback, nearly all have a small one before them", async () => {
  const server = new Server();
  server.alone = 44;
  const prompted = await server.sendMany(1_000, 3_000);
  assert(prompted >= 990 && prompted < 1_000, `${prompted}`);
});

Deno.test("where a small request delays a large one, as on an Ethernet, nearly all go alone", async () => {
  const server = new Server();
  server.prompted = 44;
  const prompted = await server.sendMany(1_000, 3_000);
  assert(prompted > 1 && prompted <= 10, `${prompted}`);
});

Deno.test("each size is measured by itself", async () => {
  const server = new Server();
  server.prompted = 44;
  await server.sendMany(10, 3_000);
  server.prompted = 1;
  server.alone = 44;
  await server.sendMany(10, 1_500);
  assertEquals([await server.send(3_000), await server.send(1_500)], [false, true]);
});

Deno.test("when the way that was fast becomes slow, the other is found soon", async () => {
  const server = new Server();
  server.prompted = 44;
  await server.sendMany(50, 3_000);
  server.prompted = 1;
  server.alone = 44;
  await server.sendMany(200, 3_000);
  assert(await server.sendMany(20, 3_000) >= 19);
});

Deno.test("one slow answer does not change the way", async () => {
  const server = new Server();
  server.prompted = 44;
  await server.sendMany(50, 3_000);
  server.alone = 10_000;
  await server.send(3_000);
  server.alone = 1;
  await server.send(3_000);
  assert(await server.sendMany(20, 3_000) <= 1);
});

Deno.test("when a request fails, its small one has ended", async () => {
  const server = new Server();
  const log: string[] = [];
  const kv: Pick<KvHandle, "get"> = {
    get: async (key) => {
      await Promise.resolve();
      log.push("small ended");
      return { key, value: null, versionstamp: null };
    },
  };
  const fail = () => Promise.reject(new Error("refused"));
  const failed = await server.sender.send(kv, 3_000, fail).catch((error: Error) => error.message);
  assertEquals([failed, log], ["refused", ["small ended"]]);
});
