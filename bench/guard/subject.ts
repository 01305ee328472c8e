/**
 * Measures one checkout of the product in a process of its own, and prints its figures as JSON.
 *
 * `subject.ts ROOT GROUP URL`: the checkout's root as a URL, `client` or `bot`, and the server.
 * Only the public surface is used, so that any two commits can be compared.
 * @module
 */
import type * as Bot from "../../bot/mod.ts";
import type * as Client from "../../client/mod.ts";

const [root = "", group = "", url = ""] = Deno.args;
const JWT = "e30.e30.bench";
const BURST = 200;
const TIMESTAMP = "2026-11-23T10:00:00.000000+00:00";

async function measureClient(): Promise<Record<string, number>> {
  const { AsyncClient }: typeof Client = await import(`${root}client/mod.ts`);
  const connects: number[] = [];
  for (let i = 0; i < 40; i++) {
    const client = new AsyncClient(url, JWT);
    const start = performance.now();
    await client.connect();
    connects.push(performance.now() - start);
    await client.disconnect();
  }

  const client = new AsyncClient(url, JWT);
  await client.connect();
  const acks: number[] = [];
  let start: number;
  for (let i = 0; i < 3_000; i++) {
    start = performance.now();
    await client.send("hello");
    // The first ones run before the code is compiled.
    if (i >= 1_000) acks.push((performance.now() - start) * 1_000);
  }

  let left = 20_000;
  const sends = left;
  start = performance.now();
  await Promise.all(Array.from({ length: 256 }, async () => {
    while (left-- > 0) await client.send("hello");
  }));
  const sendTime = (performance.now() - start) / 1_000;

  const flood = 50_000;
  let received = 0;
  const all = Promise.withResolvers<void>();
  client.on("message", () => {
    if (++received === flood) all.resolve();
  });
  start = performance.now();
  void client.send(`flood ${flood}`);
  await all.promise;
  const receiveTime = (performance.now() - start) / 1_000;

  return {
    "connect, ms": quantile(connects, 0.5),
    "ack p50, µs": quantile(acks, 0.5),
    "ack p99, µs": quantile(acks, 0.99),
    "pipelined send, µs": sendTime / sends * 1_000_000,
    "received message, µs": receiveTime / flood * 1_000_000,
  };
}

async function measureBot(): Promise<Record<string, number>> {
  const bot: typeof Bot = await import(`${root}bot/mod.ts`);
  return {
    "message, session, 1 command, µs": await handling(bot, 1, true),
    "message, session, 20 commands, µs": await handling(bot, 20, true),
    "message, 100 commands, µs": await handling(bot, 100, false),
    "message, 10 middleware, µs": await handling(bot, 1, false, 10),
  };
}

/** Microseconds from a message to the end of its handler, in bursts of several devices. */
async function handling(
  { defineBot, MemoryStorage, runBot }: typeof Bot,
  commands: number,
  withSession: boolean,
  depth = 0,
): Promise<number> {
  const others = Object.fromEntries(
    Array.from({ length: commands - 1 }, (_, i) => [`other${i}`, "Not measured."]),
  );
  let done = 0;
  let finished = Promise.withResolvers<void>();
  const count = () => {
    if (++done % BURST === 0) finished.resolve();
  };
  const passing: Bot.Middleware = async (_ctx, next) => {
    await next();
  };
  const use = Array.from({ length: depth }, () => passing);
  const bot = withSession
    ? defineBot({
      name: "bench",
      session: { initial: () => ({ count: 0 }), scope: "device" },
      groups: [{ commands: others }],
      commands: {
        "add <by:int>": ({ args, session }) => {
          session.count += args.by;
          count();
        },
      },
    })
    : defineBot({
      name: "bench",
      use,
      groups: [{ commands: others }],
      commands: { "add <by:int>": count },
    });
  const client = new SilentClient();
  const stop = new AbortController();
  const options = { client, storage: new MemoryStorage(), loopGuard: false, signal: stop.signal };
  const ended = runBot(bot, { ...options, loopGuard: false });
  await client.listening;

  const burst = async (): Promise<void> => {
    finished = Promise.withResolvers();
    for (let i = 0; i < BURST; i++) client.say("!add 1", `device ${i % 20}`);
    await finished.promise;
  };
  for (let i = 0; i < 60; i++) await burst();
  const bursts = 120;
  const start = performance.now();
  for (let i = 0; i < bursts; i++) await burst();
  const time = (performance.now() - start) * 1_000 / (bursts * BURST);
  stop.abort();
  await ended;
  return time;
}

/** A client without a network: what it is told to send is acknowledged at once. */
class SilentClient implements Bot.BotClient {
  readonly connected = true;
  readonly connectionState = "connected";
  readonly user = { id: "user:me@example.com", email: "me@example.com", display_name: "bench" };
  readonly displayName = "bench";
  readonly #listening = Promise.withResolvers<void>();
  #onMessage: ((message: Client.Message) => void) | undefined;
  #messages = 0;

  /** Resolves when the bot listens to messages. */
  get listening(): Promise<void> {
    return this.#listening.promise;
  }

  say(content: string, device: string): void {
    const user = { id: "user:me@example.com", email: "me@example.com", display_name: device };
    this.#onMessage?.({
      id: `message-${this.#messages++}`,
      user,
      content,
      timestamp: TIMESTAMP,
      own: false,
      maybeTruncated: false,
      raw: {},
    });
  }

  connect(): Promise<void> {
    return Promise.resolve();
  }

  disconnect(): Promise<void> {
    return Promise.resolve();
  }

  on<E extends Client.EventName>(event: E, handler: Client.EventHandler<E>): void;
  on(event: string, handler: (message: Client.Message) => void): void {
    if (event !== "message") return;
    this.#onMessage = handler;
    this.#listening.resolve();
  }

  off(): void {}

  send(): Promise<Client.SendResult> {
    return Promise.resolve({ status: "ok", message_id: "m", timestamp: TIMESTAMP });
  }

  setDisplayName(name: string | null): Promise<Client.DisplayNameResult> {
    return Promise.resolve({ status: "ok", display_name: name });
  }
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
}

const figures = group === "client" ? await measureClient() : await measureBot();
console.log(JSON.stringify(figures));
// A connection that hangs would keep the process up.
Deno.exit();
