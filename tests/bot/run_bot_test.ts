import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import fc from "fast-check";
import {
  AuthenticationError,
  type Bot,
  ClientError,
  ConfigurationError,
  ConnectionError,
  defineBot,
  runBot,
} from "@roomz/roomz/bot";
import { AsyncClient } from "@roomz/roomz/client";
import { createDevServer } from "@roomz/roomz/dev-server";
import { BotRoom, KeptLog } from "./bot_room.ts";
import { FakeClient, FakeRoom } from "./fake_room.ts";

const ping = defineBot({ name: "helper", commands: { "ping": "pong" } });

/** A bot whose command `work <name>` runs until the test lets it, and what it did. */
class Works {
  readonly events: string[] = [];
  readonly #gates = new Map<string, PromiseWithResolvers<void>>();
  readonly bot: Bot;

  constructor(traits: { order?: "device" | "channel"; concurrent?: boolean } = {}) {
    this.bot = defineBot({
      name: "helper",
      ...(traits.order === undefined ? {} : { order: traits.order }),
      commands: {
        "work <name>": {
          ...(traits.concurrent === undefined ? {} : { concurrent: traits.concurrent }),
          run: async ({ args, signal }) => {
            this.events.push(`${args.name} begins`);
            signal.addEventListener("abort", () => this.events.push(`${args.name} is told`));
            await this.#gate(args.name).promise;
            this.events.push(`${args.name} ends`);
            return `${args.name} done`;
          },
        },
        "ping": "pong",
        "stop <name>": { concurrent: true, run: ({ args }) => this.finish(args.name) },
      },
    });
  }

  finish(name: string): void {
    this.#gate(name).resolve();
  }

  #gate(name: string): PromiseWithResolvers<void> {
    const gate = this.#gates.get(name) ?? Promise.withResolvers<void>();
    this.#gates.set(name, gate);
    return gate;
  }
}

Deno.test("a bot on a server answers others, not itself, under its own name", async () => {
  await using server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
  const token = await server.mintSession("me@example.com");
  await using me = await AsyncClient.open(server.url, token);
  const here = me.waitFor("display_name_changed");
  const echo = defineBot({
    name: "echo <1>",
    commands: { "say <text...>": ({ args }) => `!say ${args.text}` },
  });
  const stop = new AbortController();
  const running = runBot(echo, { server: server.url, token, signal: stop.signal });
  assertEquals((await here).display_name, "echo <1>");
  const messages = me.messages();
  await me.send("!say don't & won't");
  const said: string[] = [];
  for await (const { content, user } of messages) {
    said.push(`${user.display_name}: ${content}`);
    if (said.length === 2) break;
  }
  assertEquals(said, ["null: !say don't & won't", "echo <1>: !say don't & won't"]);
  stop.abort();
  await running;
});

Deno.test("a session that the server refuses ends the run with AuthenticationError", async () => {
  await using server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
  await assertRejects(() => runBot(ping, { server: server.url, token: "no" }), AuthenticationError);
  await assertRejects(() => runBot(ping, { server: server.url }), AuthenticationError);
});

Deno.test("a server that is not there ends the run with ConnectionError", async () => {
  const server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
  const token = await server.mintSession("me@example.com");
  await server.close();
  await assertRejects(() => runBot(ping, { server: server.url, token }), ConnectionError);
});

Deno.test("a bot that loses its connection comes back under its name, and answers again", async () => {
  await using server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
  const token = await server.mintSession("me@example.com");
  const stop = new AbortController();
  const options = { server: server.url, token, reconnectDelay: 1, logger: new KeptLog() };
  const running = runBot(ping, { ...options, signal: stop.signal });
  await options.logger.wrote(": ready");

  server.disconnectAll();
  await using me = await AsyncClient.open(server.url, token);
  const messages = me.messages();
  // Whichever of the two comes back first.
  me.on("display_name_changed", () => me.send("!ping"));
  await me.send("!ping");
  for await (const { own, user, content } of messages) {
    if (own) continue;
    assertEquals([user.display_name, content], ["helper", "pong"]);
    break;
  }
  stop.abort();
  await running;
});

const losses: readonly [what: string, kind: typeof ConnectionError | typeof AuthenticationError][] =
  [
    ["goes away for good", ConnectionError],
    ["refuses the session later", AuthenticationError],
  ];
for (const [what, kind] of losses) {
  Deno.test(`a server that ${what} ends the run with ${kind.name}`, async () => {
    const server = await createDevServer({ port: 0, allowedEmails: ["me@example.com"] });
    const logger = new KeptLog();
    const running = runBot(ping, {
      server: server.url,
      token: await server.mintSession("me@example.com"),
      reconnectDelay: 1,
      maxReconnectAttempts: 2,
      logger,
    });
    const ended = assertRejects(() => running, kind);
    await logger.wrote(": ready");
    if (kind === ConnectionError) {
      await server.close();
    } else {
      server.setAllowedEmails([]);
      server.disconnectAll();
    }
    await ended;
    await server.close();
  });
}

Deno.test("what is no bot, or no sensible option, is refused", async () => {
  const client = new FakeClient(new FakeRoom());
  const notABot: unknown = { name: "helper", manifest: {} };
  await assertRejects(
    () => Reflect.apply(runBot, undefined, [notABot, { client }]),
    ConfigurationError,
    "what defineBot of the same version",
  );
  for (
    const settings of [
      { drainTimeout: -1 },
      { drainTimeout: 2 ** 31 },
      { maxPending: 0 },
      { maxPending: 1.5 },
      { loopGuard: { limit: 0, window: 1 } },
      { loopGuard: { limit: 1, window: 0 } },
      { sendRate: { limit: 0, window: 1 } },
      { sendRate: { limit: 1, window: 0 } },
    ]
  ) {
    const [option = ""] = Object.keys(settings);
    await assertRejects(
      () => runBot(ping, { client, ...settings }),
      ConfigurationError,
      `The option "${option}" must be`,
    );
  }
});

Deno.test("the bot's own messages call nothing, nor do those that may be its own", async () => {
  await using room = await BotRoom.with(ping);
  room.say("!ping", "laptop", { own: true });
  room.say("!ping", "laptop", { own: undefined });
  room.say("nothing for the bot", "laptop", { own: undefined });
  room.say("!ping");
  assertEquals(await room.said(1), ["pong"]);
  assertEquals(room.log.lines.filter((line) => line.startsWith("warn")), [
    'warn helper: a message from "laptop" was not answered, for it may be the bot\'s own (the ' +
    "acknowledgement that tells did not come in time)",
  ]);
});

Deno.test("messages of one device run in order, those of others meanwhile", async () => {
  const works = new Works();
  await using room = await BotRoom.with(works.bot);
  for (const name of ["a", "b"]) room.say(`!work ${name}`, "laptop");
  room.say("!work c", "phone");
  room.say("!work d", null);
  assertEquals(works.events, ["a begins", "c begins", "d begins"]);
  for (const name of ["b", "c", "d"]) works.finish(name);
  await room.said(2);
  works.finish("a");
  await room.said(4);
  assertEquals(works.events.slice(3), ["c ends", "d ends", "a ends", "b begins", "b ends"]);
});

Deno.test("a bot may have the whole channel wait in one line", async () => {
  const works = new Works({ order: "channel" });
  await using room = await BotRoom.with(works.bot);
  room.say("!work a", "laptop");
  room.say("!work b", "phone");
  assertEquals(works.events, ["a begins"]);
  for (const name of ["b", "a"]) works.finish(name);
  assertEquals(await room.said(2), ["a done", "b done"]);
});

Deno.test("a concurrent command waits for none, and none waits for it", async () => {
  const works = new Works({ concurrent: true });
  await using room = await BotRoom.with(works.bot);
  room.say("!work a");
  room.say("!work b");
  room.say("!ping");
  assertEquals(await room.said(1), ["pong"]);
  room.say("!stop b");
  await room.said(2);
  room.say("!stop a");
  assertEquals(await room.said(3), ["pong", "b done", "a done"]);
});

Deno.test("whatever the handlers take, every device is answered in its order", async () => {
  const bot = defineBot({
    name: "helper",
    commands: {
      "wait <ticks:int> <text>": async ({ args, device }) => {
        for (let tick = 0; tick < args.ticks; tick++) await Promise.resolve();
        return `${device} ${args.text}`;
      },
    },
  });
  const calls = fc.array(fc.record({ device: fc.constantFrom("a", "b", "c"), ticks: fc.nat(20) }));
  await fc.assert(
    fc.asyncProperty(calls, async (sequence) => {
      await using room = await BotRoom.with(bot);
      for (const [index, { device, ticks }] of sequence.entries()) {
        room.say(`!wait ${ticks} ${index}`, device);
      }
      const replies = await room.said(sequence.length);
      for (const name of ["a", "b", "c"]) {
        const expected = sequence.flatMap(({ device }, index) =>
          device === name ? [`${device} ${index}`] : []
        );
        assertEquals(replies.filter((reply) => reply.startsWith(name)), expected);
      }
    }),
    { seed: 6, numRuns: 1_000 },
  );
});

Deno.test("when too much waits, one more is refused, and told once until there is room", async () => {
  const works = new Works();
  await using room = await BotRoom.with(works.bot, { maxPending: 2 });
  for (const name of ["a", "b", "c", "d"]) room.say(`!work ${name}`);
  const busy = "Too much to do at once: that was not done. Send it again later.";
  assertEquals(await room.said(1), [busy]);
  for (const name of ["a", "b"]) works.finish(name);
  await room.said(3);
  room.say("!ping");
  assertEquals(await room.said(4), [busy, "a done", "b done", "pong"]);
  assert(room.log.lines.includes("warn helper: there is room again; 2 messages were refused"));
});

Deno.test("an event that there is no room for is logged, and the room left in peace", async () => {
  const gate = Promise.withResolvers<string>();
  const bot = defineBot({
    name: "helper",
    commands: { "wait": () => gate.promise },
    on: { user_left: "Bye" },
  });
  await using room = await BotRoom.with(bot, { maxPending: 1 });
  room.say("!wait");
  const { user, timestamp, raw } = { user: room.client.asUser(), timestamp: "", raw: {} };
  room.client.emit("user_left", { user, timestamp, raw, remaining_connections: 1 });
  gate.resolve("done");
  assertEquals(await room.said(1), ["done"]);
  assert(
    room.log.lines.includes("warn helper: too much to do at once: user_left was not reacted to"),
  );
});

Deno.test("what the bot cannot say in the room is in the log", async () => {
  const works = new Works();
  await using room = await BotRoom.with(works.bot, { maxPending: 1 });
  room.client.sendInstead = () => Promise.reject(new ConnectionError("Not connected."));
  room.say("!work a");
  room.say("!work b");
  await room.log.wrote("that was not said in the room: ConnectionError: Not connected.");
  works.finish("a");
});

Deno.test("two bots that answer each other are stopped, and others are still answered", async () => {
  const echo = defineBot({ name: "one", hears: [[/./, ({ message }) => message.content]] });
  await using room = await BotRoom.with(echo, { loopGuard: { limit: 5, window: 60_000 } });
  const other = room.device("two");
  let sent = 0;
  other.on("message", async ({ own, content, user }) => {
    if (own || user.display_name !== "one") return;
    sent++;
    await other.send(content);
  });
  room.say("hello");
  const replies = await room.said(7);
  assertEquals(replies.slice(0, 6), Array(6).fill("hello"), "5 for the other bot, 1 for laptop");
  assertEquals(replies[6], '"two" calls too often: ignored until it is silent.');
  await other.send("hello?");
  room.say("still there?", "phone");
  assertEquals((await room.said(8)).slice(7), ["still there?"]);
  assert(sent < 10);
});

Deno.test("a bot that is stopped takes no more, and finishes what has begun", async () => {
  const works = new Works();
  const room = await BotRoom.with(works.bot);
  room.say("!work a");
  room.say("!work b");
  room.stop();
  room.say("!work c", "phone");
  for (const name of ["a", "b", "c"]) works.finish(name);
  await room.running;
  assertEquals(works.events.slice(0, 4), ["a begins", "a ends", "b begins", "b ends"]);
  assertEquals(works.events.slice(4), ["a is told", "b is told"], "what they left behind can end");
  assertEquals(room.replies, ["a done", "b done"]);
  assertEquals([room.client.disconnects, room.client.handlers], [1, 0]);
});

Deno.test("a handler that never ends is told, and left behind when its time is up", async () => {
  const works = new Works();
  const room = await BotRoom.with(works.bot, { drainTimeout: 0 });
  room.say("!work a");
  room.say("!work b");
  room.stop();
  await room.running;
  assertEquals(works.events, ["a begins", "a is told"]);
  assert(room.log.lines.includes("warn helper: 2 messages were cut short"));
  works.finish("a");
  works.finish("b");
  await room.log.wrote("cut short, because the bot stops");
  assertEquals(works.events, ["a begins", "a is told", "a ends"], "b was never begun");
});

Deno.test("a stream ends between two texts when its time is up", async () => {
  let closed = false;
  const bot = defineBot({
    name: "helper",
    commands: {
      "count": async function* ({ signal }) {
        try {
          for (let n = 1;; n++) {
            yield String(n);
            if (n === 3) await new Promise((done) => signal.addEventListener("abort", done));
          }
        } finally {
          closed = true;
        }
      },
    },
  });
  const room = await BotRoom.with(bot, { drainTimeout: 0 });
  room.say("!count");
  await room.said(3);
  room.stop();
  await room.running;
  while (!closed) await Promise.resolve();
  assertEquals(room.replies, ["1", "2", "3"]);
});

Deno.test("a bot that is asked to stop before it is connected stops quietly", async () => {
  const log = new KeptLog();
  const client = new FakeClient(new FakeRoom());
  await runBot(ping, { client, logger: log, signal: AbortSignal.abort() });
  assertEquals([client.connectionState, client.disconnects], ["disconnected", 0]);

  const stop = new AbortController();
  client.beforeConnected = (signal) =>
    new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  const running = runBot(ping, { client, logger: log, signal: stop.signal });
  stop.abort();
  await running;
  assertEquals([client.disconnects, client.handlers], [1, 0]);
});

Deno.test("a connection that cannot be made ends the run with the client's error", async () => {
  const client = new FakeClient(new FakeRoom());
  const refused = new AuthenticationError("refused");
  client.beforeConnected = () => Promise.reject(refused);
  const error = await assertRejects(
    () => runBot(ping, { client, logger: new KeptLog() }),
    AuthenticationError,
  );
  assertStrictEquals(error, refused);
  assertEquals(client.handlers, 0);
});

for (const cause of [new ConnectionError("Gave up."), new AuthenticationError("Revoked.")]) {
  Deno.test(`a connection that is given up with ${cause.name} ends the run with it`, async () => {
    const works = new Works();
    const room = await BotRoom.with(works.bot);
    room.say("!work a");
    room.client.giveUp(cause);
    assertStrictEquals(await assertRejects(() => room.running, ClientError), cause);
    assertEquals(works.events, ["a begins", "a is told"], "nothing is waited for");
    works.finish("a");
  });
}

Deno.test("a client that something else disconnects ends the run with an error", async () => {
  const room = await BotRoom.with(ping);
  room.client.giveUp();
  await assertRejects(() => room.running, ConnectionError, "To stop a bot, abort the signal");
});

Deno.test("an error of the client that ends nothing is logged", async () => {
  await using room = await BotRoom.with(ping);
  room.client.emit("error", { error: "The display name was not set.", code: 400 });
  room.say("!ping");
  assertEquals(await room.said(1), ["pong"]);
  assert(room.log.lines.includes("warn helper: The display name was not set."));
});

Deno.test("a client that is connected already stays so, and takes the bot's name", async () => {
  const room = new FakeRoom();
  const client = room.join("somebody");
  const log = new KeptLog();
  const stop = new AbortController();
  const running = runBot(ping, { client, logger: log, signal: stop.signal });
  await log.wrote(": ready");
  stop.abort();
  await running;
  assertEquals([client.connected, client.displayName], [true, "helper"]);
});

Deno.test("a display name that is refused is told, and the bot runs all the same", async () => {
  const room = new FakeRoom();
  const client = room.join(null);
  client.nameResult = { error: "Not that one.", code: 400 };
  const log = new KeptLog();
  const stop = new AbortController();
  const running = runBot(ping, { client, logger: log, signal: stop.signal });
  await log.wrote(": ready");
  stop.abort();
  await running;
  assert(log.lines.includes("warn helper: the display name was not set: Not that one."));
});

Deno.test("a connection that goes while the display name is set does not end the run", async () => {
  const client = new FakeRoom().join(null);
  client.setDisplayName = () => Promise.reject(new ConnectionError("Not connected."));
  const log = new KeptLog();
  const stop = new AbortController();
  const running = runBot(ping, { client, logger: log, signal: stop.signal });
  await log.wrote("the display name was not set: ConnectionError: Not connected.");
  stop.abort();
  await running;
});

Deno.test("a failure without a connection is not answered", async () => {
  const gate = Promise.withResolvers<string>();
  const bot = defineBot({ name: "helper", commands: { "wait": () => gate.promise } });
  await using room = await BotRoom.with(bot);
  room.say("!wait");
  room.client.connectionState = "reconnecting";
  gate.reject(new Error("boom"));
  await room.log.wrote(": failed");
  room.client.connectionState = "connected";
  assertEquals([room.replies.length, room.log.errors.length], [0, 1]);
});

Deno.test("a line of a million characters, or with NULs, is answered like any other", async () => {
  const bot = defineBot({
    name: "helper",
    commands: { "size <text...>": ({ args }) => `${args.text.length}` },
  });
  await using room = await BotRoom.with(bot);
  room.say(`!${"x".repeat(1_000_000)}`);
  room.say(`!size ${"'".repeat(1_000_000)}`);
  room.say("!si\0ze");
  room.say("!size \0");
  assertEquals(await room.said(4), [
    `There is no command "${"x".repeat(40)}…". !help lists the commands.`,
    "1000000",
    'There is no command "si\ufffdze". Did you mean !size? !help lists the commands.',
    "1",
  ]);
});

Deno.test("what a device is called cannot disturb the log", async () => {
  const bot = defineBot({
    name: "helper",
    commands: {
      "fail": () => {
        throw new Error("boom");
      },
    },
  });
  await using room = await BotRoom.with(bot);
  room.say("!fail", "x\n\x1b[2J\u202e");
  await room.said(1);
  assertMatch(room.log.lines.join("|"), /!fail from "x\ufffd\ufffd\[2J\ufffd": failed/);
  assertInstanceOf(room.log.errors[0], Error);
});
