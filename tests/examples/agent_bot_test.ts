import { testBot } from "@roomz/roomz/testing";
import { assertEquals, assertMatch } from "@std/assert";
import agent, { agentBot, type Model } from "../../examples/agent_bot.ts";

Deno.test("the agent bot streams an answer in parts, until it is stopped", async () => {
  const model: Model = async function* (question, signal) {
    yield `You ask: ${question}`;
    yield "?\n\nThe first paragraph.\n\nThe sec";
    await new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  };
  await using room = await testBot(agentBot(model));
  const [phone, laptop] = [room.device("phone"), room.device("laptop")];
  assertEquals(await phone.say("!stop"), ["There is nothing to stop."]);
  assertEquals(await phone.say("!ask why"), ["You ask: why?\n\nThe first paragraph."]);
  assertEquals(await laptop.say("!stop"), ["Stopped."]);
  assertEquals(await phone.say("!stop"), ["There is nothing to stop."]);
});

Deno.test("the agent bot splits a long paragraph between sentences", async () => {
  const sentence = `${"word ".repeat(30).trim()}. `;
  const model: Model = async function* () {
    for (let n = 0; n < 7; n++) yield await Promise.resolve(sentence);
  };
  await using room = await testBot(agentBot(model));
  const answers = await room.device("phone").say("!ask why");
  assertEquals(answers.length, 3);
  for (const answer of answers) assertMatch(answer, /^word .*\.$/s);
});

Deno.test("the agent bot reports an error of the model", async () => {
  const model: Model = async function* () {
    yield await Promise.reject(new Error("out of memory"));
  };
  await using room = await testBot(agentBot(model));
  assertEquals(await room.device("phone").say("!ask why"), [
    "I could not answer: Error: out of memory",
  ]);
});

Deno.test("the agent bot asks Ollama, which streams JSON lines", async () => {
  const asked: unknown[] = [];
  await using server = Deno.serve({ port: 0, onListen() {} }, async (request) => {
    asked.push(new URL(request.url).pathname, await request.json());
    return new Response('{"response":"Because"}\n{"response":" it is."}\n{"done":true}\n');
  });
  const before = Deno.env.get("OLLAMA_URL");
  Deno.env.set("OLLAMA_URL", `http://127.0.0.1:${server.addr.port}`);
  try {
    await using room = await testBot(agent);
    const phone = room.device("phone");
    void phone.say("!ask why");
    assertEquals(await phone.hears(1), ["Because it is."]);
  } finally {
    if (before === undefined) Deno.env.delete("OLLAMA_URL");
    else Deno.env.set("OLLAMA_URL", before);
  }
  assertEquals(asked, ["/api/generate", { model: "llama3.2", prompt: "why" }]);
});

Deno.test("the agent bot says how to start Ollama if it is not running", async () => {
  const before = Deno.env.get("OLLAMA_URL");
  Deno.env.set("OLLAMA_URL", "http://127.0.0.1:1");
  try {
    await using room = await testBot(agent);
    const phone = room.device("phone");
    void phone.say("!ask why");
    const [answer = ""] = await phone.hears(1);
    assertMatch(
      answer,
      /Cannot reach Ollama at http:\/\/127\.0\.0\.1:1\. Start it: ollama serve$/,
    );
  } finally {
    if (before === undefined) Deno.env.delete("OLLAMA_URL");
    else Deno.env.set("OLLAMA_URL", before);
  }
});
