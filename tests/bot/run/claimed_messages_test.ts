/**
 * A bot that is one of several processes of its account: what it claims, when, and what it does if another
 * process has it.
 * @module
 */
import { defineBot } from "@roomz/roomz/bot";
import { assertEquals } from "@std/assert";
import type { Claims, Effect } from "../../../bot/run/claims.ts";
import { completeSettings } from "../../../bot/run/run_options.ts";
import { RunningBot } from "../../../bot/run/running_bot.ts";
import { RecordingLogger } from "../support/bot_log.ts";
import { FakePlatform } from "../support/fake_platform.ts";
import { ScriptedClient } from "../support/scripted_client.ts";

const MINUTE = 60_000;

const bot = defineBot({
  name: "helper",
  commands: {
    "ping": "pong",
    "wait": ({ clock }) => new Promise<void>((resolve) => clock.schedule(resolve, MINUTE)),
    "name": async ({ ask }) => `Hello, ${await ask("Your name?")}.`,
  },
  on: { user_left: "Bye" },
  schedule: { news: { every: "1h", run: () => "News" } },
});

/** Claims that a test decides on. */
class TestClaims implements Claims {
  readonly account = "account";
  readonly claimed: string[] = [];
  readonly finished: string[] = [];
  decide: (effect: Effect) => Promise<boolean> = () => Promise.resolve(true);

  claim(effect: Effect): Promise<boolean> {
    this.claimed.push(effect.id);
    return this.decide(effect);
  }

  finish({ id }: Effect): void {
    this.finished.push(id);
  }
}

async function setUp({ succeeds = false, now = 0 } = {}) {
  const platform = new FakePlatform();
  platform.set(now);
  const client = new ScriptedClient();
  await client.connect();
  const claims = new TestClaims();
  const settings = { ...completeSettings({ logger: new RecordingLogger() }), claims, succeeds };
  const run = new RunningBot(bot, client, settings, platform);
  const ended = run.run();
  await platform.settled();
  const say = (id: string, content: string) => {
    const user = { id: "user:me@example.com", email: "me@example.com", display_name: "phone" };
    const timestamp = "2026-11-23T10:00:00Z";
    const traits = { own: false, maybeTruncated: false, raw: {} };
    client.emit("message", { id, user, content, timestamp, ...traits });
    return platform.settled();
  };
  return { platform, client, claims, run, ended, say };
}

Deno.test("only the process that has claimed a message answers it", async () => {
  const { client, claims, run, ended, say } = await setUp();
  claims.decide = ({ id }) => Promise.resolve(id === "m2");
  await say("m1", "!ping");
  await say("m2", "!ping");
  assertEquals([claims.claimed, client.sent, claims.finished], [["m1", "m2"], ["pong"], ["m2"]]);
  run.stop("done");
  await ended;
});

Deno.test("a message is claimed when it comes, and runs in its turn", async () => {
  const { platform, client, claims, run, ended, say } = await setUp();
  await say("m1", "!wait");
  await say("m2", "!ping");
  assertEquals([claims.claimed, client.sent], [["m1", "m2"], []]);
  await platform.advance(MINUTE);
  assertEquals([client.sent, claims.finished], [["pong"], ["m1", "m2"]]);
  run.stop("done");
  await ended;
});

Deno.test("what the end interrupts is not finished", async () => {
  const { platform, claims, run, ended, say } = await setUp();
  await say("m1", "!wait");
  await say("m2", "!ping");
  run.stop("done", 0);
  await platform.advance(0);
  await ended;
  await platform.advance(MINUTE);
  assertEquals(claims.finished, []);
});

Deno.test("what is not for the bot is not claimed", async () => {
  const { claims, run, ended, say } = await setUp();
  await say("m1", "good morning");
  assertEquals(claims.claimed, []);
  run.stop("done");
  await ended;
});

Deno.test("an answer to a question is claimed, without waiting for it", async () => {
  const { client, claims, run, ended, say } = await setUp();
  await say("m1", "!name");
  claims.decide = () => new Promise(() => {});
  await say("m2", "Ada");
  assertEquals([client.sent.at(-1), claims.claimed], ["Hello, Ada.", ["m1", "m2"]]);
  run.stop("done");
  await ended;
});

Deno.test("a room event and a tick are claimed by what they are; those of the bot's other processes are ignored", async () => {
  const { platform, client, claims, run, ended } = await setUp({
    now: Date.parse("2026-11-23T10:59:00Z"),
  });
  const leave = (display_name: string) => {
    const user = { id: "user:me@example.com", email: "me@example.com", display_name };
    const timestamp = "2026-11-23T10:00:00Z";
    client.emit("user_left", { user, timestamp, remaining_connections: 2, raw: {} });
    return platform.settled();
  };
  await leave("phone");
  await leave("helper");
  assertEquals([claims.claimed, client.sent], [["user_left 0 phone"], ["Bye"]]);
  await platform.advance(MINUTE);
  const due = Date.parse("2026-11-23T11:00:00Z");
  assertEquals([claims.claimed.at(-1), client.sent.at(-1)], [`tick news ${due}`, "News"]);
  claims.decide = () => Promise.resolve(false);
  await platform.advance(60 * MINUTE);
  assertEquals([claims.claimed.length, client.sent.length], [3, 2]);
  claims.decide = () => Promise.resolve(true);
  await platform.advance(60 * MINUTE);
  assertEquals(client.sent.length, 3, "the schedule goes on after a tick of another process");
  run.stop("done");
  await ended;
});

Deno.test("who takes an account over runs the tick that was due in between, if nobody has", async () => {
  const due = Date.parse("2026-11-23T11:00:00Z");
  for (const late of [0, 5_000, MINUTE - 1]) {
    const now = due + late;
    const successor = await setUp({ succeeds: true, now });
    assertEquals(successor.client.sent, ["News"], `${late} ms after the tick`);
    assertEquals(successor.claims.claimed, [`tick news ${due}`]);
    const first = await setUp({ now });
    assertEquals(first.client.sent, []);
    for (const { run, ended } of [successor, first]) {
      run.stop("done");
      await ended;
    }
  }
});
