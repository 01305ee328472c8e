/**
 * `ask()` on a plain client: which messages answer it.
 * @module
 */
import { ConnectionError } from "@roomz/roomz/client";
import { type Answer, ask, BotDefinitionError, NoAnswerError } from "@roomz/roomz/bot";
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { typed } from "../support/types.ts";
import { AskingRoom } from "./support/asking_room.ts";

/** The handle at the end of a message. */
function handleOf(text: string | undefined): string {
  const [, handle] = /\[(\w{3})\]$/.exec(text ?? "") ?? [];
  assert(handle !== undefined, `no handle in ${text}`);
  return handle;
}

const spellings: readonly (readonly [name: string, spell: (handle: string) => string])[] = [
  ["first", (h) => `${h} yes`],
  ["in brackets", (h) => `[${h}] yes`],
  ["in brackets at the end", (h) => `yes [${h}]`],
  ["after a hash sign", (h) => `#${h} yes`],
  ["last", (h) => `yes ${h}`],
  ["in capitals", (h) => `${h.toUpperCase()} YES`],
  ["with a colon", (h) => `${h}: Yes`],
  ["glued", (h) => `${h}:yes`],
  ["glued to brackets", (h) => `[${h}]yes`],
  ["with a dash", (h) => `${h} – yes`],
  ["full-width", (h) => [...`［${h}］`].map(wide).join("") + "　ｙｅｓ"],
  ["with invisible characters", (h) => `\u200b${h[0]}\u2060${h.slice(1)} yes`],
];

function wide(char: string): string {
  return char < "\x7f" ? String.fromCharCode(char.charCodeAt(0) + 0xfee0) : char;
}

for (const [name, spell] of spellings) {
  Deno.test(`an answer may give the handle ${name}`, async () => {
    const room = new AskingRoom();
    const { client, said } = await room.client("agent");
    const phone = room.device("phone");
    const answer = ask(client, "Deploy?", { type: "yes|no", clock: room.clock });
    await room.advance(1_000);
    assertMatch(said[0] ?? "", /^Deploy\? \(yes\|no\) \[[a-z]\d[a-z]\]$/);
    await phone.say(spell(handleOf(said[0])));
    const { value, device, perhapsMissed, text, handle } = await answer;
    assertEquals([value, device, perhapsMissed], ["yes", "phone", false], room.transcript);
    assertEquals([text.length, handle], [3, handleOf(said[0])]);
  });
}

Deno.test("a single question is answered without its handle, by what fits it", async () => {
  const room = new AskingRoom();
  const { client, said } = await room.client("agent");
  const [phone, helper] = [room.device("phone"), room.device(null)];
  const answer = ask(client, "Deploy?", { type: "bool", clock: room.clock });
  typed<Promise<Answer<boolean>>>()(answer);
  await room.advance(1_000);
  for (const line of ["hello", "!yes", "@agent yes", "[1] yes", "maybe"]) {
    assertEquals([await phone.say(line), line], [[], line]);
  }
  await helper.say("Yes!");
  assertEquals((await answer).value, true);
  assertEquals(said.length, 1, room.transcript);
});

Deno.test("an answer in the first second is held back, and taken then", async () => {
  const room = new AskingRoom();
  const { client } = await room.client("agent");
  const phone = room.device("phone");
  const answer = ask(client, "Which branch?", {
    choices: ["main", "release 1"],
    clock: room.clock,
  });
  typed<Promise<Answer<"main" | "release 1">>>()(answer);
  await room.clock.settled();
  await phone.say("RELEASE 1");
  let value: string | undefined;
  answer.then((one) => value = one.value);
  await room.advance(999);
  assertEquals(value, undefined);
  await room.advance(1);
  assertEquals(value, "release 1");
});

Deno.test("of two open questions neither takes a plain answer; one asker says how", async () => {
  const room = new AskingRoom();
  const [one, two] = [await room.client("one"), await room.client("two")];
  const phone = room.device("phone");
  const first = ask(one.client, "First?", { type: "bool", clock: room.clock });
  await room.advance(2_000);
  const second = ask(two.client, "Second?", { type: "bool", clock: room.clock });
  await room.clock.settled();
  await phone.say("yes");
  await room.advance(2_000);
  assertEquals(one.said.at(-1), `Still open: [${handleOf(one.said[0])}] First?`, room.transcript);
  const told = phone.heard.filter((text) => text.startsWith("Several questions are open."));
  assertEquals(told.length, 1, room.transcript);
  await phone.say("no");
  await room.advance(10_000);
  assertEquals(phone.heard.filter((text) => text.startsWith("Several")).length, 1);
  await phone.say(`${handleOf(two.said[0])} no`);
  await room.advance(0);
  assertEquals((await second).value, false);
  assertEquals(two.said.at(-1), `[${handleOf(two.said[0])}] no ✓`, room.transcript);
  await phone.say("yes");
  assertEquals((await first).value, true, room.transcript);
});

Deno.test("a question that ends without an answer is withdrawn in the room", async () => {
  const room = new AskingRoom();
  const { client, said } = await room.client("agent");
  const phone = room.device("phone");
  const late = ask(client, "Deploy?", { type: "bool", timeout: "1m", clock: room.clock });
  const missing = assertRejects(() => late, NoAnswerError);
  await room.advance(60_000);
  assertEquals((await missing).reason, "timeout");
  assertEquals(said[1], `Withdrawn: [${handleOf(said[0])}]`);

  const stop = new AbortController();
  const aborted = assertRejects(
    () => ask(client, "Deploy?", { type: "bool", signal: stop.signal, clock: room.clock }),
    RangeError,
  );
  await room.advance(10);
  stop.abort(new RangeError("enough"));
  await room.advance(10);
  await aborted;
  assertEquals(said[3], `Withdrawn: [${handleOf(said[2])}]`);

  const cancelled = assertRejects(
    () => ask(client, "Deploy?", { type: "bool", clock: room.clock }),
    NoAnswerError,
  );
  await room.advance(1_000);
  await phone.say("Cancel");
  assertEquals((await cancelled).reason, "cancelled");
});

Deno.test("a question survives a lost connection, and says that an answer may be missing", async () => {
  const room = new AskingRoom();
  const asker = await room.client("agent");
  const phone = room.device("phone");
  const answer = ask(asker.client, "Deploy?", { type: "bool", clock: room.clock });
  await room.advance(2_000);
  asker.connection.disconnect();
  await phone.say("yes");
  await room.advance(100);
  await room.reconnect(asker);
  const handle = handleOf(asker.said[0]);
  assertEquals(
    asker.said[1],
    "The connection was lost for a while: an answer given meanwhile may have been missed.\n" +
      `Deploy? (yes|no) [${handle}]`,
    room.transcript,
  );
  await room.advance(1_000);
  await phone.say("no");
  const { value, perhapsMissed } = await answer;
  assertEquals([value, perhapsMissed], [false, true], room.transcript);
});

Deno.test("a question that ends without a connection is withdrawn when it is back", async () => {
  const room = new AskingRoom();
  const asker = await room.client("agent");
  const { client, connection, said } = asker;
  const late = assertRejects(
    () => ask(client, "Deploy?", { type: "bool", timeout: "5s", clock: room.clock }),
    NoAnswerError,
  );
  await room.advance(2_000);
  connection.disconnect();
  await room.advance(4_000);
  assertEquals((await late).reason, "timeout");
  assertEquals(said.length, 1);
  await room.reconnect(asker);
  assertEquals(said[1], `Withdrawn: [${handleOf(said[0])}]`, room.transcript);
  const gone = assertRejects(() => ask(client, "Deploy?", { clock: room.clock }), ConnectionError);
  await room.clock.settled();
  await client.disconnect();
  assertMatch((await gone).message, /^No answer: Disconnected/);
});

const wrong: readonly (readonly [question: string, options: object, problem: string])[] = [
  ["  ", {}, "The question is empty."],
  ["a\u001b[31mb", {}, "control character U+001B"],
  ["x".repeat(1_000), {}, "The question is too long"],
  ["x", { choices: ["yes", "ＹＥＳ"] }, 'The choices "yes" and "ＹＥＳ" differ only in case'],
  ["x", { type: "a|A" }, "differ only in case"],
  ["x", { choices: ["yes", " "] }, "A choice is empty."],
  ["x", { choices: [] }, "at least two choices"],
  ["x", { choices: ["a|b", "c"] }, "contains a bar"],
  ["x", { choices: ["a", "b"], type: "int" }, "either `type` or `choices`"],
  ["x", { type: "itn" }, 'Did you mean "int"?'],
  ["x", { timeout: 0 }, "more than 0"],
  ["x", { timeout: "soon" }, "A duration must be"],
  ["x", { from: " " }, "Name the device"],
];
Deno.test("wrong questions and options are errors, and nothing is said", async () => {
  const room = new AskingRoom();
  const { client, said } = await room.client("agent");
  for (const [question, options, problem] of wrong) {
    const error = await assertRejects(() => ask(client, question, options), BotDefinitionError);
    assertStringIncludes(error.message, problem);
  }
  assertEquals(said, []);
});

Deno.test("who joins later is told which question is open, once in 30 seconds", async () => {
  const room = new AskingRoom();
  const { client, said } = await room.client("agent");
  const answer = ask(client, "Deploy?", { type: "yes|no", clock: room.clock });
  await room.advance(60_000);
  assertEquals(said.length, 1);
  await room.client("phone");
  await room.advance(1_000);
  const again = `Still open: [${handleOf(said[0])}] Deploy?`;
  assertEquals(said.slice(1), [again], room.transcript);
  for (const name of ["tablet", "laptop", "script"]) await room.client(name);
  await room.advance(28_000);
  assertEquals(said.slice(1), [again], "not yet");
  await room.advance(2_000);
  assertEquals(said.slice(1), [again, again], "once for the three of them");
  await room.advance(60_000);
  assertEquals(said.length, 3);
  await room.device("late").say("yes");
  assertEquals((await answer).value, "yes", room.transcript);
  const { length } = said;
  await room.client("later still");
  await room.advance(60_000);
  assertEquals(said.length, length, "the question is closed");
});
