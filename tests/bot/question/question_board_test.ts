/**
 * Questions of several bots in one room, and of several clients.
 * @module
 */
import { type Answer, ask, type Bot, defineBot, flow, NoAnswerError } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { AskingRoom } from "./support/asking_room.ts";

/** A bot that is called by its name; its command `ask` asks whether to do something. */
function asker(name: string): Bot {
  return defineBot({
    name,
    prefix: [],
    flows: {
      signup: flow({
        version: 1,
        state: () => ({ name: "" }),
        steps: {
          "name": { ask: "Name?", next: ({ state, answer }) => void (state.name = answer) },
          "age:int": { ask: "Age?" },
        },
        done: ({ state }) => `Welcome, ${state.name}.`,
      }),
    },
    commands: {
      "ask": async ({ ask }) => `${name}: ${await ask("Do it?", { type: "bool" })}`,
      "signup": ({ startFlow }) => startFlow("signup"),
    },
  });
}

Deno.test("two bots that ask one device are told apart by the handles", async () => {
  await using one = await testBot(asker("one"));
  await using two = await one.addBot(asker("two"));
  const phone = one.device("phone");
  assertEquals(await phone.say("@one ask"), ["Do it? (yes|no) [n6a]"]);
  assertEquals(await phone.say("@two ask"), ["Do it? (yes|no) [p6a]"]);
  const how = [
    "Several questions are open. Start your answer with its handle, as in: n6a yes",
    "[n6a] Do it?",
    "[p6a] Do it?",
  ];
  assertEquals(await phone.say("yes"), [], "older questions may be said again");
  assertEquals(await one.advance(5_000), ["Still open: [n6a] Do it?", how.join("\n")]);
  assertEquals([two.answers.length, await phone.say("no")], [1, []], "once a minute");
  assertEquals(await phone.say("p6a no"), ["[p6a] no ✓", "two: false"]);
  assertEquals(await phone.say("yes"), ["one: true"], "one is left");
});

Deno.test("a flow keeps its handle, and leaves answers to other questions alone", async () => {
  await using one = await testBot(asker("one"));
  await using _two = await one.addBot(asker("two"));
  const phone = one.device("phone");
  assertEquals(await phone.say("@one signup"), ["Name? (text) [n6a]"]);
  assertEquals(await phone.say("@two ask"), ["Do it? (yes|no) [p6a]"]);
  await one.advance(1_000);
  assertEquals(await phone.say("p6a yes"), ["[p6a] yes ✓", "two: true"]);
  assertEquals(await phone.say("@two ask"), ["Do it? (yes|no) [p6a]"]);
  await one.advance(1_000);
  assertEquals((await phone.say("Ada"))[0]?.startsWith("Several questions"), true);
  const [confirmed, next] = await phone.say("n6a Ada");
  assertEquals([confirmed, next].toSorted(), ["Age? (whole number) [n6a]", "[n6a] Ada ✓"]);
  one.crash();
  await one.restart();
  assertEquals((await phone.say("n6a 36")).at(-1), "Welcome, Ada.");
});

Deno.test("an open question of a bot is said again after a lost connection", async () => {
  await using room = await testBot(asker("one"));
  const phone = room.device("phone");
  await phone.say("@one ask");
  await room.disconnect();
  await phone.say("yes");
  await room.reconnect();
  assertMatch(
    phone.heard.at(-1) ?? "",
    /^The connection was lost .*\nDo it\? \(yes\|no\) \[n6a\]$/,
  );
  assertEquals(await phone.say("yes"), ["one: true"]);
});

Deno.test("two questions that chose one handle give it up", async () => {
  const systemRandom = Math.random;
  Math.random = () => 0.25;
  try {
    const room = new AskingRoom();
    const [one, two] = [await room.client("agent"), await room.client("agent")];
    const phone = room.device("phone");
    const answers: Answer<string>[] = [];
    const keep = (answer: Answer<string>) => void answers.push(answer);
    ask(one.client, "First?", { clock: room.clock }).then(keep);
    await room.advance(2_000);
    ask(two.client, "Second?", { clock: room.clock }).then(keep);
    await room.clock.settled();
    const [old = ""] = /\w{3}(?=\]$)/.exec(one.said[0] ?? "") ?? [];
    assertEquals(one.said[1], `Withdrawn: [${old}]`, room.transcript);
    await phone.say(`${old} nobody knows which`);
    await room.advance(2_000);
    assertEquals(answers, []);
    for (const [{ said }, text] of [[one, "1"], [two, "2"]] as const) {
      const last = said.findLast((text) => text.endsWith("]") && text.includes("(text)")) ?? "";
      assert(!last.includes(old));
      await phone.say(`${last.slice(-4, -1)} ${text}`);
      await room.clock.settled();
    }
    assertEquals(answers.map(({ text }) => text), ["1", "2"], room.transcript);
  } finally {
    Math.random = systemRandom;
  }
});

Deno.test("a program that asks is not taken for the person who answers a text", async () => {
  const room = new AskingRoom();
  const [one, two] = [await room.client("agent"), await room.client("ci")];
  const phone = room.device("phone");
  const answer = ask(one.client, "Which branch?", { clock: room.clock });
  await room.advance(2_000);
  const other = ask(two.client, "Deploy?", { type: "bool", timeout: "3s", clock: room.clock });
  const late = assertRejects(() => other, NoAnswerError);
  await room.advance(3_000);
  await late;
  await two.client.send("Deploying now");
  await phone.say("!status");
  const helper = room.device("helper");
  await helper.say("All is well.");
  await room.advance(10);
  await phone.say("main");
  await room.clock.settled();
  assertEquals((await answer).text, "main", room.transcript);
});
